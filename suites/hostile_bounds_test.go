package suites_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/fixtures/hostile"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// boundsInShort are the behaviours that every `go test` tries: some that ask for memory, some for time, some for
// requests. All have to end soon once what the run takes is bounded. Pages without end are tried by
// TestPagesAreAskedForAsFarAsTheDrivesSeenJustify.
var boundsInShort = []string{
	"endless-list", "gzip-bomb-endless", "brackets", "5-million-nulls", "endless-headers",
	"redirects-to-a-megabyte", "no-answer", "retry-after-a-year", "outage-in-the-middle", "gone-after-a-clone",
}

// The bounds of a run, whatever the endpoint sends. That on time is about ending at all: the run's own timeout is
// shorter. A run that needs much more memory than it may is ended, to spare the machine.
const (
	mostMemory  = 512 << 20
	endMemory   = 3 << 30
	mostTime    = 60 * time.Second
	childTarget = "CONFORMANCE_HOSTILE_TARGET" // says to the test binary that it is a child, and whom it judges
	childReport = "CONFORMANCE_HOSTILE_REPORT"
)

// childOutcome is what a child says of its run.
type childOutcome struct {
	Code     int
	Reason   string
	Failed   []string
	Invalid  []string
	Left     int // what the run says was left
	Warnings int
	Requests int
	Peak     int64 // bytes
	Took     time.Duration
}

// TestWhateverIsSentIsBounded judges endpoints that send too much, or keep a run waiting, each in a process of its own
// whose memory is measured.
func TestWhateverIsSentIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for i, b := range hostile.Of(hostile.Bounds) {
		if !soaking() && !slices.Contains(boundsInShort, b.Name) {
			continue
		}
		t.Run(b.Name, func(t *testing.T) {
			front, world := behind(t, b, uint64(i))
			outcome, err := inAChild(t, front.URL())
			if err != nil {
				t.Fatalf("%s The run does not end as it should: %v", b.Does, err)
			}
			t.Logf("exit code %d, %d MiB, %v, %d requests: %s", outcome.Code, outcome.Peak>>20, outcome.Took.Round(time.Millisecond), outcome.Requests, outcome.Reason)
			if outcome.Peak > mostMemory*memoryFactor {
				t.Errorf("%s The run takes %d MiB of memory, the bound is %d", b.Does, outcome.Peak>>20, mostMemory*memoryFactor>>20)
			}
			if outcome.Took > mostTime {
				t.Errorf("%s The run takes %v, the bound is %v", b.Does, outcome.Took.Round(time.Second), mostTime)
			}
			if len(outcome.Invalid) > 0 {
				t.Errorf("%s The reports are not valid: %q", b.Does, outcome.Invalid)
			}
			if b.Outcome == hostile.Incomplete && len(outcome.Failed) > 0 {
				t.Errorf("%s Accused are %v", b.Does, outcome.Failed)
			}
			if b.Outcome == hostile.Wrong && outcome.Code == 0 {
				t.Errorf("%s The run calls that sound", b.Does)
			}
			if names := left(front, world); len(names) > 0 && (!b.Stays || outcome.Left+outcome.Warnings == 0) {
				t.Errorf("%s Left in the account are %q, and %d resources are said to be", b.Does, names, outcome.Left)
			}
			tellTrespasses(t, front, world, true)
		})
	}
}

// inAChild judges an endpoint in a process of its own.
func inAChild(t *testing.T, target string) (childOutcome, error) {
	t.Helper()
	var outcome childOutcome
	file := filepath.Join(t.TempDir(), "outcome.json")
	ctx, cancel := context.WithTimeout(t.Context(), 2*mostTime)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0], "-test.run", "^TestAsAChild$")
	command.Env = append(os.Environ(), childTarget+"="+target, childReport+"="+file)
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	err := command.Run()
	if ctx.Err() != nil {
		return outcome, fmt.Errorf("after %v it had not ended", 2*mostTime)
	}
	content, unread := os.ReadFile(file)
	if err != nil || unread != nil {
		text := said.Bytes()
		return outcome, fmt.Errorf("%w: %.1500s", err, text)
	}
	return outcome, json.Unmarshal(content, &outcome)
}

// TestAsAChild is the child's part of TestWhateverIsSentIsBounded. Run by itself it has nothing to do.
func TestAsAChild(t *testing.T) {
	target := os.Getenv(childTarget)
	if target == "" {
		return
	}
	go endOverMemory()
	config := suites.Config{
		Target: target, Username: fixtures.DefaultUsername, Password: fixtures.DefaultPassword,
		Profile: requirement.FullProfile, Journal: filepath.Join(t.TempDir(), "run.journal"), Level: requirement.May,
	}
	impatient(&config)
	config.Timeout, config.RequestTimeout = mostTime/2, 10*time.Second
	if !soaking() {
		config.Timeout, config.RequestTimeout, config.MaxBody = 10*time.Second, 2*time.Second, 8<<20
	}
	began := time.Now()
	run := suites.RunContext(t.Context(), &recorder{}, config)
	outcome := childOutcome{Code: run.ExitCode(), Invalid: invalid(run), Took: time.Since(began), Peak: memory("VmHWM")}
	if run.Report != nil {
		outcome.Failed, outcome.Left, outcome.Requests = failures(run.Report), len(run.Report.Resources.Left), run.Report.Requests.Sent
		outcome.Reason, outcome.Warnings = run.Report.Conclusion(), len(run.Report.Warnings)
	}
	content, err := json.Marshal(outcome)
	if err != nil {
		t.Fatalf("the outcome must be JSON: %v", err)
	}
	if err := os.WriteFile(os.Getenv(childReport), content, 0o600); err != nil {
		t.Fatalf("the outcome can't be written: %v", err)
	}
}

// endOverMemory ends the process where it takes so much memory that others would suffer.
func endOverMemory() {
	for range time.Tick(20 * time.Millisecond) {
		if now := memory("VmRSS"); now > endMemory*memoryFactor {
			fmt.Printf("ended at %d MiB of memory\n", now>>20)
			os.Exit(1)
		}
	}
}

// memory is a figure of the process's own in bytes; 0 where the system does not tell.
func memory(figure string) int64 {
	file, err := os.Open("/proc/self/status")
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == figure+":" {
			n, _ := strconv.ParseInt(fields[1], 10, 64)
			return n << 10
		}
	}
	return 0
}
