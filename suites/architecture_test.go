package suites_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/libdrives/conformance/"

// room is a package: what it may import of ours, and what it must not know of others.
type room struct {
	may []string // our packages, directly
	not []string // prefixes of others' packages, directly or through others
}

// A format writes the report as data, and knows no other format.
var format = []string{"reports", "reports/internal/show", "reports/internal/plaintext", "suites/requirement", "suites/evidence"}

// rooms are all packages; see DESIGN: the house.
var rooms = map[string]room{
	"suites": {
		[]string{"suites/requirement", "suites/evidence", "suites/collect", "schema", "fixtures", "reports"},
		[]string{"github.com/spf13/"},
	},
	"suites/selftest":    {[]string{"suites", "suites/requirement", "fixtures", "reports"}, []string{"github.com/spf13/"}},
	"suites/collect":     {[]string{"suites/evidence"}, []string{"github.com/onsi/"}},
	"suites/evidence":    {nil, []string{"github.com/onsi/"}},
	"suites/requirement": {nil, []string{"net/http", "github.com/onsi/"}},
	"schema":             {nil, []string{"net/http/httptest", "github.com/onsi/"}},
	"fixtures":           {nil, []string{"github.com/onsi/", "github.com/xeipuuv/"}},

	// Waivers know a finding by its line, so that the data makes it, and with what every renderer makes lines with.
	"reports":                    {[]string{"reports/internal/show", "suites/requirement", "suites/evidence"}, []string{"github.com/onsi/"}},
	"reports/text":               {format, []string{"github.com/onsi/"}},
	"reports/junit":              {format, []string{"github.com/onsi/"}},
	"reports/json":               {format, []string{"github.com/onsi/"}},
	"reports/html":               {format, []string{"github.com/onsi/"}},
	"reports/markdown":           {format, []string{"github.com/onsi/"}},
	"reports/har":                {format, []string{"github.com/onsi/"}},
	"reports/github":             {format, []string{"github.com/onsi/"}},
	"reports/waivers":            {format, []string{"github.com/onsi/"}},
	"reports/files":              {[]string{"reports/internal/show", "suites/evidence"}, []string{"github.com/onsi/"}},
	"reports/internal/show":      {nil, []string{"github.com/onsi/"}},
	"reports/internal/plaintext": {[]string{"reports", "reports/internal/show", "suites/evidence"}, []string{"github.com/onsi/"}},
	"reports/internal/example":   {[]string{"reports", "suites/requirement", "suites/evidence"}, nil}, // for tests

	"cmd/libdrives-conformance": {[]string{everything}, nil},
	"cmd/settings":              {[]string{everything}, nil},
	"cmd/mutate":                {[]string{everything}, nil},
	"cmd/importing":             {[]string{everything}, nil},
}

// everything stands for all of our packages but those for tests.
const everything = "*"

// TestTheRoomsKeepApart checks of every package what it imports of ours, and what it must not know of others' libraries.
func TestTheRoomsKeepApart(t *testing.T) {
	output, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports " "}}|{{join .Deps " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list %s... failed: %v", module, err)
	}
	there := map[string]bool{}
	for line := range strings.Lines(string(output)) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		name := strings.TrimPrefix(fields[0], module)
		there[name] = true
		room, known := rooms[name]
		if !known {
			t.Errorf("the package %s is in no room: say in this table what it may import, and in DESIGN what it is for", name)
			continue
		}
		for imported := range strings.FieldsSeq(fields[1]) {
			ours, isOurs := strings.CutPrefix(imported, module)
			if isOurs && !slices.Contains(room.may, ours) && (!slices.Contains(room.may, everything) || ours == "reports/internal/example") {
				t.Errorf("%s imports %s; it may import %v", name, ours, room.may)
			}
		}
		for dependency := range strings.FieldsSeq(fields[2]) {
			for _, foreign := range room.not {
				if strings.HasPrefix(dependency, foreign) {
					t.Errorf("%s imports %s, which it must not know", name, dependency)
				}
			}
		}
	}
	for name := range rooms {
		if !there[name] {
			t.Errorf("there is no package %s: take it out of this table", name)
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
