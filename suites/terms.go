package suites

import (
	"fmt"
	"slices"
	"strings"
)

// term is a filter with its values, any of which matches.
type term struct {
	filter string
	values []string
}

// where is a term.
func where(filter string, values ...string) term { return term{filter, values} }

// query writes the term as it is sent: commas and the backslashes before them escaped, the values split by commas.
func (t term) query() string {
	escaped := make([]string, len(t.values))
	for i, value := range t.values {
		escaped[i] = escapeValue(value)
	}
	return filterQuery(t.filter, strings.Join(escaped, ","))
}

// String names the term as a person would: arch "64", os "linux" or "windows".
func (t term) String() string {
	quoted := make([]string, len(t.values))
	for i, value := range t.values {
		quoted[i] = fmt.Sprintf("%q", value)
	}
	return t.filter + " " + strings.Join(quoted, " or ")
}

// matches reports whether the drive is to be returned. A list field matches when one of its entries does; null matches
// no value.
func (t term) matches(drive Drive) bool {
	if field, contains := strings.CutSuffix(t.filter, "__icontains"); contains {
		text := drive.look().lowered(field)
		return slices.ContainsFunc(t.values, func(value string) bool { return strings.Contains(text, strings.ToLower(value)) })
	}
	return slices.ContainsFunc(drive.look().strings(t.filter), func(text string) bool { return slices.Contains(t.values, text) })
}

// matching are the drives that match every term.
func matching(drives []Drive, terms ...term) []Drive {
	var found []Drive
	for _, drive := range drives {
		all := true
		for _, t := range terms {
			all = all && t.matches(drive)
		}
		if all {
			found = append(found, drive)
		}
	}
	return found
}

// couldMatch is matches for a value of which it is left open how an endpoint compares it: whatever its case.
func (t term) couldMatch(drive Drive) bool {
	if t.matches(drive) {
		return true
	}
	field, contains := strings.CutSuffix(t.filter, "__icontains")
	for _, text := range drive.look().strings(field) {
		for _, value := range t.values {
			if strings.EqualFold(text, value) || contains && strings.Contains(strings.ToUpper(text), strings.ToUpper(value)) {
				return true
			}
		}
	}
	return false
}
