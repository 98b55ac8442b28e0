package suites_test

import (
	"encoding/json"
	"errors"
	"io"
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

// rooms are all packages of the module, each with those of ours that it may import directly. A package that is not here
// has no place in the design yet.
var rooms = map[string][]string{
	"suites":             {"suites/run", "suites/judge", "suites/material", "suites/requirement", "schema"},
	"suites/run":         {"suites/judge", "suites/material", "suites/collect", "suites/evidence", "suites/requirement", "schema", "reports", "fixtures"},
	"suites/selftest":    {"suites/run", "fixtures", "suites/requirement", "reports"},
	"suites/judge":       {"suites/evidence", "suites/requirement", "schema", "reports", "suites/minimize"},
	"suites/material":    {"suites/judge", "schema"},
	"suites/collect":     {"suites/evidence", "suites/minimize"},
	"suites/evidence":    {},
	"suites/minimize":    {},
	"suites/requirement": {},
	"schema":             {},
	"fixtures":           {},

	// Waivers know a finding by its line, so that it is the data that makes it, and with what every renderer makes lines with.
	"reports":                    {"reports/internal/show", "suites/requirement", "suites/evidence"},
	"reports/text":               format,
	"reports/junit":              format,
	"reports/json":               format,
	"reports/html":               format,
	"reports/markdown":           format,
	"reports/har":                format,
	"reports/github":             format,
	"reports/waivers":            format,
	"reports/files":              {"reports/internal/show", "suites/evidence"},
	"reports/internal/show":      {},
	"reports/internal/plaintext": {"reports", "reports/internal/show", "suites/evidence"},
	"reports/internal/example":   {"reports", "suites/requirement", "suites/evidence"},

	"cmd/importing":             {anything},
	"cmd/libdrives-conformance": {anything},
	"cmd/mutate":                {anything},
	"cmd/settings":              {anything},
}

// anything stands for every package of ours.
const anything = "*"

// format is what each of the formats may import: the report as data, and never another format.
var format = []string{"reports", "reports/internal/show", "reports/internal/plaintext", "suites/requirement", "suites/evidence"}

// forTests is the package that only tests import.
const forTests = "reports/internal/example"

// foreign are packages of others that a room must not know, directly.
var foreign = map[string][]string{
	"suites":             {"net/http/httptest", "github.com/spf13/", "github.com/onsi/ginkgo"},
	"suites/run":         {"github.com/spf13/"},
	"suites/judge":       {"github.com/spf13/", "github.com/onsi/ginkgo"},
	"suites/material":    {"net/http", "github.com/onsi/"},
	"suites/collect":     {"github.com/onsi/"},
	"suites/evidence":    {"github.com/onsi/"},
	"suites/requirement": {"net/http", "github.com/onsi/"},
	"schema":             {"net/http/httptest", "github.com/onsi/"},
	"fixtures":           {"github.com/onsi/", "github.com/xeipuuv/"},
	"reports":            {"github.com/onsi/"},
}

// room is as much of a package as `go list` tells and counts here.
type room struct {
	ImportPath string
	Imports    []string
}

// packages are all packages of the module.
func packages(t *testing.T) []room {
	t.Helper()
	output, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list failed: %v", err)
	}
	var all []room
	for decoder := json.NewDecoder(strings.NewReader(string(output))); ; {
		var one room
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("what go list says must be JSON: %v", err)
		}
		all = append(all, one)
	}
}

// TestTheRoomsKeepApart checks what each package imports, of ours and of others.
func TestTheRoomsKeepApart(t *testing.T) {
	there := map[string]bool{}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		there[name] = true
		may, known := rooms[name]
		if !known {
			t.Errorf("the package %s is not in the table of rooms: say there what it may import", name)
			continue
		}
		for _, dependency := range p.Imports {
			ours, isOurs := strings.CutPrefix(dependency, module)
			if isOurs && (!slices.Contains(may, ours) && !slices.Contains(may, anything) || ours == forTests) {
				t.Errorf("%s imports %s; of ours it may import %v", name, ours, may)
			}
			for _, not := range foreign[name] {
				if strings.HasPrefix(dependency, not) {
					t.Errorf("%s imports %s, which it must not know", name, dependency)
				}
			}
		}
	}
	for name := range rooms {
		if !there[name] {
			t.Errorf("the table of rooms has %s, and there is no such package", name)
		}
	}
}

// areas are the files of the specs, each with the area of the catalogue that it judges.
var areas = map[string]string{
	"listing.go": "LIST", "choosing_fields.go": "FIELDS", "detailed_listing.go": "DETAIL", "single_drive.go": "GET", "recognizing.go": "OWNER",
	"drive_lists.go": "HIDE", "published_schema.go": "SCHEMA", "cloning.go": "CLONE", "licensed_images.go": "LIC", "attaching.go": "ATTACH",
	"pagination.go": "PAGE", "filtering.go": "FILTER", "methods.go": "METHOD", "authentication.go": "AUTH", "formats.go": "FORMAT",
	"errors.go": "ERROR", "robustness.go": "ROBUST",
}

// registered finds the requirement that a spec is registered for, written out or in a table that a loop goes through.
var registered = regexp.MustCompile(`(?:Requirement\(|^\s*(?:\{|\}, ?\{)|\}, \{)"([A-Z]+-[0-9]{2})"`)

// TestASpecStandsInTheFileOfItsArea reads the sources of the specs: each file judges one area of the catalogue, all of it,
// and nothing else, and beside them there is only the public door.
func TestASpecStandsInTheFileOfItsArea(t *testing.T) {
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
