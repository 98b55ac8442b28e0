package run

import (
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
)

// Ginkgo does not say which specs it selects, so that it is worked out here from the same flags: what is not selected
// is not asked for. What can not be known here are the description and the labels that RunSpecs was given. They are
// guessed from the one spec that is known to be selected, the first.

// specText is what a spec is selected by.
type specText struct {
	text   string   // of the spec and the containers around it
	labels []string // likewise
}

// here is the place of a spec in the container that is under construction.
func here(text string, labels []string) specText {
	around := ginkgo.CurrentTreeConstructionNodeReport()
	texts := slices.DeleteFunc(append(slices.Clone(around.ContainerHierarchyTexts), text), func(text string) bool { return text == "" })
	for _, more := range around.ContainerHierarchyLabels {
		labels = append(labels, more...)
	}
	return specText{strings.Join(texts, " "), labels}
}

// selected says which requirements Ginkgo selects, given the text of the first spec that it runs.
func (d *description) selected(suite types.SuiteConfig, first string) func(id string) bool {
	id, _, _ := strings.Cut(first, ":")
	for _, of := range [][]string{nil, d.foreign(suite.LabelFilter)} {
		selects := selection(suite, of)
		if selects(d.texts[id]) {
			return func(id string) bool { return selects(d.texts[id]) }
		}
	}
	return func(string) bool { return true } // it is selected by what is not known here: more is asked for rather than less
}

// foreign are the labels in a filter that no spec of the container has: some may be the suite's.
func (d *description) foreign(filter string) []string {
	var found []string
	for label := range strings.FieldsFuncSeq(filter, func(r rune) bool { return strings.ContainsRune("()&|!,", r) }) {
		label = strings.TrimSpace(label)
		isOurs := false
		for _, specText := range d.texts {
			isOurs = isOurs || slices.ContainsFunc(specText.labels, func(l string) bool { return strings.EqualFold(l, label) })
		}
		if label != "" && !strings.ContainsAny(label, "/:") && !isOurs {
			found = append(found, label)
		}
	}
	return found
}

// selection says which specs the flags of Ginkgo select, where the suite has the labels.
func selection(suite types.SuiteConfig, labels []string) func(specText) bool {
	var checks []func(specText) bool
	if suite.LabelFilter != "" {
		if lets, err := types.ParseLabelFilter(suite.LabelFilter); err == nil {
			checks = append(checks, func(p specText) bool { return lets(slices.Concat(labels, p.labels)) })
		}
	}
	if focus, err := regexp.Compile(strings.Join(suite.FocusStrings, "|")); err == nil && len(suite.FocusStrings) > 0 {
		checks = append(checks, func(p specText) bool { return focus.MatchString(p.text) })
	}
	if skip, err := regexp.Compile(strings.Join(suite.SkipStrings, "|")); err == nil && len(suite.SkipStrings) > 0 {
		checks = append(checks, func(p specText) bool { return !skip.MatchString(p.text) })
	}
	return func(p specText) bool {
		return !slices.ContainsFunc(checks, func(holds func(specText) bool) bool { return !holds(p) })
	}
}
