package suites_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/libdrives/conformance/"

// TestTheRoomsKeepApart checks what each package may import of ours, directly or through others, and what it must not
// know of others' libraries.
func TestTheRoomsKeepApart(t *testing.T) {
	for _, room := range []struct {
		name string
		may  []string // of ours
		not  []string // of others
	}{
		{"fixtures", nil, []string{"github.com/onsi/", "github.com/xeipuuv/"}},
		{"fixtures/hostile", nil, []string{"net/http/httptest", "github.com/onsi/", "github.com/xeipuuv/"}},
		{"schema", nil, []string{"net/http/httptest", "github.com/onsi/"}},
		{"suites/requirement", nil, []string{"net/http", "github.com/onsi/"}},
		{"suites/evidence", nil, []string{"github.com/onsi/"}},
		{"suites/collect", []string{"suites/evidence"}, []string{"github.com/onsi/"}},
		{"reports", []string{"suites/requirement", "suites/evidence"}, []string{"github.com/onsi/"}},
		{"suites", []string{"suites/requirement", "suites/evidence", "suites/collect", "schema", "fixtures", "reports"}, []string{"github.com/spf13/"}},
	} {
		output, err := exec.Command("go", "list", "-deps", module+room.name).Output()
		if err != nil {
			t.Fatalf("go list -deps %s failed: %v", room.name, err)
		}
		for dependency := range strings.FieldsSeq(string(output)) {
			ours, isOurs := strings.CutPrefix(dependency, module)
			if isOurs && ours != room.name && !slices.Contains(room.may, ours) {
				t.Errorf("%s imports %s; it may import %v", room.name, ours, room.may)
			}
			for _, foreign := range room.not {
				if strings.HasPrefix(dependency, foreign) {
					t.Errorf("%s imports %s, which it must not know", room.name, dependency)
				}
			}
		}
	}
}

// TestTheTopLevel holds just what the design says.
func TestTheTopLevel(t *testing.T) {
	output, err := exec.Command("git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Skip("not a git checkout, so there is no list of files to check")
	}
	allowed := strings.Fields("suites fixtures schema reports cmd go.mod go.sum Makefile README.md LICENSE")
	for file := range strings.FieldsSeq(string(output)) {
		top, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("the top level holds %s; it may hold %v and dot-files", top, allowed)
		}
	}
}
