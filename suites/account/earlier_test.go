package account_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios"
)

// TestAKilledRunIsCleanedUpAfter ends a run at each of its writes in turn, before and after the endpoint carried it out: from
// then on the run reaches nobody, as if it were killed, and cleans up nothing.
func TestAKilledRunIsCleanedUpAfter(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for _, carriedOut := range []bool{false, true} {
		for at := int32(1); ; at = nextKill(at, carriedOut) {
			var writes atomic.Int32
			ctx, kill := context.WithCancel(t.Context())
			n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
				write := r.Method != http.MethodGet
				number := writes.Load()
				if write {
					number = writes.Add(1)
				}
				switch {
				case number < at:
					pass.ServeHTTP(w, r)
				case number == at && write && carriedOut:
					cut(func(*http.Request) bool { kill(); return true })(w, r, pass)
				default:
					kill()
					panic(http.ErrAbortHandler)
				}
			}, nil)
			n.runAll(ctx, true)
			kill()
			when := fmt.Sprintf("killed at write %d (carried out: %t) and cleaned up after,", at, carriedOut)
			if writes.Load() < at {
				break
			}
			n.cleanedUp(when)
			if t.Failed() {
				t.Fatalf("the journal: %v", n.entries())
			}
		}
	}
}

// nextKill is the write after this one at which a run is killed: each one in the long form, and each twenty-third after the
// first three in the short one. Of writes that arrive, others are killed than of writes that do not.
func nextKill(at int32, carriedOut bool) int32 {
	const stride = 23
	switch {
	case soaking() || at < 3:
		return at + 1
	case at == 3 && carriedOut:
		return at + stride/2
	}
	return at + stride
}

// cleanedUp cleans up by the journal once the run's last requests are answered, and expects everything gone and a second later clean-up
// to find nothing.
func (n *tenant) cleanedUp(when string) {
	n.t.Helper()
	n.settle()
	const settle = 20 * time.Millisecond // a kill at each write is many later clean-ups
	// Which of the scenarios writes first is chance; a login is not in the journal, and of an empty one nothing is settled.
	settled := len(n.entries()) > 0
	if result := n.cleanUp(account.CleanUpOptions{Entries: n.entries(), SettleTimeout: settle}); len(result.Left)+len(result.Doubtful) > 0 || result.Settled != settled {
		n.t.Errorf("%s %v is left: %q", when, result.Left, result.Notes)
	}
	n.unchanged(when)
	if again := n.cleanUp(account.CleanUpOptions{Entries: n.entries(), SettleTimeout: settle}); len(again.Found) > 0 {
		n.t.Errorf("%s a second later clean-up finds %v", when, again.Found)
	}
}

// TestACleanUpNeedsOnlyTheBeginningOfAJournal cuts the journal of a run that cleaned up nothing after each of its lines,
// and in the middle of the next.
func TestACleanUpNeedsOnlyTheBeginningOfAJournal(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	stride := 6
	if soaking() {
		stride = 1
	}
	for line := 1; ; line += stride {
		n := rent(t, fixtures.Options{}, nil, nil)
		m := n.material()
		scenarios.Run(t.Context(), n.account, scenarios.Choose(scenarios.Material{Unlicensed: m.Unlicensed, CDROM: m.CDROM, Names: m.Names}, false))
		content, err := os.ReadFile(n.journal)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.SplitAfter(content, []byte("\n"))
		if line >= len(lines) {
			break
		}
		kept := append(bytes.Join(lines[:line], nil), lines[line][:len(lines[line])/2]...)
		if err := os.WriteFile(n.journal, kept, 0o600); err != nil {
			t.Fatal(err)
		}
		n.cleanedUp(fmt.Sprintf("with %d lines of the journal", line))
	}
}

func TestACleanUpTouchesNothingButItsRuns(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, nil, nil)
	n.drive("my data")
	for _, name := range []string{"notes", "notes-1", "abcdefghij", "abcdefghij-", "abcdefghij-x1", "abcdefghij-1st", "abcdefghijk-1"} {
		n.drive(evidence.NamePrefix + name) // none that a run gives
	}
	n.drive("old " + evidence.NamePrefix + "abcdefghij-1")
	n.drive(evidence.NamePrefix + n.account.Run() + "b-1") // another run, whose id begins as ours
	n.raw("POST", "servers/", `{"objects": [{"name": "`+evidence.NamePrefix+`other-1", "cpu": 1000, "mem": 536870912, "vnc_password": "secret"}]}`)
	n.before = n.endpoint.Account()
	n.runAll(t.Context(), true)
	dry := n.cleanUp(account.CleanUpOptions{Entries: n.entries(), DryRun: true})
	if len(dry.Found) == 0 || len(dry.Removed) > 0 {
		t.Errorf("a dry run found %v and removed %v", dry.Found, dry.Removed)
	}
	n.cleanedUp("after a later clean-up by the journal,")

	const run = "abcdefghij"
	for _, prefix := range []string{run, run + "-", ""} {
		mine := n.drive(evidence.NamePrefix + run + "-4-renamed_1")
		result := n.cleanUp(account.CleanUpOptions{Prefix: evidence.NamePrefix + prefix})
		if len(result.Removed) != 1 || result.Removed[0].UUID != mine || !result.Removed[0].Removed || len(result.Found) != 1 || !result.Settled {
			t.Errorf("a later clean-up by the prefix %q found %v and removed %v, want %s alone", prefix, result.Found, result.Removed, mine)
		}
		n.unchanged("after a later clean-up by prefix,")
	}

	client, record := n.connect(n.base)
	for _, prefix := range []string{"my", "libdrives", "libdrives-conformance", evidence.NamePrefix + "abc", evidence.NamePrefix + "notes-"} {
		if _, err := account.CleanUp(t.Context(), client, record, account.CleanUpOptions{Prefix: prefix}); err == nil || !strings.Contains(err.Error(), evidence.NamePrefix) {
			t.Errorf("a later clean-up of everything named %q… ended with %v, want a refusal that says how names begin", prefix, err)
		}
	}
	n.unchanged("after refused later clean-ups,")
}

func TestACleanUpBelievesNoJournalAboutOthersDrives(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, nil, nil)
	library := n.material().Unlicensed.UUID
	entry := func(target, uuid string) account.Entry {
		return account.Entry{Run: "abc", Target: target, Event: account.Made, Kind: account.Drive, Name: "x", UUID: uuid}
	}
	result := n.cleanUp(account.CleanUpOptions{Entries: []account.Entry{entry(n.base.String(), library), entry("https://elsewhere/api/2.0/", n.before.Drives[0].UUID)}})
	if len(result.Found) > 0 || len(result.Notes) != 2 {
		t.Errorf("a journal that names a library drive, and one of another target, found %v, with the notes %q", result.Found, result.Notes)
	}
	n.unchanged("after such a later clean-up,")
	n.raw("GET", "libdrives/"+library+"/", "")
}

func TestACleanUpRefusesWithoutTheLibrary(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if strings.HasSuffix(r.URL.Path, "/libdrives/") {
			answerWith(w, 500, "out of order")
			return
		}
		pass.ServeHTTP(w, r)
	}, nil)
	if _, err := account.CleanUp(t.Context(), n.client, n.record, account.CleanUpOptions{Prefix: evidence.NamePrefix}); err == nil || !strings.Contains(err.Error(), "out of order") {
		t.Errorf("a later clean-up without a library to tell apart ended with %v", err)
	}
}
