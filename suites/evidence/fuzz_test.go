package evidence_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/libdrives/conformance/suites/evidence"
)

// FuzzJSONWalk holds the walk over a body against Go's own reader, which knows no bound of depth below ten thousand.
func FuzzJSONWalk(f *testing.F) {
	for _, seed := range []string{
		`{"meta": {"total_count": 1}, "objects": [{"uuid": "a", "owner": null, "size": 1e9}]}`, `{"a": 1, "a": 2}`, `"\ud800"`, "\"\xff\"", `[1] 2`,
		strings.Repeat("[", 70) + strings.Repeat("]", 70), strings.Repeat(`{"a":`, 63) + "1" + strings.Repeat("}", 63), "", " ", `{"a":`, "\ufeff{}", "nul", "-0", "01",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		const deepest = 64
		lenient, strict := evidence.CheckSyntax(body, deepest), evidence.CheckJSON(body, deepest)
		if strict == nil && lenient != nil {
			t.Errorf("%q is strictly JSON, and its syntax is called wrong: %v", body, lenient)
		}
		valid := json.Valid(evidence.WithoutMark(body))
		if lenient == nil && !valid {
			t.Errorf("the syntax of %q is called right, and it is not JSON", body)
		}
		if lenient != nil && valid && !strings.Contains(lenient.Error(), "nests deeper") {
			t.Errorf("%q is JSON, and its syntax is called wrong: %v", body, lenient)
		}
		if lenient != nil && strings.Contains(lenient.Error(), "nests deeper") && bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) <= deepest {
			t.Errorf("%q is said to nest deeper than %d levels", body, deepest)
		}
	})
}

// FuzzRecord reads what may be a record. What is one is the same after it was written and read again.
func FuzzRecord(f *testing.F) {
	var whole bytes.Buffer
	if err := evidence.WriteRecord(&whole, note{"head"}, odd().All(), note{"tail"}); err != nil {
		f.Fatalf("a record must be written to memory: %v", err)
	}
	lines := strings.SplitAfter(whole.String(), "\n")
	for _, seed := range []string{whole.String(), lines[0], strings.Join(lines[:2], ""), lines[0] + lines[len(lines)-2], "", "{}\n", "PK\x03\x04", strings.ReplaceAll(whole.String(), `"number":1`, `"number":7`)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var head, tail note
		read, err := evidence.ReadRecord(bytes.NewReader(file), &head, &tail)
		if err != nil {
			if read != nil || strings.TrimSpace(err.Error()) == "" {
				t.Errorf("what is refused comes with a record, or without a reason: %v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := evidence.WriteRecord(&b, head, read.All(), tail); err != nil {
			t.Fatalf("a record that was read can't be written: %v", err)
		}
		again, err := evidence.ReadRecord(&b, &head, &tail)
		if err != nil {
			t.Fatalf("a record that was read and written can't be read: %v", err)
		}
		if difference := cmp.Diff(read.All(), again.All()); difference != "" {
			t.Errorf("a record that was read and written is another one:\n%s", difference)
		}
	})
}
