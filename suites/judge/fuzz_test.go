package judge

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
)

// FuzzChallenge reads a WWW-Authenticate header, whatever stands in it. A challenge that is read is read as the same from
// what it was written as again.
func FuzzChallenge(f *testing.F) {
	for _, seed := range []string{
		`Digest realm="users", nonce="a,b", algorithm="MD5", opaque="x", qop="auth"`, `Basic realm="users", Digest realm="u\"s", nonce=abc, qop="auth-int, auth"`,
		`digest nonce="n",realm="r",qop=auth, Basic realm="other"`, `Basic realm="Digest"`, `Digest`, `Digest =`, `Digest a="`, `Digest a="\`, `,,=,"`, "Digest a=\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		for _, read := range readChallenges(header, "Digest") {
			var written strings.Builder
			written.WriteString("Digest first=1")
			for name, value := range read {
				if name != strings.ToLower(name) {
					t.Errorf("the parameter %q of %q is not in lower case", name, header)
				}
				if strings.ContainsAny(name, "\" \t\r\n\v\f,\\\u0085\u00a0") || name == "" || strings.TrimSpace(name) != name || len(strings.Fields(name)) != 1 {
					return // nobody's parameter, and nothing looks for it
				}
				written.WriteString(", " + name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`)
			}
			again := readChallenges(written.String(), "Digest")
			if len(again) != 1 {
				t.Fatalf("%q, read from %q, is read as %d challenges", written.String(), header, len(again))
			}
			for name, value := range read {
				if name != "first" && again[0][name] != value {
					t.Errorf("%s of %q is read as %q and then as %q", name, header, value, again[0][name])
				}
			}
		}
	})
}

// FuzzErrorBody judges a refusal by its body. One that passes for errors as documented is so for Go's own reader too.
func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		`[{"error_type": "notexist", "error_message": "", "error_point": null}]`, `[{"error_type": "notexist"}]`, `[]`, `{}`, `[1]`, `"x"`, `null`, ``, `[{"error_type": 1}]`,
		`[{"error_type": "validation", "error_type": "x", "error_message": "m", "error_point": "p"}]`, "[{\"error_type\": \"\xff\", \"error_message\": \"\", \"error_point\": 1}]", `[[{"error_type": "validation"}]]`, `<error/>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lib := &Library{Evaluator: &Evaluator{Parsed: NewParsed()}}
		answer := Answer{lib: lib, Exchange: &evidence.Exchange{
			Request:  evidence.Request{Method: "GET", URL: "https://host/api/2.0/libdrives/x/"},
			Response: &evidence.Response{Status: 404, Header: http.Header{"Content-Type": {"application/json"}}, Body: body},
		}}
		says := lib.SaysErrors(answer)
		if says && !json.Valid(body) {
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
		if err := json.Unmarshal(body, &list); err != nil || len(list) == 0 {
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
