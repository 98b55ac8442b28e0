package schema

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/xeipuuv/gojsonschema"
)

// segment is one step into a value: a key of an object, or an index of an array.
type segment struct {
	key   string
	index int // -1 for a key
}

// separator can't be in a key, because decoding JSON leaves no invalid UTF-8. The dot that gojsonschema joins with can.
const separator = "\xff"

// path reads where a violation is. gojsonschema writes key 1 and index 1 alike; the value itself tells them apart.
func path(value any, context *gojsonschema.JsonContext) ([]segment, any) {
	steps := strings.Split(context.String(separator), separator)[1:] // the first is the root
	segments := make([]segment, 0, len(steps)+1)
	for _, step := range steps {
		switch container := value.(type) {
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index < 0 || index >= len(container) {
				return segments, value
			}
			segments = append(segments, segment{index: index})
			value = container[index]
		case map[string]any:
			segments = append(segments, segment{key: step, index: -1})
			value = container[step]
		default:
			return segments, value
		}
	}
	return segments, value
}

// compareSegments orders paths as a reader counts: entry 2 before entry 10, a container before what is in it.
func compareSegments(a, b segment) int {
	return cmp.Or(cmp.Compare(a.index, b.index), cmp.Compare(a.key, b.key))
}

// plainKey is a key that reads well after a dot. All documented fields are plain; keys in meta can be anything.
var plainKey = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// field writes a path as users read it: licenses[1].amount, meta["a key"]. The root is "".
func field(path []segment) string {
	var text strings.Builder
	for _, step := range path {
		switch {
		case step.index >= 0:
			text.WriteString("[" + strconv.Itoa(step.index) + "]")
		case !plainKey.MatchString(step.key):
			text.WriteString("[" + strconv.Quote(step.key) + "]")
		default:
			if text.Len() > 0 {
				text.WriteString(".")
			}
			text.WriteString(step.key)
		}
	}
	return text.String()
}
