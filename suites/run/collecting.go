package run

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// maxRounds bounds how often the plan may grow: what a spec looks at depends on answers that depend on answers, three
// or four deep.
const maxRounds = 32

// wrongly are the requirements for which wrong credentials are sent.
var wrongly = [...]string{"AUTH-02", "AUTH-05", "ROBUST-07"}

// collect asks for everything that the selected requirements look at, and takes again what they find to differ between two
// answers, before anyone is accused. Then it runs the scenarios that they look at, and asks for what they look at
// because of them.
func (r *runner) collect(ctx context.Context) error {
	ids := make([]string, len(r.selected))
	for i, requirement := range r.selected {
		ids[i] = requirement.ID
	}
	if slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(wrongly[:], id) }) {
		r.Observer.Note(fmt.Sprintf("at most %d requests have a wrong password or digest (%s), and right ones stand between them: an account may lock", client.MostWrong, strings.Join(wrongly[:], ", ")))
	}
	if err := r.collectTwice(ctx, ids); err != nil {
		return err
	}
	if scenarios, tellers := r.awaited(ids); len(scenarios) > 0 {
		if err := r.runScenarios(ctx, scenarios); err != nil {
			return err
		}
		if err := r.collectTwice(ctx, tellers); err != nil {
			return err
		}
	}
	return r.collectLacking(ctx, ids)
}

// collectLacking asks for what the verdicts turn out to rest on besides.
func (r *runner) collectLacking(ctx context.Context, ids []string) error {
	for range maxRounds {
		found := make([][]judge.Unasked, len(ids))
		onAllCores(len(ids), func(i int) { found[i] = r.evaluator.Lacking(ids[i], r.specs.Spec(ids[i])) })
		var lacking [2]wantedReads // of the first round, and of the second
		for i, id := range ids {
			for _, unasked := range found[i] {
				if r.evaluator.Record.Answer(unasked.Read.Key(), unasked.Round) == nil {
					lacking[unasked.Round-1].add(unasked.Read, id)
				}
			}
		}
		if len(lacking[0].reads)+len(lacking[1].reads) == 0 {
			return nil
		}
		r.evaluator.Reconsider()
		for i := range lacking {
			wants, round := lacking[i].wants(), i+1
			var done atomic.Int64
			err := r.client.Collect(ctx, wants, round, func(*evidence.Exchange) {
				r.Observer.Collecting(int(done.Add(1)), len(wants), phase(round))
			})
			if err != nil {
				return context.Cause(ctx)
			}
		}
	}
	return fmt.Errorf("what the verdicts rest on did not come to an end within %d rounds", maxRounds)
}

// collectTwice asks for what the requirements look at, and again for what they find to differ.
func (r *runner) collectTwice(ctx context.Context, ids []string) error {
	differing, err := r.collectFor(ctx, ids, 1)
	if err != nil {
		return err
	}
	r.evaluator.Settled = true
	defer func() { r.evaluator.Settled = false }()
	if differing, err = r.alsoDiffering(ctx, differing); err != nil || len(differing) == 0 {
		return err
	}
	r.Observer.Note("taken again, before anyone is accused: " + strings.Join(differing, ", "))
	if err := r.collectAtOnce(ctx, differing); err != nil {
		return err
	}
	_, err = r.collectFor(ctx, differing, 2)
	return err
}

// alsoDiffering are those that find a difference and, of the requirements that compare whatever was read, those that find one now
// that all of it has come.
func (r *runner) alsoDiffering(ctx context.Context, differing []string) ([]string, error) {
	var comparing []string
	for id := range r.comparing {
		if !slices.Contains(differing, id) {
			comparing = append(comparing, id)
		}
	}
	slices.SortFunc(comparing, r.catalogue.Compare)
	clear(r.comparing)
	more, err := r.collectFor(ctx, comparing, 1)
	differing = append(differing, more...)
	slices.SortFunc(differing, r.catalogue.Compare)
	return differing, err
}

// collectAtOnce takes again all that the requirements looked at, side by side: what was compared is to be compared as of
// one moment, however many answers it took to find out what to compare.
func (r *runner) collectAtOnce(ctx context.Context, ids []string) error {
	const round = 2
	var all wantedReads
	for _, id := range ids {
		for _, read := range r.evaluator.Evaluate(id, r.specs.Spec(id), 1, true).Reads() {
			if r.evaluator.Record.Answer(read.Key(), round) == nil {
				all.add(read, id)
			}
		}
	}
	wants := all.wants()
	var done atomic.Int64
	err := r.client.Collect(ctx, wants, round, func(*evidence.Exchange) {
		r.Observer.Collecting(int(done.Add(1)), len(wants), phase(round))
	})
	if err != nil {
		return context.Cause(ctx)
	}
	return nil
}

// awaited are the scenarios that the requirements look at, and the requirements that do.
func (r *runner) awaited(ids []string) (scenarios []steps.Scenario, tellers []string) {
	for _, id := range ids {
		if len(r.awaiting[id]) == 0 {
			continue
		}
		tellers = append(tellers, id)
		for _, scenario := range r.awaiting[id] {
			if !slices.Contains(scenarios, scenario) {
				scenarios = append(scenarios, scenario)
			}
		}
	}
	return scenarios, tellers
}

// wantedReads are reads, each once, with the requirements that want them.
type wantedReads struct {
	reads    []*judge.Asked
	purposes map[*judge.Asked]*purpose
}

func (w *wantedReads) add(read *judge.Asked, id string) {
	if w.purposes == nil {
		w.purposes = map[*judge.Asked]*purpose{}
	}
	known := w.purposes[read]
	if known == nil {
		known = &purpose{}
		w.purposes[read] = known
		w.reads = append(w.reads, read)
	}
	known.add(id)
}

// begin has the read of a key come first, where it is one of them.
func (w *wantedReads) begin(key string) {
	if at := slices.IndexFunc(w.reads, func(read *judge.Asked) bool { return read.Key() == key }); at > 0 {
		read := w.reads[at]
		w.reads = slices.Insert(slices.Delete(w.reads, at, at+1), 0, read)
	}
}

func (w *wantedReads) wants() []client.Want {
	wants := make([]client.Want, len(w.reads))
	texts := map[string]string{} // each once: most are the same
	for i, read := range w.reads {
		text := w.purposes[read].String()
		if known, is := texts[text]; is {
			text = known
		} else {
			texts[text] = text
		}
		wants[i] = client.Want{Read: read.Read, Purpose: text}
	}
	return wants
}

// purpose names the requirements that a read is for, as far as a header holds them.
type purpose struct {
	named []string
	more  int
}

func (p *purpose) add(id string) {
	const most = 6
	if len(p.named) < most {
		p.named = append(p.named, id)
	} else {
		p.more++
	}
}

func (p *purpose) String() string {
	text := strings.Join(p.named, ",")
	if p.more > 0 {
		text += fmt.Sprintf(" and %d more", p.more)
	}
	return text
}

func phase(round int) string {
	if round > 1 {
		return "reading again"
	}
	return "reading"
}
