package suites_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/requirement"
)

const module = "github.com/libdrives/conformance/"

// room is a package: what it may import of ours, and what it must not know of others.
type room struct {
	may []string // our packages, directly
	not []string // prefixes of others' packages, directly
}

// A format writes the report as data, and knows no other format.
var format = []string{"reports", "reports/internal/page", "reports/internal/show", "reports/internal/plaintext", "suites/requirement", "suites/evidence"}

// rooms are all packages; see DESIGN: the house.
var rooms = map[string]room{
	"suites": {
		[]string{"suites/run", "suites/judge", "suites/material", "suites/scenarios/steps", "suites/requirement", "schema", "reports/text"}, // how a test tells a finding
		[]string{"net/http/httptest", "github.com/spf13/", "github.com/onsi/ginkgo"},
	},
	"suites/run": {
		[]string{"suites/judge", "suites/material", "suites/account", "suites/scenarios", "suites/scenarios/steps", "suites/client", "suites/evidence", "suites/requirement", "schema", "reports", "fixtures"},
		[]string{"github.com/spf13/"},
	},
	"suites/selftest": {[]string{"suites/run", "suites/requirement", "fixtures", "fixtures/generated", "reports"}, []string{"github.com/spf13/"}},
	"suites/clients":  {[]string{"fixtures", "schema", "suites/requirement", "reports"}, []string{"github.com/spf13/", "os/exec"}},
	"suites/judge": {
		[]string{"suites/evidence", "suites/requirement", "suites/scenarios/steps", "suites/minimize", "schema", "reports"},
		[]string{"github.com/spf13/", "github.com/onsi/ginkgo"},
	},
	"suites/material":        {[]string{"suites/judge", "schema"}, []string{"net/http", "github.com/onsi/"}},
	"suites/scenarios":       {[]string{"suites/scenarios/steps", "suites/account", "suites/client", "suites/evidence", "suites/minimize"}, []string{"net/http/httptest", "github.com/onsi/"}},
	"suites/account":         {[]string{"suites/client", "suites/evidence"}, []string{"net/http/httptest", "github.com/onsi/"}},
	"suites/client":          {[]string{"suites/evidence"}, []string{"net/http/httptest", "github.com/onsi/"}},
	"suites/evidence":        {[]string{"suites/evidence/redact"}, []string{"github.com/onsi/"}},
	"suites/evidence/redact": {nil, []string{"net/http", "github.com/onsi/"}},
	"suites/scenarios/steps": {nil, []string{"net/http", "github.com/onsi/"}},
	"suites/minimize":        {nil, []string{"net/http", "github.com/onsi/"}},
	"suites/requirement":     {nil, []string{"net/http", "github.com/onsi/"}},
	"schema":                 {nil, []string{"net/http/httptest", "github.com/onsi/"}},
	"fixtures":               {nil, []string{"github.com/onsi/", "github.com/xeipuuv/"}},
	"fixtures/generated":     {[]string{"fixtures"}, []string{"net/http/httptest", "github.com/onsi/", "github.com/xeipuuv/"}},
	"fixtures/hostile":       {nil, []string{"net/http/httptest", "github.com/onsi/", "github.com/xeipuuv/"}},

	// Waivers know a finding by its line, so that the data makes it, and with what every renderer makes lines with.
	"reports":                    {[]string{"reports/internal/show", "suites/requirement", "suites/evidence"}, []string{"github.com/onsi/"}},
	"reports/text":               {format, []string{"github.com/onsi/"}},
	"reports/junit":              {format, []string{"github.com/onsi/"}},
	"reports/json":               {format, []string{"github.com/onsi/"}},
	"reports/html":               {format, []string{"github.com/onsi/"}},
	"reports/markdown":           {format, []string{"github.com/onsi/"}},
	"reports/har":                {format, []string{"github.com/onsi/"}},
	"reports/metrics":            {format, []string{"github.com/onsi/"}},
	"reports/board":              {format, []string{"github.com/onsi/"}},
	"reports/github":             {format, []string{"github.com/onsi/"}},
	"reports/waivers":            {append([]string{"reports/yamlfile"}, format...), []string{"github.com/onsi/"}},
	"reports/yamlfile":           {[]string{"reports/internal/show"}, []string{"github.com/onsi/"}},
	"reports/files":              {[]string{"reports/internal/show", "suites/evidence"}, []string{"github.com/onsi/"}},
	"reports/internal/page":      {nil, []string{"github.com/onsi/"}},
	"reports/internal/browsing":  {nil, nil}, // for tests
	"reports/internal/show":      {nil, []string{"github.com/onsi/"}},
	"reports/internal/plaintext": {[]string{"reports", "reports/internal/show", "suites/evidence"}, []string{"github.com/onsi/"}},
	"reports/internal/example":   {[]string{"reports", "suites/requirement", "suites/evidence"}, nil}, // for tests

	"cmd/libdrives-conformance": {[]string{everything}, nil},
	"cmd/process":               {nil, nil},
	"cmd/fleet":                 {[]string{everything}, []string{"github.com/spf13/", "github.com/onsi/"}},
	"cmd/settings":              {[]string{everything}, nil},
	"cmd/mutate":                {[]string{everything}, nil},
	"cmd/importing":             {[]string{everything}, nil},
}

// everything stands for all of our packages but those for tests.
const everything = "*"

// forTests are packages that only tests import.
var forTests = []string{"reports/internal/example", "reports/internal/browsing"}

// TestTheRoomsKeepApart checks of every package what it imports of ours, and what it must not know of others' libraries.
func TestTheRoomsKeepApart(t *testing.T) {
	t.Parallel()
	output, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Imports " "}}`, module+"...").Output()
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
			if isOurs && !slices.Contains(room.may, ours) && (!slices.Contains(room.may, everything) || slices.Contains(forTests, ours)) {
				t.Errorf("%s imports %s; it may import %v", name, ours, room.may)
			}
		}
		for dependency := range strings.FieldsSeq(fields[1]) {
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

// areas are the files of the specs, each with the area of the catalogue that it judges.
var areas = map[string]string{
	"listing.go": "LIST", "choosing_fields.go": "FIELDS", "detailed_listing.go": "DETAIL", "single_drive.go": "GET", "recognizing.go": "OWNER",
	"drive_lists.go": "HIDE", "published_schema.go": "SCHEMA", "cloning.go": "CLONE", "cloned_drives.go": "CLONE", "licensed_images.go": "LIC", "attaching.go": "ATTACH",
	"pagination.go": "PAGE", "filtering.go": "FILTER", "methods.go": "METHOD", "authentication.go": "AUTH", "formats.go": "FORMAT",
	"errors.go": "ERROR", "robustness.go": "ROBUST",
}

// registered finds the requirement that a spec is registered for, written out or in a table that a loop goes through.
var registered = regexp.MustCompile(`(?:Requirement\(|^\s*(?:\{|\}, ?\{)|\}, \{)"([A-Z]+-[0-9]{2})"`)

// TestASpecStandsInTheFileOfItsArea reads the sources of the specs: each file judges one area of the catalogue, all of it,
// and nothing else, and beside them there is only the public door.
func TestASpecStandsInTheFileOfItsArea(t *testing.T) {
	t.Parallel()
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatalf("the catalogue must load: %v", err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatalf("the sources must be found: %v", err)
	}
	judged := map[string]string{}
	for _, file := range sources {
		if strings.HasSuffix(file, "_test.go") || file == "doc.go" || file == "suites.go" {
			continue
		}
		area, known := areas[file]
		if !known {
			t.Errorf("%s is the file of no area of the catalogue; what specs have in common belongs into judge or material", file)
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%s must be readable: %v", file, err)
		}
		for line := range strings.Lines(string(text)) {
			for _, id := range registered.FindAllStringSubmatch(line, -1) {
				judged[id[1]] = file
				if !strings.HasPrefix(id[1], area+"-") {
					t.Errorf("%s judges %s, and is the file of the area %s", file, id[1], area)
				}
			}
		}
	}
	for _, r := range catalogue.All() {
		if judged[r.ID] == "" {
			t.Errorf("no spec of %s is found in the file of its area", r.ID)
		}
	}
	for _, area := range catalogue.Areas() {
		if !slices.Contains(slices.Collect(maps.Values(areas)), area.Name) {
			t.Errorf("the area %s has no file of specs", area.Name)
		}
	}
}

// TestTheTopLevel holds just what the design says.
func TestTheTopLevel(t *testing.T) {
	t.Parallel()
	output, err := exec.Command("git", "-C", "..", "ls-files").Output()
	if err != nil {
		t.Skip("not a git checkout, so there is no list of files to check")
	}
	allowed := strings.Fields("suites fixtures schema reports cmd go.mod go.sum Makefile README.md LICENSE CHANGELOG.md")
	for file := range strings.FieldsSeq(string(output)) {
		top, _, _ := strings.Cut(file, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("the top level holds %s; it may hold %v and dot-files", top, allowed)
		}
	}
}
