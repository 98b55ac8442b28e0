package suites_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// emptying is an observer that empties the temporary files of the process once the first verdict is in.
type emptying struct {
	t       *testing.T
	emptied int
}

func (e *emptying) Collecting(int, int, string) {}

func (e *emptying) Note(string) {}

func (e *emptying) Judged(reports.Result) {
	if e.emptied > 0 {
		return
	}
	for _, file := range temporaryFiles(e.t) {
		if err := os.Truncate(file, 0); err != nil {
			e.t.Errorf("the temporary file can't be emptied: %v", err)
		}
		e.emptied++
	}
}

// temporaryFiles are those that the process holds answers in, by the system's own way to them.
func temporaryFiles(t *testing.T) (files []string) {
	t.Helper()
	open, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(open) == 0 {
		t.Skip("the system does not show the files of a process")
	}
	for _, file := range open {
		if name, err := os.Readlink(file); err == nil && strings.Contains(name, "libdrives-conformance-") && strings.Contains(name, ".answers") {
			files = append(files, file)
		}
	}
	return files
}

// TestWhatIsLostAccusesNobody loses the answers of a run when it begins to judge: what can't be judged any more is blocked, and
// nothing fails for it. No other run may be under way meanwhile, so that it is not parallel.
func TestWhatIsLostAccusesNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	observer := &emptying{t: t}
	run := suites.Run(&recorder{}, suites.Config{Profile: requirement.ReadProfile, Reference: fixtures.Options{Drives: 4000}, Observer: observer, Level: requirement.May, Select: "LIST,FIELDS,DETAIL"})
	if observer.emptied == 0 {
		t.Fatal("no temporary file was there to be emptied")
	}
	if run.ExitCode() != reports.ExitIncomplete {
		t.Errorf("the exit code is %d, want that of an incomplete run", run.ExitCode())
	}
	lost := 0
	for _, judged := range run.Report.Results {
		if judged.Verdict == reports.Fail {
			t.Errorf("%s is accused: %s", judged.Requirement.ID, judged.Message())
		}
		if judged.Verdict == reports.Blocked && strings.Contains(judged.Message(), "can't be read back") {
			lost++
		}
	}
	if lost == 0 {
		t.Error("nothing is blocked because its answers are lost")
	}
}

// TestTheTemporaryFileHasNoName looks for a name of the file while a run holds its answers in it, and for the file when the run
// is closed.
func TestTheTemporaryFileHasNoName(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	run := suites.Run(&recorder{}, suites.Config{Profile: requirement.ReadProfile, Reference: fixtures.Options{Drives: 4000}, Select: "LIST,FIELDS,DETAIL"})
	if len(temporaryFiles(t)) == 0 {
		t.Error("the answers of a large library are in no temporary file")
	}
	if names, _ := filepath.Glob(filepath.Join(folder, "*")); len(names) > 0 {
		t.Errorf("it would stay if the process was killed: %v", names)
	}
	run.Close()
	if left := temporaryFiles(t); len(left) > 0 {
		t.Errorf("%v are still open", left)
	}
}
