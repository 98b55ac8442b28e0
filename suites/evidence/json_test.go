package evidence_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
)

func TestCheckJSONSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"a": [1, 2.5e3, true, null, "ä\u00e4"]}`, ""},
		{" [] \n", ""},
		{`"text"`, ""},
		{``, "the body is empty"},
		{" \n", "the body is empty"},
		{`{"a": 1, "b": {"a": 1, "a": 2}}`, `at byte 23: the key "a" is given twice`},
		{`{"a": 1} {"b": 2}`, "at byte 8: more text follows the value"},
		{`{"a": 1}x`, "at byte 8: more text follows the value"},
		{`{"a": `, "at byte 6: the text ends before the value does"},
		{`{"a": 1`, "at byte 7: the text ends before the value does"},
		{`{"a": 01}`, "at byte 7: "},
		{`{'a': 1}`, "at byte 1: "},
		{`{"a": NaN}`, "at byte 6: "},
		{`[1,]`, "at byte 2: "},
		{"\"\xff\"", "at byte 1: "},
		{`"\ud800"`, "at byte 1: "},
		{"\xef\xbb\xbf{}", "at byte 0: "},
		{strings.Repeat("[", 200) + strings.Repeat("]", 200), ""},
		{strings.Repeat("[", 201) + strings.Repeat("]", 201), "at byte 201: it nests deeper than 200 levels"},
	} {
		err := evidence.CheckJSON([]byte(c.body), 200)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%.60q is refused, but is sound: %v", c.body, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%.60q: the error is %v, want one that begins with %q", c.body, err, c.want)
		}
	}
}

func TestCheckSyntaxForgivesWhatReadersForgive(t *testing.T) {
	for body, sound := range map[string]bool{
		`{"a": 1, "a": 2}`: true, "\"\xff\"": true, `{"a": 1} x`: false, `{"a"`: false, "[[[[]]]]": false,
	} {
		if err := evidence.CheckSyntax([]byte(body), 3); (err == nil) != sound {
			t.Errorf("%q is taken for sound: %v, want %v (%v)", body, err == nil, sound, err)
		}
	}
}

func TestTenMillionBracketsAreRefusedWithoutHarm(t *testing.T) {
	for _, unit := range []string{"[", `{"a":`} {
		if err := evidence.CheckJSON([]byte(strings.Repeat(unit, 10_000_000/len(unit))), 200); err == nil {
			t.Errorf("%q over and over is taken for sound JSON", unit)
		}
	}
}
