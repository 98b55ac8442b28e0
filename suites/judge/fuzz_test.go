package judge

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
)

// FuzzErrorBody judges a refusal by its body. One that passes for errors as documented is so for Go's own reader too.
func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		`[{"error_type": "notexist", "error_message": "", "error_point": null}]`, `[{"error_type": "notexist"}]`, `[]`, `{}`, `[1]`, `"x"`, `null`, ``, `[{"error_type": 1}]`,
		`[{"error_type": "validation", "error_type": "x", "error_message": "m", "error_point": "p"}]`, "[{\"error_type\": \"\xff\", \"error_message\": \"\", \"error_point\": 1}]", `[[{"error_type": "validation"}]]`, `<error/>`, "\ufeff0 ",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lib := &Library{Evaluator: &Evaluator{Parsed: NewParsed()}}
		answer := Answer{lib: lib, Exchange: &evidence.Exchange{
			Request:  evidence.Request{Method: "GET", URL: "https://host/api/2.0/libdrives/x/"},
			Response: &evidence.Response{Status: 404, Header: http.Header{"Content-Type": {"application/json"}}, Body: evidence.BodyOf(body)},
		}}
		readable := evidence.WithoutMark(body) // that there is a mark is for FORMAT-09 to say
		says := lib.SaysErrors(answer)
		if says && !json.Valid(readable) {
			t.Errorf("%q is taken for errors in JSON", body)
		}
		documented, err := HaveErrorsAsDocumented().Match(answer)
		if err != nil {
			t.Errorf("%q can't be judged: %v", body, err)
		}
		ofType, _ := HaveErrorType("notexist").Match(answer)
		known, _ := HaveDocumentedErrorTypes().Match(answer)
		if ofType && !known {
			t.Errorf("%q is of the type notexist, and its types are not documented", body)
		}
		if !documented {
			return
		}
		var list []map[string]any
		if err := json.Unmarshal(readable, &list); err != nil || len(list) == 0 {
			t.Fatalf("%q passes for errors as documented: %v", body, err)
		}
		for _, entry := range list {
			for _, name := range []string{"error_type", "error_message", "error_point"} {
				if _, there := entry[name]; !there {
					t.Errorf("%q passes for errors as documented, without %s", body, name)
				}
			}
		}
	})
}
