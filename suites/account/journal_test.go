package account_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
)

// written is the journal of a run that made and deleted a clone.
func written(t *testing.T) []byte {
	t.Helper()
	n := rent(t, fixtures.Options{}, nil, nil)
	n.account.Writer("s").Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	n.clean()
	content, err := os.ReadFile(n.journal)
	if err != nil {
		t.Fatalf("there is no journal: %v", err)
	}
	if info, err := os.Stat(n.journal); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the journal is readable by others: %v, %v", info.Mode(), err)
	}
	return content
}

func TestAJournalIsReadWhereverItWasCutShort(t *testing.T) {
	t.Parallel()
	content := written(t)
	path := filepath.Join(t.TempDir(), "cut.journal")
	for at := range len(content) + 1 {
		if err := os.WriteFile(path, content[:at], 0o600); err != nil {
			t.Fatal(err)
		}
		entries, err := account.ReadJournal(path)
		if err != nil {
			t.Fatalf("cut short after %d bytes: %v", at, err)
		}
		whole := bytes.Count(content[:at], []byte("\n"))
		if len(entries) != whole && len(entries) != whole+1 { // one more where only the line's end is missing
			t.Fatalf("cut short after %d bytes, with %d whole lines, %d entries are read", at, whole, len(entries))
		}
	}
}

func TestAJournalGoesOnAfterATornLine(t *testing.T) {
	t.Parallel()
	content := written(t)
	path := filepath.Join(t.TempDir(), "torn.journal")
	if err := os.WriteFile(path, content[:len(content)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	n := rent(t, fixtures.Options{}, nil, func(c *account.Config) {
		journal, err := account.OpenJournal(path, c.Run, "https://host/api/2.0/")
		if err != nil {
			t.Fatalf("a journal with a torn line can't be gone on with: %v", err)
		}
		t.Cleanup(func() { _ = journal.Close() })
		c.Journal = journal
	})
	n.account.Writer("s").Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	n.clean()
	entries, err := account.ReadJournal(path)
	if err != nil || len(entries) != 3+4 {
		t.Errorf("after a torn line and four more, %d entries are read, want 7 (%v): %v", len(entries), err, entries)
	}
}

func TestWhatIsNoJournalIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "notes.txt")
	if err := os.WriteFile(path, []byte("buy milk\ncall Ann\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{path: "line 1", filepath.Join(folder, "nowhere"): "can't be read"} {
		if entries, err := account.ReadJournal(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s is read as a journal of %d entries with the error %v, want one that says %q", path, len(entries), err, says)
		}
	}
	if _, err := account.OpenJournal(filepath.Join(path, "below a file"), "abc", ""); err == nil {
		t.Error("a journal below a file was opened")
	}
	if _, err := account.OpenJournal("", "a-b", ""); err == nil {
		t.Error("a run id with a dash was taken: its names could begin another run's")
	}
}

func TestTheJournalHasAPlace(t *testing.T) {
	state := t.TempDir()
	t.Setenv("XDG_STATE_HOME", state)
	run := account.NewRunID()
	path, err := account.DefaultJournalPath(run)
	if err != nil || !strings.HasPrefix(path, state) || !strings.Contains(path, run) {
		t.Errorf("the journal of the run %s goes to %q (%v), want a file named for it below %q", run, path, err, state)
	}
	if other := account.NewRunID(); other == run {
		t.Errorf("two runs are both named %q", run)
	}
}

func TestNothingIsMadeWithoutAJournal(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, nil, func(c *account.Config) { _ = c.Journal.Close() })
	if x, r := n.account.Writer("s").Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{}); r != nil || x.Response != nil {
		t.Errorf("a clone was made that the journal does not know of: %v, %v", x.Outcome(), r)
	}
	n.ended("s", "journal")
	n.unchanged("without a journal")
}
