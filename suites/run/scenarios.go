package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/scenarios"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// scenarioRun are the scenarios that a run was asked for, on their way.
type scenarioRun struct {
	*runner
	wanted  []steps.Scenario
	chosen  []scenarios.Scenario
	settled bool // nothing is left, nor may be
}

// runScenarios runs the scenarios that the selected requirements look at, and removes whatever they made. What keeps a
// scenario from being run is noted for the specs; an error says that the run itself was ended.
func (r *runner) runScenarios(ctx context.Context, wanted []steps.Scenario) error {
	e := &scenarioRun{runner: r, wanted: wanted}
	material, blocked, err := r.pickMaterial(ctx)
	if err != nil {
		return err
	}
	if blocked != (reports.Cause{}) {
		e.note(judge.Outcome{Blocked: blocked})
		return nil
	}
	e.choose(material)
	if len(e.chosen) == 0 {
		return nil
	}
	file, err := r.journalFile()
	if err != nil {
		e.note(judge.Outcome{Blocked: reports.Cause{Kind: reports.CauseScenario, Detail: err.Error()}})
		return nil
	}
	e.planned = e.plan()
	e.announce(file.path)
	if r.DryRun {
		r.Observer.Note("dry run: nothing is made, so what can only be seen by doing is skipped")
		e.note(judge.Outcome{Skipped: "dry run: nothing was made, so this was not judged", Cause: reports.CauseDryRun})
		return nil
	}
	journal, err := account.OpenJournal(file.path, r.id, r.base.String())
	if err != nil {
		e.note(judge.Outcome{Blocked: reports.Cause{Kind: reports.CauseScenario, Detail: err.Error()}})
		return nil
	}
	defer func() {
		if err := journal.Close(); err != nil {
			r.warnings = append(r.warnings, "the journal could not be closed: "+err.Error())
		}
		if err := file.discard(e.settled); err != nil {
			r.warnings = append(r.warnings, "the journal could not be removed: "+err.Error())
		}
	}()
	return e.runAll(ctx, journal, material)
}

// note notes why the scenarios that were not run won't be.
func (e *scenarioRun) note(why judge.Outcome) {
	for _, name := range e.wanted {
		if _, known := e.evaluator.Outcomes[name]; !known {
			e.evaluator.Outcomes[name] = why
		}
	}
}

// choose takes of the scenarios those that are wanted, that the library has material for and that --max-clones leaves
// room for, in their order.
func (e *scenarioRun) choose(material scenarios.Material) {
	room := e.MaxClones
	for _, scenario := range scenarios.Choose(material, e.Profile.Allows(requirement.Probe)) {
		if !slices.Contains(e.wanted, steps.Scenario(scenario.Name)) {
			continue
		}
		clones := len(scenario.Makes.Clones)
		if e.MaxClones > 0 && clones > room && !scenario.Spare {
			e.evaluator.Outcomes[steps.Scenario(scenario.Name)] = judge.Outcome{
				Skipped: fmt.Sprintf("it needs %s, and --max-clones %d leaves room for %d", counted(clones, "more clone"), e.MaxClones, room),
				Cause:   reports.CauseMaxClones,
			}
			continue
		}
		// What should be refused makes a drive on a broken endpoint only: its steps see for themselves whether there is room.
		room -= min(clones+scenario.Makes.Refused, room)
		e.chosen = append(e.chosen, scenario)
	}
	for _, name := range e.wanted {
		_, known := e.evaluator.Outcomes[name]
		if !known && !slices.ContainsFunc(e.chosen, func(x scenarios.Scenario) bool { return x.Name == string(name) }) {
			lacking := "disk"
			if name == steps.Attaching {
				lacking = "CDROM"
			}
			e.evaluator.Outcomes[name] = judge.Outcome{Skipped: "the library has no " + lacking}
		}
	}
}

// missingFrom is the first kind of drive that the material has none of.
func missingFrom(m scenarios.Material) string {
	switch {
	case m.Licensed == nil && m.Unlicensed == nil:
		return "disk"
	case m.CDROM == nil:
		return "CDROM"
	case m.Licensed == nil:
		return "disk with licences"
	case m.Unlicensed == nil:
		return "disk without licences"
	}
	return ""
}

// plan is what will be made, or in a dry run would be.
func (e *scenarioRun) plan() *reports.Plan {
	plan := &reports.Plan{DryRun: e.DryRun, MaxClones: e.MaxClones}
	for _, scenario := range e.chosen {
		planned := reports.PlannedScenario{Name: scenario.Name, Servers: scenario.Makes.Servers, Refused: scenario.Makes.Refused}
		for _, source := range scenario.Makes.Clones {
			planned.Clones = append(planned.Clones, reports.PlannedClone{Source: source.UUID, Name: source.Name, Size: source.Size})
		}
		plan.Scenarios = append(plan.Scenarios, planned)
	}
	return plan
}

// announce says what will be made, before the first write. A dry run has it in its report.
func (e *scenarioRun) announce(journal string) {
	for _, line := range e.planned.Lines() {
		e.Observer.Note(line)
	}
	if !e.DryRun && journal != "" {
		e.Observer.Note("the journal, from which the command cleanup can finish, is " + journal)
	}
}

// counted writes a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// runAll runs the scenarios side by side, and cleans up whatever happens.
func (e *scenarioRun) runAll(ctx context.Context, journal *account.Journal, material scenarios.Material) error {
	opened := account.Open(account.Config{
		Client: e.client, Record: e.evaluator.Record, Journal: journal, Run: e.id,
		CloneTimeout: e.CloneTimeout, SettleTimeout: e.SettleTimeout, CleanupTimeout: e.CleanupTimeout, MaxClones: e.MaxClones, PollMin: e.pollMin(),
		StepOf: scenarios.StepOf,
		Harmed: func(h account.Harm) { e.Observer.Note(harmOf(h, nil).String()) },
		Cloned: e.cloned(),
	})
	opened.Protect(material.KnownUUIDs)
	func() {
		defer e.cleanUp(ctx, opened)
		e.Observer.Collecting(e.client.Stats().Sent, e.client.Stats().Sent, "cloning and attaching")
		scenarios.Run(ctx, opened, e.chosen)
	}()
	for _, s := range opened.Settlings() {
		e.settlings = append(e.settlings, reports.Settling{What: string(s.What), Times: s.Times, Longest: s.Longest, Never: s.Never})
	}
	for _, harm := range opened.Harm() {
		e.evaluator.Harm = append(e.evaluator.Harm, harmOf(harm, e.evaluator.Record))
	}
	ended, causes := opened.Ended(), opened.Causes()
	for _, scenario := range e.chosen {
		reason := ended[scenario.Name]
		cause := causes[scenario.Name]
		e.evaluator.Outcomes[steps.Scenario(scenario.Name)] = judge.Outcome{Ended: reason, Cause: causeOf(cause), Made: cause == account.CauseMade, Broken: reason != "" && ctx.Err() != nil, Lacks: missingFrom(material)}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// worthTelling is how long a clone has to take for its progress to be worth a line: the embedded endpoint's take no time.
const worthTelling = time.Second

// cloned tells, as each clone is done, how many are and how long the last one took.
func (e *scenarioRun) cloned() func(took time.Duration) {
	planned, _ := e.planned.Clones()
	var done atomic.Int64
	return func(took time.Duration) {
		n := done.Add(1)
		if took < worthTelling {
			return
		}
		sent := e.client.Stats().Sent
		e.Observer.Collecting(sent, sent, fmt.Sprintf("cloning and attaching: %d of %s done, the last in %.1f s", n, counted(planned, "clone"), took.Seconds()))
	}
}

// pollMin is how soon a job is looked at again: the embedded endpoint's take milliseconds.
func (e *scenarioRun) pollMin() time.Duration {
	if e.Target == "" {
		return time.Millisecond
	}
	return account.DefaultPollMin
}

// cleanUp removes what was made, and keeps for the report what was and what is left. It goes on where the run was ended.
func (e *scenarioRun) cleanUp(ctx context.Context, account *account.Account) {
	e.Observer.Collecting(e.client.Stats().Sent, e.client.Stats().Sent, "cleaning up")
	leftovers := account.Cleanup(ctx)
	e.resources.Made = resources(account.Made())
	e.resources.Left = resources(leftovers.Left)
	e.warnings = append(e.warnings, leftovers.Notes...)
	e.settled = leftovers.Settled
}

// journalFile is where a run keeps its journal.
type journalFile struct {
	path string // empty: nowhere
	kept bool   // the user named it
}

// journalFile is where the user says, or in the user's own folder. The embedded endpoint needs none: what was made there
// ends with it.
func (r *runner) journalFile() (journalFile, error) {
	if r.Journal != "" || r.Target == "" {
		return journalFile{path: r.Journal, kept: true}, nil
	}
	path, err := account.DefaultJournalPath(r.id)
	return journalFile{path: path}, err
}

// discard throws a journal away that nobody needs: settled says that nothing is left to tell.
func (f journalFile) discard(settled bool) error {
	if f.kept || !settled {
		return nil
	}
	return os.Remove(f.path)
}

// pickMaterial chooses, from the endpoint's own library, what the scenarios work with. blocked is why that can't be
// done, err why the run was ended meanwhile.
func (r *runner) pickMaterial(ctx context.Context) (material scenarios.Material, blocked reports.Cause, err error) {
	for range maxRounds {
		picked := r.evaluator.Evaluate("", func(lib *judge.Library) { material = pickSources(lib) }, 1, true)
		if len(picked.Wants) == 0 {
			if picked.Crashed != "" {
				return material, reports.Cause{Kind: reports.CauseSuite, Detail: picked.Crashed}, nil
			}
			if len(picked.Blocks) > 0 {
				return material, picked.Blocks[0], nil
			}
			if len(picked.Findings) > 0 {
				return material, reports.Cause{Kind: reports.CauseAnswer, Detail: picked.Findings[0].FoundText()}, nil
			}
			return material, reports.Cause{}, nil
		}
		wants := make([]client.Want, len(picked.Wants))
		for i, read := range picked.Wants {
			wants[i] = client.Want{Read: read.Read, Purpose: "material for the scenarios"}
		}
		if err := r.client.Collect(ctx, wants, 1, nil); err != nil {
			return material, reports.Cause{}, context.Cause(ctx)
		}
	}
	return material, reports.Cause{}, errors.New("the choice of what to clone did not come to an end")
}
