package account

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/libdrives/conformance/suites/evidence"
)

// longestID is more than any id that is meant as one, and less than what a request line may hold.
const longestID = 512

// isID reports whether a text can name one resource in a path. An endpoint may give any text as an id, well formed or
// not; but an empty one would turn the deletion of one drive into that of a list, and what a server on the way could
// take for several segments, or for the folder above, could reach another resource.
func isID(text string) bool {
	if text == "" || len(text) > longestID || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return false
	}
	const mostDecodings = 3 // some servers decode what is decoded already
	for range mostDecodings {
		for segment := range strings.FieldsFuncSeq("/"+text+"/", func(r rune) bool { return r == '/' || r == '\\' }) {
			if plain, _, _ := strings.Cut(segment, ";"); plain == "" || plain == "." || plain == ".." {
				return false
			}
		}
		if strings.HasPrefix(text, "/") || strings.HasSuffix(text, "/") || strings.Contains(text, "//") {
			return false
		}
		decoded, err := url.PathUnescape(text)
		if err != nil || decoded == text {
			return true
		}
		text = decoded
		if strings.ContainsFunc(text, unicode.IsControl) {
			return false
		}
	}
	return true
}

// SameID compares ids as the API does, whose uuids are written in either case.
func SameID(a, b string) bool { return a != "" && strings.EqualFold(a, b) }

// spelling is what two ways to write one uuid have in common: with hyphens or without, in braces, in capitals, escaped. An
// endpoint that takes them for the same could name what is somebody else's in a way of its own.
func spelling(id string) string {
	common := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, plainID(id))
	if common == "" {
		return strings.ToLower(id)
	}
	return common
}

// ResourcePath is the path of one resource in a collection such as "drives". The id is one segment, whatever is in it.
func ResourcePath(collection, id string) string { return collection + "/" + url.PathEscape(id) + "/" }

// isPlainPath lets no path through that a server might understand otherwise than the guards do: each segment is an id, or
// a word of the API, in the one way in which it is escaped.
func isPlainPath(path string) bool {
	for segment := range strings.SplitSeq(strings.TrimSuffix(path, "/"), "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil || !isID(plain) || url.PathEscape(plain) != segment {
			return false
		}
	}
	return true
}

const impure = "its path has something else in it than plain segments, and could be understood in two ways"

// splitPath takes a path of the drives or servers API apart: "drives/ID/action/" is Drive, ID and "action". The id is
// the plain one.
func splitPath(path string) (kind, id, rest string) {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	switch segments[0] {
	case "drives":
		kind = Drive
	case "servers":
		kind = Server
	default:
		return "", "", ""
	}
	if len(segments) > 1 {
		id = plainID(segments[1])
	}
	if len(segments) > 2 {
		rest = strings.Join(segments[2:], "/")
	}
	return kind, id, rest
}

// libraryID is the id in a path below libdrives, and empty where the path is that of a list.
func libraryID(path string) string {
	rest, below := strings.CutPrefix(path, "libdrives/")
	segment, _, _ := strings.Cut(rest, "/")
	if !below || segment == "detail" || segment == "schema" {
		return ""
	}
	return plainID(segment)
}

// plainID is what a segment of a path stands for.
func plainID(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}

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
