package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/fixtures"
)

// mutant is a suite without some assertions.
type mutant struct {
	id   string // the spec that is without them
	at   string // the site of the one that is taken out, or the spec's own where all are
	line string // its text
	out  string // what the variable MUTATE_OUT says
}

// survivor is a mutant that selftest does not notice.
type survivor struct {
	mutant
	how    string
	reason string // why that is no defect; empty where nobody said
}

func (s survivor) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s  suites/%s: %s  %s", s.id, s.at, s.how, s.line))
}

// tally is what was tried.
type tally struct {
	mutants int
	specs   []string
}

// outcome is as much of selftest's JSON as counts here.
type outcome struct {
	Name    string   `json:"name"`
	Killed  []string `json:"killed"`
	Problem string   `json:"problem"`
}

// trial is a suite on trial.
type trial struct {
	*suite
	folder string
	kills  map[string][]string // for each requirement, the faults that it kills while it is whole
	made   map[string][]string // for each requirement, the sites of the assertions that it makes
}

// try takes assertions out and returns those that nobody missed, in the order of the files.
func try(ctx context.Context, o options, progress io.Writer) (survivors []survivor, tried tally, err error) {
	folder, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, tried, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	printf(progress, "building the suite so that its assertions can be taken out")
	built, err := load(ctx, folder)
	if err != nil {
		return nil, tried, err
	}
	t := &trial{suite: built, folder: folder}
	t.specs = slices.DeleteFunc(t.specs, func(s spec) bool { return len(o.only) > 0 && !slices.Contains(o.only, s.id) })
	printf(progress, "judging the faults that %d specs should kill, with every assertion in place", len(t.specs))
	if err := t.baseline(ctx); err != nil {
		return nil, tried, err
	}
	mutants, survivors := t.mutants(o.each)
	for _, s := range t.specs {
		tried.specs = append(tried.specs, s.id)
	}
	tried.mutants = len(mutants) + len(survivors)
	if o.each && len(o.only) == 0 {
		idle := t.idle()
		tried.mutants += len(idle)
		survivors = append(survivors, idle...)
	}
	var group errgroup.Group
	group.SetLimit(o.parallel)
	var mu sync.Mutex
	for i, m := range mutants {
		group.Go(func() error {
			noticed, err := t.noticed(ctx, i, m)
			if err != nil {
				return fmt.Errorf("%s without %s: %w", m.id, m.at, err)
			}
			mu.Lock()
			defer mu.Unlock()
			verdict := "noticed"
			if !noticed {
				verdict = "SURVIVED"
				survivors = append(survivors, survivor{mutant: m, how: fmt.Sprintf("%d faults are killed without it", len(t.kills[m.id]))})
			}
			printf(progress, "%4d of %d  %s  %s  %s", i+1, len(mutants), m.id, m.at, verdict)
			return nil
		})
	}
	err = group.Wait()
	slices.SortStableFunc(survivors, func(a, b survivor) int { return t.order(a) - t.order(b) })
	return survivors, tried, err
}

// order is the place of a survivor in the list: that of its spec.
func (t *trial) order(s survivor) int {
	return slices.IndexFunc(t.specs, func(spec spec) bool { return spec.id == s.id })
}

// baseline judges the faults with every assertion in place: which requirement kills which, and which assertions each
// makes.
func (t *trial) baseline(ctx context.Context) error {
	var ids []string
	for _, s := range t.specs {
		if slices.ContainsFunc(fixtures.Faults(), func(f fixtures.Fault) bool { return slices.Contains(f.Breaks, s.id) }) {
			ids = append(ids, s.id)
		}
	}
	t.kills, t.made = map[string][]string{}, map[string][]string{}
	if len(ids) == 0 {
		return nil
	}
	trace := filepath.Join(t.folder, "trace")
	outcomes, err := t.selftest(ctx, "baseline", ids, "MUTATE_TRACE="+trace)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		for _, id := range o.Killed {
			t.kills[id] = append(t.kills[id], o.Name)
		}
	}
	file, err := os.Open(trace)
	if err != nil {
		return fmt.Errorf("no assertion was made: %w", err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		id, at, _ := strings.Cut(lines.Text(), " ")
		t.made[id] = append(t.made[id], at)
	}
	return lines.Err()
}

// mutants are those to be tried. Where a spec kills no fault even while it is whole, nothing can notice what is taken
// out of it: it survives untried.
func (t *trial) mutants(each bool) (mutants []mutant, untried []survivor) {
	for _, s := range t.specs {
		whole := mutant{id: s.id, at: s.at, out: s.id}
		switch {
		case len(t.kills[s.id]) == 0:
			untried = append(untried, survivor{mutant: whole, how: "no fault is killed by it as it is"})
		case !each:
			mutants = append(mutants, whole)
		default:
			slices.Sort(t.made[s.id])
			for _, at := range t.made[s.id] {
				mutants = append(mutants, mutant{id: s.id, at: at, line: t.sites[at].line, out: s.id + " " + at})
			}
		}
	}
	return mutants, untried
}

// idle are the assertions that no spec came to under any fault.
func (t *trial) idle() []survivor {
	reached := map[string]bool{}
	for _, sites := range t.made {
		for _, at := range sites {
			reached[at] = true
		}
	}
	var idle []survivor
	for at, site := range t.sites {
		if !reached[at] {
			idle = append(idle, survivor{mutant: mutant{id: "-", at: at, line: site.line}, how: "no spec comes to it"})
		}
	}
	slices.SortFunc(idle, func(a, b survivor) int { return strings.Compare(a.at, b.at) })
	return idle
}

// noticed reports whether a fault that the spec kills while it is whole survives the mutant. The faults are judged one
// by one, since the first mostly shows it.
func (t *trial) noticed(ctx context.Context, number int, m mutant) (bool, error) {
	for _, fault := range t.kills[m.id] {
		outcomes, err := t.selftest(ctx, fmt.Sprintf("mutant %d", number), []string{fault}, "MUTATE_OUT="+m.out)
		if err != nil {
			return false, err
		}
		if len(outcomes) != 1 || outcomes[0].Name != fault || outcomes[0].Problem != "" {
			return false, fmt.Errorf("the fault %s was not judged: %v", fault, outcomes)
		}
		if !slices.Contains(outcomes[0].Killed, m.id) {
			return true, nil
		}
	}
	return false, nil
}

// selftest runs the mutated program and returns what became of each fault.
func (t *trial) selftest(ctx context.Context, name string, only []string, environ ...string) ([]outcome, error) {
	file := filepath.Join(t.folder, name+".json")
	cmd := exec.CommandContext(ctx, t.binary, "selftest", "--quiet", "--only", strings.Join(only, ","), "--json", file)
	cmd.Env = append(os.Environ(), environ...)
	output, err := cmd.CombinedOutput()
	var exited *exec.ExitError
	if err != nil && (!errors.As(err, &exited) || exited.ExitCode() != exitSurvived) { // that a fault survives is what this is about
		return nil, fmt.Errorf("selftest: %w\n%s", err, output)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var matrix struct {
		Faults []outcome `json:"faults"`
	}
	if err := json.Unmarshal(text, &matrix); err != nil {
		return nil, fmt.Errorf("selftest's JSON can't be read: %w", err)
	}
	return matrix.Faults, nil
}
