package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/requirement"
)

//go:embed assertion.go.txt
var assertion []byte

// suite is the source of the suite, and the program built from it in which every assertion can be taken out.
type suite struct {
	specs  []spec // in the order of the files
	sites  map[string]site
	binary string
}

// load reads the suite's files and builds the program in a folder. An overlay puts the changed files in the place of
// the real ones, which are not touched.
func load(ctx context.Context, folder string) (*suite, error) {
	root, err := moduleRoot(ctx)
	if err != nil {
		return nil, err
	}
	rooms := filepath.Join(root, "suites")
	files, err := sources(rooms)
	if err != nil {
		return nil, err
	}
	s := &suite{sites: map[string]site{}, binary: filepath.Join(folder, "libdrives-conformance")}
	replace := map[string]string{}
	missing, err := everyID()
	if err != nil {
		return nil, err
	}
	var all []*source
	put := func(name string, text []byte) error {
		changed := filepath.Join(folder, strings.ReplaceAll(name, "/", "_")) // two packages may have files of one name
		replace[filepath.Join(rooms, filepath.FromSlash(name))] = changed
		return os.WriteFile(changed, text, 0o600)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(rooms, filepath.FromSlash(file)))
		if err != nil {
			return nil, err
		}
		found, err := find(file, text)
		if err != nil {
			return nil, err
		}
		all = append(all, found)
		for _, literal := range found.specs {
			delete(missing, literal.id)
		}
		if len(found.sites) == 0 {
			continue
		}
		for _, site := range found.sites {
			s.sites[site.at] = site
		}
		if err := put(file, found.rewrite()); err != nil {
			return nil, err
		}
	}
	for _, source := range all {
		s.specs = append(append(s.specs, source.specs...), source.fromLoops(missing)...)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("no spec is found in the suite's sources for %v", slices.Sorted(maps.Keys(missing)))
	}
	if err := put("judge/assertion_taken_out.go", assertion); err != nil {
		return nil, err
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlayFile := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-overlay", overlayFile, "-o", s.binary, "./cmd/libdrives-conformance")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the mutated suite can't be built: %w\n%s", err, output)
	}
	return s, nil
}

// sources are the files in which assertions are made, by their paths below the folder: the specs, and the words that they
// use.
func sources(rooms string) ([]string, error) {
	var names []string
	for _, room := range []string{".", "judge"} {
		files, err := filepath.Glob(filepath.Join(rooms, room, "*.go"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				names = append(names, path.Join(room, filepath.Base(file)))
			}
		}
	}
	return names, nil
}

// everyID has the id of every requirement.
func everyID() (map[string]bool, error) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, r := range catalogue.All() {
		ids[r.ID] = true
	}
	return ids, nil
}

// moduleRoot is the folder of the module that the command is run in.
func moduleRoot(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Path}} {{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("there is no module here: %w", err)
	}
	path, root, _ := strings.Cut(strings.TrimSpace(string(output)), " ")
	if path != "github.com/libdrives/conformance" {
		return "", errors.New("this is not the suite's own module: mutate works on the suite's sources")
	}
	return root, nil
}

// inOrder are the assertions in the order in which they stand in the file. An assertion that stands within another's
// arguments comes after it, though its method's name comes first.
func inOrder(sites []site) []site {
	return slices.SortedFunc(slices.Values(sites), func(a, b site) int { return cmp.Compare(a.to, b.to) })
}
