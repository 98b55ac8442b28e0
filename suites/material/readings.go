package material

import (
	"net/url"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/judge"
)

// reading is what readingsOf tells of a value.
type reading struct {
	texts    []string
	anything bool
}

// readingsOf are all the ways in which a filter's value, escaped as it is sent, can be read: whole or split at its commas,
// up to a NUL, with or without white space around it and bytes that are no text, unescaped or as it stands. anything
// holds where one of them is empty, which every name contains, or which is as no filter at all.
func readingsOf(escaped string) (readings []string, anything bool) {
	plain := []string{escaped, strings.ReplaceAll(escaped, "+", " ")}
	if text, err := url.QueryUnescape(escaped); err == nil {
		plain = []string{text}
	}
	if text, err := url.PathUnescape(escaped); err == nil {
		plain = append(plain, text) // with the plus as it stands
	}
	var whole []string
	for _, text := range plain {
		cut, _, _ := strings.Cut(text, "\x00")
		for _, text := range []string{text, cut, strings.ReplaceAll(text, "\x00", "")} {
			whole = append(whole, text, strings.ToValidUTF8(text, ""), strings.ToValidUTF8(text, "\uFFFD"), strings.ReplaceAll(text, `\`, ""))
		}
	}
	for _, text := range unequal(whole) { // as a rule they are all the same
		readings = append(append(readings, text, strings.TrimSpace(text)), strings.Split(text, ",")...)
		readings = append(readings, splitAtBareCommas(text)...)
	}
	slices.Sort(readings)
	readings = slices.Compact(readings)
	return readings, slices.Contains(readings, "")
}

// splitAtBareCommas splits a value as documented: a backslash escapes a comma, and a backslash before one.
func splitAtBareCommas(value string) []string {
	var values []string
	var current strings.Builder
	for i := 0; i < len(value); i++ {
		rest := value[i:]
		switch {
		case strings.HasPrefix(rest, `\\,`):
			current.WriteByte('\\')
			i++
		case strings.HasPrefix(rest, `\,`):
			current.WriteByte(',')
			i++
		case rest[0] == ',':
			values = append(values, current.String())
			current.Reset()
		default:
			current.WriteByte(rest[0])
		}
	}
	return append(values, current.String())
}

// AnyReading reports whether a drive could be meant by a filter with the value, escaped as it is sent, however the value
// is read.
func AnyReading(lib *judge.Library, filter, value string) func(judge.Drive) bool {
	read := judge.Once(lib.Evaluator, "readings of "+value, func() reading {
		texts, anything := readingsOf(value)
		return reading{texts, anything}
	})
	return func(drive judge.Drive) bool { return read.anything || (Term{filter, read.texts}).couldMatch(drive) }
}
