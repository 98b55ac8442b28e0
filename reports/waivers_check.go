package reports

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// CheckWaivers finds what is wrong with waivers that were not read from a file, all at once.
func CheckWaivers(waivers []Waiver, catalogue *requirement.Catalogue) error {
	var errs []error
	for i, w := range waivers {
		for _, m := range w.Mistakes(catalogue, waivers[:i]) {
			errs = append(errs, fmt.Errorf("waiver %d of the list: %s", i+1, m.Text))
		}
	}
	return errors.Join(errs...)
}

// Mistake is what is wrong with a waiver: about which of its keys, in which line where that is not the key's own.
type Mistake struct {
	Key, Text string
	Line      int
}

// Mistakes are those of a waiver that follows others.
func (w Waiver) Mistakes(catalogue *requirement.Catalogue, before []Waiver) []Mistake {
	var found []Mistake
	note := func(key, format string, args ...any) {
		found = append(found, Mistake{Key: key, Text: fmt.Sprintf(format, args...)})
	}
	w = w.Tidied()
	if w.Requirement == "" {
		note("requirement", "the waiver names no requirement: give its id, such as OWNER-02")
	} else if _, err := catalogue.Lookup(w.Requirement); err != nil {
		note("requirement", "%v", err)
	}
	if w.Reason == "" {
		note("reason", "the waiver of %s has no reason: say why the failure is put up with", show.Visible(w.Requirement))
	}
	if w.Until == "" {
		note("until", "the waiver of %s has no until: give the last day on which the failure is put up with, such as 2027-01-31", show.Visible(w.Requirement))
	} else if _, err := time.Parse(time.DateOnly, w.Until); err != nil {
		note("until", "until is %q: give the last day on which the failure is put up with, such as 2027-01-31", w.Until)
	}
	twice := slices.IndexFunc(before, func(other Waiver) bool {
		other = other.Tidied()
		return other.Requirement == w.Requirement && other.Match == w.Match
	})
	if w.Requirement != "" && twice >= 0 {
		first := fmt.Sprintf("number %d", twice+1)
		if line := before[twice].Line; line > 0 {
			first = fmt.Sprintf("in line %d", line)
		}
		note("requirement", "%s is waived twice, the first is %s: leave one out, or tell them apart with match", show.Visible(w.Requirement), first)
	}
	return found
}

// Tidied is a waiver as it is compared: the id as in the catalogue, every text in one line.
func (w Waiver) Tidied() Waiver {
	w.Requirement = strings.ToUpper(strings.TrimSpace(w.Requirement))
	w.Reason, w.Until, w.Match = show.OneLine(w.Reason), strings.TrimSpace(w.Until), show.OneLine(w.Match)
	return w
}
