package fleet

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/libdrives/conformance/cmd/process"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/files"
	reportjson "github.com/libdrives/conformance/reports/json"
)

// Fleet judges targets, each in a process of its own.
type Fleet struct {
	Program   string // the binary that judges: this one
	Targets   []*Target
	OutputDir string
	Parallel  int  // processes at a time
	MaxClones int  // over all of them; 0 is no bound
	Record    bool // keep the exchanges of each run as well
	Note      func(line string)

	stamp string // of the folder of each run
	ended int

	mu      sync.Mutex
	running map[*exec.Cmd]bool
	stopped bool
	budget  *budget
}

// Outcome is what judging a target came to.
type Outcome struct {
	Target     *Target
	ExitCode   int
	Conclusion string
}

// Run judges all targets and returns what each came to, in their order. Once the context is done, no further process is started,
// and those that run are told to end: each removes what it made and writes its reports, and is waited for.
func (f *Fleet) Run(ctx context.Context) ([]Outcome, error) {
	f.stamp = time.Now().UTC().Format("20060102T150405Z")
	f.mu.Lock()
	f.running = map[*exec.Cmd]bool{}
	f.mu.Unlock()
	var err error
	if f.budget, err = newBudget(f.MaxClones, f.Targets); err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, len(f.Targets))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(f.Parallel, len(f.Targets)) {
		workers.Go(func() {
			for i := range next {
				outcomes[i] = f.judge(ctx, f.Targets[i])
			}
		})
	}
	done := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			f.Interrupt()
		case <-done:
		}
	}()
	for i := range f.Targets {
		next <- i // also those that are not started any more: each is told
	}
	close(next)
	workers.Wait()
	close(done)
	return outcomes, nil
}

// Interrupt sends every process that runs what Ctrl-C sends: the first time it ends early and cleans up, the second time it ends at
// once. No further one is started.
func (f *Fleet) Interrupt() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
	for cmd := range f.running {
		_ = cmd.Process.Signal(os.Interrupt) // it may have ended meanwhile; where there are no signals, the console tells it itself
	}
}

// judge runs the process for a target, and tells of its beginning and end.
func (f *Fleet) judge(ctx context.Context, t *Target) Outcome {
	begun := time.Now()
	if ctx.Err() != nil {
		return f.told(Outcome{t, reports.ExitIncomplete, "not judged: the fleet was ended before"}, begun)
	}
	folder, err := f.folder(t)
	if err != nil {
		return f.told(Outcome{t, reports.ExitIncomplete, err.Error()}, begun)
	}
	clones := f.budget.take(t)
	f.Note(t.Name + ": judging " + t.URL)
	code, err := f.execute(t, folder, clones)
	outcome := Outcome{t, code, ""}
	report, readErr := reportjson.ReadFile(filepath.Join(folder, "report.json"))
	f.budget.giveBack(t, clones, report)
	switch {
	case readErr == nil:
		outcome.Conclusion = report.Conclusion()
		if n := report.Counts().Failed(); n > 0 {
			outcome.Conclusion += fmt.Sprintf(" (%d failed)", n)
		}
	case err != nil:
		outcome.Conclusion = err.Error()
	default:
		outcome.Conclusion = cmp.Or(lastError(filepath.Join(folder, logFile)), fmt.Sprintf("it ended with %d and left no report", code))
	}
	if readErr != nil {
		// What can't be judged is no usage error of the fleet's.
		if outcome.ExitCode == reports.ExitUsage || outcome.ExitCode == reports.ExitConforms {
			outcome.ExitCode = reports.ExitIncomplete
		}
		left := outcomeOf(t, begun, outcome)
		if err := files.Write(filepath.Join(folder, outcomeFile), left.write); err != nil {
			f.Note(t.Name + ": " + err.Error())
		}
	}
	return f.told(outcome, begun)
}

// logFile is what a process printed.
const logFile = "run.log"

// folder makes the folder of a run: a new one for each, so that history is kept.
func (f *Fleet) folder(t *Target) (string, error) {
	parent := filepath.Join(f.OutputDir, t.folder)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return "", fmt.Errorf("no folder for its reports: %w", err)
	}
	for n := 1; ; n++ {
		folder := filepath.Join(parent, f.stamp)
		if n > 1 {
			folder += "-" + strconv.Itoa(n)
		}
		err := os.Mkdir(folder, 0o777)
		if err == nil {
			return folder, nil
		}
		if !os.IsExist(err) {
			return "", fmt.Errorf("no folder for its reports: %w", err)
		}
	}
}

// execute runs the process and returns its exit code. What it prints goes to a file beside its reports.
func (f *Fleet) execute(t *Target, folder string, clones int) (code int, err error) {
	log, err := os.Create(filepath.Join(folder, logFile))
	if err != nil {
		return reports.ExitIncomplete, fmt.Errorf("what it prints can't be kept: %w", err)
	}
	defer func() { _ = log.Close() }() // its report counts
	args := []string{"run", "--quiet", "--color=never", "--ci=none", "--name=" + t.Name}
	for flag, file := range map[string]string{"junit": "report.xml", "json": "report.json", "html": "report.html", "markdown": "report.md"} {
		args = append(args, "--"+flag+"="+filepath.Join(folder, file))
	}
	args = append(args, "--metrics="+filepath.Join(f.OutputDir, "metrics", t.folder+".prom"))
	if f.Record {
		args = append(args, "--record="+filepath.Join(folder, "run.jsonl"))
	}
	if clones > 0 {
		args = append(args, "--max-clones="+strconv.Itoa(clones))
	}
	cmd := exec.Command(f.Program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = t.Environ, log, log, process.OwnGroup()
	if err := f.start(cmd); err != nil {
		return reports.ExitIncomplete, err
	}
	err = cmd.Wait()
	f.mu.Lock()
	delete(f.running, cmd)
	f.mu.Unlock()
	if !cmd.ProcessState.Exited() {
		return reports.ExitIncomplete, fmt.Errorf("its process was killed: %w", err)
	}
	return cmd.ProcessState.ExitCode(), nil
}

// start starts a process, unless the fleet was ended: one that starts afterwards would not be told to end.
func (f *Fleet) start(cmd *exec.Cmd) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		return fmt.Errorf("not judged: the fleet was ended before")
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("its process does not start: %w", err)
	}
	f.running[cmd] = true
	return nil
}

// told tells that a target was judged.
func (f *Fleet) told(o Outcome, begun time.Time) Outcome {
	f.mu.Lock()
	f.ended++
	ended := f.ended
	f.mu.Unlock()
	f.Note(fmt.Sprintf("%s: %s (%.1f s; %d of %d)", o.Target.Name, o.Conclusion, time.Since(begun).Seconds(), ended, len(f.Targets)))
	return o
}

// lastError is the last line in which a run told an error.
func lastError(file string) string {
	const longest = 64 << 10
	log, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer func() { _ = log.Close() }() // it was only read
	if info, err := log.Stat(); err == nil && info.Size() > longest {
		_, _ = log.Seek(-longest, io.SeekEnd)
	}
	text, _ := io.ReadAll(io.LimitReader(log, longest))
	last := ""
	for line := range strings.Lines(string(text)) {
		if said, found := strings.CutPrefix(line, "libdrives-conformance: "); found {
			last = strings.TrimSpace(said)
		}
	}
	return last
}

// Worst is the exit code that counts of all: what was shown to be wrong, then what could not be judged.
func Worst(outcomes []Outcome) int {
	worst := reports.ExitConforms
	order := map[int]int{reports.ExitConforms: 0, reports.ExitLeftBehind: 1, reports.ExitNothingJudged: 2, reports.ExitIncomplete: 3, reports.ExitDoesNot: 4}
	for _, o := range outcomes {
		code := o.ExitCode
		if _, known := order[code]; !known {
			code = reports.ExitIncomplete
		}
		if order[code] > order[worst] {
			worst = code
		}
	}
	return worst
}
