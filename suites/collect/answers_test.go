package collect

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestFieldsAreReadAsEncodingJSONReadsThem(t *testing.T) {
	for _, text := range []string{
		`{}`, ` { "a" : 1 , "b":[1, 2 ], "c": {"d": null} } `, `null`, `[]`, `1`, `"x"`, ``, `{"a":1}x`, `{"a":1,}`, `{"a":1`, `{"a" 1}`, `{"a":}`,
		`{1:2}`, `{"a":1,"a":2}`, "{\"a\xff\":1, \"b\":\"\xff\"}", `{"\u0061":null, "é": "\ud800"}`, "{\"a\n\":1}", `{"a":01}`, `{"a":"\x"}`, "\ufeff{}",
	} {
		fields, ok := fieldsOf([]byte(text))
		var want map[string]json.RawMessage
		wantOK := json.Unmarshal([]byte(text), &want) == nil && want != nil
		if ok != wantOK || ok && !reflect.DeepEqual(fields, want) {
			t.Errorf("%q is read as %q (an object: %v), which encoding/json reads as %q (%v)", text, fields, ok, want, wantOK)
		}
	}
}
