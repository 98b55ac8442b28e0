package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/reports/board"
	reportjson "github.com/libdrives/conformance/reports/json"
)

// mostNotes is how many files are named that are no reports.
const mostNotes = 10

// Gather makes a board of all JSON reports below a folder. A page of the same name beside a report is what the board links to, by
// its way from the folder base, in which the board will stand. What is JSON and no report is left aside and told; a board is just
// left aside.
func Gather(ctx context.Context, folder, base string) (*board.Board, error) {
	paths, err := jsonFiles(folder)
	if err != nil {
		return nil, err
	}
	runs, notes := make([]*board.Run, len(paths)), make([]string, len(paths))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, path := range paths {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			runs[i], notes[i] = readRun(folder, base, path)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var read []board.Run
	for _, run := range runs {
		if run != nil {
			read = append(read, *run)
		}
	}
	notes = slices.DeleteFunc(notes, func(note string) bool { return note == "" })
	if more := len(notes) - mostNotes; more > 0 {
		notes = append(notes[:mostNotes], fmt.Sprintf("%d more files", more))
	}
	return board.New(read, notes), nil
}

// jsonFiles are the files below a folder whose names end in .json, sorted. Files that begin with a dot are nobody's reports.
func jsonFiles(folder string) ([]string, error) {
	info, err := os.Stat(folder)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the folder can't be read: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("%s is no folder: give the folder that the JSON reports are in", folder)
	}
	var paths []string
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("the folder can't be read: %w", err)
		case path != folder && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return filepath.SkipDir
			}
		case entry.Type().IsRegular() && filepath.Ext(path) == ".json":
			paths = append(paths, path)
		}
		return nil
	})
	return paths, err
}

// readRun reads a report, or what a fleet says of a run that left none. The note says why the file is left aside.
func readRun(folder, base, path string) (run *board.Run, note string) {
	name, err := filepath.Rel(folder, path)
	if err != nil {
		name = path
	}
	report, reportErr := reportjson.ReadFile(path)
	if reportErr == nil {
		condensed := board.Condense(report, filepath.ToSlash(name), linkTo(base, strings.TrimSuffix(path, ".json")+".html"))
		return &condensed, ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, reportErr.Error()
	}
	var other struct {
		Board   int `json:"board"`
		Outcome int `json:"outcome"`
	}
	if json.Unmarshal(text, &other) == nil {
		if other.Board > 0 {
			return nil, ""
		}
		if other.Outcome > 0 {
			if unreported, err := readOutcome(text, filepath.ToSlash(name)); err == nil {
				return unreported, ""
			}
		}
	}
	return nil, reportErr.Error()
}

// linkTo is the link from a folder to a file, where the file is there.
func linkTo(base, file string) string {
	if _, err := os.Stat(file); err != nil {
		return ""
	}
	absoluteBase, errBase := filepath.Abs(base)
	absoluteFile, errFile := filepath.Abs(file)
	way, err := filepath.Rel(absoluteBase, absoluteFile)
	if errBase != nil || errFile != nil || err != nil {
		return ""
	}
	parts := strings.Split(filepath.ToSlash(way), "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return "./" + strings.Join(parts, "/") // else a name with a colon would be taken for an address
}
