package selftest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/fixtures/generated"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/run"
)

// BlindOptions say of which run the blind spots are looked for, and how.
type BlindOptions struct {
	Options
	Report *reports.Report
	Seen   *run.Seen
	Sample int           // how many generated faults are tried; 0 is DefaultBlindSample, negative is none
	Within time.Duration // how long it may take; 0 is BlindTime or BlindWriteTime
}

// Defaults of looking for blind spots.
const (
	MostServed         = 100              // drives of a library that are served again
	MostSeen           = 5000             // drives of it that are looked at for those
	DefaultBlindSample = 100              // generated faults
	BlindTime          = 30 * time.Second // for a run that only reads
	BlindWriteTime     = 90 * time.Second
	blindCloneTime     = 30 * time.Millisecond
)

// BlindSpots looks for what a run would not have noticed. It serves what the run saw on the reference endpoint, and sends nothing
// to the endpoint that was judged.
func BlindSpots(ctx context.Context, o BlindOptions) (*reports.BlindSpots, error) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, err
	}
	own, leftOut, err := fixtures.ReadSeen(fixtures.Seen{Drives: o.Seen.Drives, Licences: o.Seen.Licences, DefaultLimit: o.Seen.DefaultLimit, CloneNaming: o.Seen.CloneNaming})
	if err != nil {
		return nil, fmt.Errorf("the library that was seen can't be served again: %w", err)
	}
	own = own.Cut(MostServed, foremost(o.Seen))
	o.CloneTime = cmp.Or(o.CloneTime, blindCloneTime)
	within := BlindTime
	if o.Report.Configuration.Profile != requirement.ReadProfile {
		within = BlindWriteTime
	}
	b := &blind{selftest: newSelftest(o.Options, 0), catalogue: catalogue, report: o.Report, own: own}
	for _, result := range o.Report.Results {
		b.selected = append(b.selected, result.Requirement.ID)
	}
	began, limit := time.Now(), cmp.Or(o.Within, within)
	found := &reports.BlindSpots{Library: o.Seen.Total, Served: own.Size(), LeftOut: leftOut, Sampled: b.sampled(o.Seen.Total), Beyond: b.beyond(), Limit: limit}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	named, made := b.named(), b.made(cmp.Or(o.Sample, DefaultBlindSample))
	b.planned = len(named) + len(made)
	switch err := b.lookAtSound(timed); {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case timed.Err() != nil:
		found.Untried, found.Duration = b.planned, time.Since(began)
		return found, nil
	case err != nil:
		return nil, err
	}
	named, made = b.judgeable(named), b.judgeable(made)
	toTry, stop := context.WithTimeout(ctx, limit*3/4) // the rest is for what would open them
	defer stop()
	blind, count, untried := b.lookAtAll(toTry, named)
	found.Named, found.Untried = count, untried
	more, count, untried := b.lookAtAll(toTry, made)
	blind, found.Made, found.Untried = append(blind, more...), count, found.Untried+untried
	found.Spots = append(b.spots(timed, blind), b.filters(timed, o.Seen.Filters)...)
	slices.SortStableFunc(found.Spots, func(x, y reports.BlindSpot) int {
		return cmp.Compare(b.areaAt(x.Area), b.areaAt(y.Area))
	})
	found.Duration = time.Since(began)
	return found, context.Cause(ctx)
}

// blind looks for the blind spots of one run.
type blind struct {
	*selftest
	catalogue *requirement.Catalogue
	report    *reports.Report
	own       *fixtures.OwnLibrary
	selected  []string
	unsound   map[string]bool // what the library that was seen breaks by itself, with nothing else wrong
}

// trial is a wrong behaviour that is tried.
type trial struct {
	name, says string
	breaks     []string
	options    fixtures.Options
	auth       string
	comes      bool
}

// setting is where a trial is judged.
type setting struct {
	library *fixtures.OwnLibrary // nil is the reference endpoint's own
	ids     []string
	profile requirement.Profile
	sample  int
}

// here is the setting of the run itself, for some of its requirements.
func (b *blind) here(ids []string) setting {
	return setting{b.own, ids, b.report.Configuration.Profile, b.sample()}
}

// sampled is how many drives of a library the run looked at one by one.
func (b *blind) sampled(all int) int {
	if b.sample() < 0 {
		return all
	}
	return min(b.sample(), all)
}

func (b *blind) sample() int {
	if b.report.Configuration.Sample <= 0 {
		return -1
	}
	return b.report.Configuration.Sample
}

// judged is a run of a trial in a setting.
func (b *blind) judged(ctx context.Context, t trial, s setting) (*reports.Report, error) {
	options := t.options
	options.Own, options.CloneTime, options.Seed = s.library, b.CloneTime, b.report.Configuration.Seed
	result := run.RunContext(ctx, failing{}, run.Config{
		Level: requirement.May, Profile: s.profile, Select: strings.Join(s.ids, ","), Sample: s.sample, Seed: b.report.Configuration.Seed, Reference: options,
		Auth: cmp.Or(t.auth, "basic"), Version: b.Tool.Version, Timeout: b.Timeout, RetryDelay: 5 * time.Millisecond,
		VerdictsOnly: true, Shared: b.shared,
	}, b.Specs, nil)
	defer result.Close()
	switch {
	case ctx.Err() != nil:
		return nil, notTested(ctx)
	case result.Report == nil:
		return nil, result.Err
	}
	return result.Report, nil
}

// notices reports whether a run in the setting is not as it is without the trial.
func (b *blind) notices(ctx context.Context, t trial, s setting) (bool, error) {
	report, err := b.judged(ctx, t, s)
	if err != nil {
		return false, err
	}
	if t.comes && len(report.Unstable) > 0 {
		return true, nil
	}
	if s.library != nil {
		report.Results = slices.DeleteFunc(report.Results, func(r reports.Result) bool { return b.unsound[r.Requirement.ID] })
	}
	code := report.ExitCode()
	return code != reports.ExitConforms && code != reports.ExitNothingJudged, nil
}

// lookAtSound learns what the library breaks by itself.
func (b *blind) lookAtSound(ctx context.Context) error {
	report, err := b.judged(ctx, trial{}, b.here(b.selected))
	if err != nil {
		return err
	}
	b.unsound = map[string]bool{}
	for _, result := range report.Results {
		if result.Verdict == reports.Fail || result.Verdict == reports.Blocked {
			b.unsound[result.Requirement.ID] = true
		}
	}
	return nil
}

// named are the faults of the reference endpoint that the run could have noticed.
func (b *blind) named() []trial {
	var trials []trial
	for _, f := range fixtures.Faults() {
		if len(b.within(f.Breaks)) == 0 {
			continue
		}
		trials = append(trials, trial{name: f.Name, says: sentence(f.Why), breaks: f.Breaks, options: fixtures.Options{Faults: []string{f.Name}}, auth: f.Login})
	}
	return trials
}

// made are generated faults of which the table says what they break, drawn by the seed.
func (b *blind) made(n int) []trial {
	if n < 0 {
		return nil
	}
	seed := b.report.Configuration.Seed
	decided := slices.DeleteFunc(generated.All(seed), func(f generated.Fault) bool { return len(b.within(f.Breaks)) == 0 || f.Open != "" })
	var trials []trial
	for _, f := range generated.Sample(decided, n, seed) {
		trials = append(trials, trial{name: f.Name(), says: f.Name(), breaks: f.Breaks, options: fixtures.Options{Bend: f.Bend()}, comes: f.Comes})
	}
	return trials
}

// judgeable are those that a requirement notices which the library does not break by itself.
func (b *blind) judgeable(trials []trial) []trial {
	return slices.DeleteFunc(trials, func(t trial) bool { return len(b.within(t.breaks)) == 0 })
}

// foremost are the uuids of what was seen, in its order.
func foremost(seen *run.Seen) (uuids []string) {
	for _, drive := range seen.Drives {
		var d struct {
			UUID string `json:"uuid"`
		}
		if json.Unmarshal([]byte(drive), &d) == nil {
			uuids = append(uuids, d.UUID)
		}
	}
	return uuids
}

// sentence is the first one of a text.
func sentence(text string) string {
	first, _, _ := strings.Cut(text, ". ")
	return strings.TrimSuffix(first, ".")
}

// within are those of the requirements that the run judged.
func (b *blind) within(ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(b.selected, id) || b.unsound[id] })
}

// tried is what became of a trial.
type tried struct {
	trial
	done, noticed, neither bool
}

// look tries a wrong behaviour: first by the requirements that it breaks alone, which takes little time, and where they do not
// notice it by all that the run judged. Where the time is over, it is not done.
func (b *blind) look(ctx context.Context, t trial) tried {
	here := b.here(b.within(t.breaks))
	there := here
	there.library, there.sample = nil, -1
	all := func(s setting) setting {
		s.ids = b.selected
		return s
	}
	notices := func(settings ...setting) (bool, error) {
		for _, s := range settings {
			if noticed, err := b.notices(ctx, t, s); noticed || err != nil {
				return noticed, err
			}
		}
		return false, nil
	}
	noticed, err := notices(here)
	if err != nil || noticed {
		return tried{trial: t, done: err == nil, noticed: noticed}
	}
	if noticed, err = notices(there); err != nil || !noticed {
		return tried{trial: t, done: err == nil, neither: true}
	}
	noticed, err = notices(all(here))
	return tried{trial: t, done: err == nil, noticed: noticed}
}

// lookAtAll tries all of them, those that come first by chance first: where the time is not enough, something was tried of every
// area.
func (b *blind) lookAtAll(ctx context.Context, trials []trial) (blind []trial, count reports.BlindCount, untried int) {
	outcomes := make([]tried, len(trials))
	var group errgroup.Group
	group.SetLimit(b.Parallel)
	for _, i := range rand.New(rand.NewPCG(b.report.Configuration.Seed, 3)).Perm(len(trials)) {
		group.Go(func() error {
			outcomes[i] = b.look(ctx, trials[i])
			b.tested(ctx, trials[i].name, outcomes[i].noticed || outcomes[i].neither)
			return nil
		})
	}
	_ = group.Wait() // none of them returns an error
	for _, o := range outcomes {
		switch {
		case !o.done:
			untried++
			continue
		case o.noticed:
			count.Noticed++
		case o.neither:
			count.Neither++
		default:
			count.Blind++
			blind = append(blind, o.trial)
		}
		count.Tried++
	}
	return blind, count, untried
}

// spots are the blind spots, each with what would open it.
func (b *blind) spots(ctx context.Context, blind []trial) []reports.BlindSpot {
	spots := make([]reports.BlindSpot, len(blind))
	var group errgroup.Group
	group.SetLimit(b.Parallel)
	for i, t := range blind {
		group.Go(func() error {
			spots[i] = b.spot(ctx, t)
			return nil
		})
	}
	_ = group.Wait() // none of them returns an error
	return spots
}

func (b *blind) areaAt(name string) int {
	return slices.IndexFunc(b.catalogue.Areas(), func(a requirement.Area) bool { return a.Name == name })
}

// area is that of a requirement.
func area(id string) string {
	name, _, _ := strings.Cut(id, "-")
	return name
}
