package account

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/libdrives/conformance/suites/evidence"
)

// bearsRun reports whether a name has a run's id in it, as a whole word: it is a name that the run gave, perhaps with
// something added or cut. An id that is not as long as those of NewRunID could be a word of somebody's own, and proves
// something only where it stands in a name as a whole.
func bearsRun(name, run string) bool {
	name = strings.ToLower(name)
	if len(run) < runIDLength {
		return run != "" && strings.HasPrefix(name, runPrefix(run))
	}
	return hasWord(name, run)
}

// hasWord reports whether a word stands in a text between things that are neither letters nor digits.
func hasWord(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		begin, end := from+at, from+at+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if (begin == 0 || !isWordRune(before)) && (end == len(text) || !isWordRune(after)) {
			return true
		}
		from = begin + 1
	}
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// bearsAnother reports whether a name is one that another run than this gave.
func bearsAnother(name, run string) bool {
	name = strings.ToLower(name)
	_, rest, found := strings.Cut(name, evidence.NamePrefix)
	return found && rest != "" && isWordRune(rune(rest[0])) && !bearsRun(name, run)
}

// Bears reports whether a resource's name has the one that we gave in it. A further digit would make it another one of
// ours.
func Bears(name, given string) bool {
	_, after, found := strings.Cut(name, given)
	return found && given != "" && (after == "" || after[0] < '0' || after[0] > '9')
}

// givenName is the form of the names that runs give: the prefix, the run's id, a number; an endpoint, or an edit of the
// run, may have added something.
var givenName = regexp.MustCompile(`^` + regexp.QuoteMeta(evidence.NamePrefix) + `([a-z2-7]{10})-[0-9]+(?:[^\pL\pN].*)?$`)

// givenBy is the id of the run that gave a name; empty where it is none that a run gives.
func givenBy(name string) string {
	if match := givenName.FindStringSubmatch(strings.ReplaceAll(name, "\n", " ")); match != nil {
		return match[1]
	}
	return ""
}

// ParsePrefix reads what begins the names of runs: evidence.NamePrefix, for those of all runs, or evidence.NamePrefix with the id of one,
// which is returned. It reports false for anything else.
func ParsePrefix(prefix string) (run string, ok bool) {
	rest, ok := strings.CutPrefix(prefix, evidence.NamePrefix)
	if !ok || rest == "" {
		return "", ok
	}
	rest = strings.TrimSuffix(rest, "-")
	if givenBy(runPrefix(rest)+"1") == "" {
		return "", false
	}
	return rest, true
}
