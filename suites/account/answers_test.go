package account

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestFieldsAreReadAsEncodingJSONReadsThem(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, ` { "a" : 1 , "b":[1, 2 ], "c": {"d": null} } `, `null`, `[]`, `1`, `"x"`, ``, `{"a":1}x`, `{"a":1,}`, `{"a":1`, `{"a" 1}`, `{"a":}`,
		`{1:2}`, `{"a":1,"a":2}`, "{\"a\xff\":1, \"b\":\"\xff\"}", `{"\u0061":null, "é": "\ud800"}`, "{\"a\n\":1}", `{"a":01}`, `{"a":"\x"}`,
	} {
		fields, ok := FieldsOf([]byte(text))
		var want map[string]json.RawMessage
		wantOK := json.Unmarshal([]byte(text), &want) == nil && want != nil
		if ok != wantOK || ok && !reflect.DeepEqual(fields, want) {
			t.Errorf("%q is read as %q (an object: %v), which encoding/json reads as %q (%v)", text, fields, ok, want, wantOK)
		}
	}
	if fields, ok := FieldsOf([]byte("\ufeff{\"a\":1}")); !ok || string(fields["a"]) != "1" {
		t.Errorf("behind a byte order mark, which encoding/json refuses, an object is read as %q (an object: %v)", fields, ok)
	}
}

func TestTextsAndNumbersAreReadAsEncodingJSONReadsThem(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		`"plain"`, `""`, `"\u00e4 \" \/ \\ \n"`, "\"ä \xff\"", `"\ud83d\ude00"`, `"\ud83d"`, `"\ud83d\u0041"`, "\"\xed\xa0\x80\"",
		`1`, `-0`, `0`, `9223372036854775807`, `9223372036854775808`, `1.0`, `1e3`, `null`, `true`, `[]`, `{}`, `"1"`, ``,
	} {
		var text string
		if json.Unmarshal([]byte(value), &text) != nil {
			text = ""
		}
		if got := TextOf([]byte(value)); got != text {
			t.Errorf("the text of %q is read as %q, which encoding/json reads as %q", value, got, text)
		}
		var n int64
		var f float64
		if json.Unmarshal([]byte(value), &n) != nil {
			n = 0
			if json.Unmarshal([]byte(value), &f) == nil && f == float64(int64(f)) && f > -1<<53 && f < 1<<53 {
				n = int64(f)
			}
		}
		if got := WholeOf([]byte(value)); got != n {
			t.Errorf("the number %q is read as %d, which encoding/json reads as %d", value, got, n)
		}
	}
}
