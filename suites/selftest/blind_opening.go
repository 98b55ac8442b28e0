package selftest

import (
	"context"
	"slices"
	"strings"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/run"
)

// spot is a blind spot with what would open it, which is found by trying: every drive looked at one by one, traits that the
// library lacks, and a profile that goes further.
func (b *blind) spot(ctx context.Context, t trial) reports.BlindSpot {
	ids := b.within(t.breaks)
	spot := reports.BlindSpot{Area: area(ids[0]), Requirements: ids, Fault: t.name, Says: t.says}
	opens := func(s setting) bool {
		noticed, err := b.notices(ctx, t, s)
		return err == nil && noticed
	}
	all := b.here(ids)
	all.sample = -1
	if b.sample() >= 0 && opens(all) {
		spot.Because, spot.Opens = "it lies with a drive that is not one of the sample", "--sample all"
		return spot
	}
	traits := b.opening(b.own.Lacking(), func(traits []fixtures.Trait) bool {
		richer := b.here(ids)
		richer.library = b.own.With(traits...)
		return opens(richer)
	})
	if len(traits) > 0 {
		var lacks, names []string
		for _, trait := range traits {
			lacks, names = append(lacks, trait.Lacks), append(names, trait.Name)
		}
		spot.Because, spot.Opens = strings.Join(lacks, ", and "), strings.Join(names, ", and ")
		return spot
	}
	for _, profile := range []requirement.Profile{requirement.WriteProfile, requirement.FullProfile} {
		further := b.here(nil)
		further.profile, further.ids = profile, b.allowed(t.breaks, profile)
		if b.report.Configuration.Profile != requirement.FullProfile && len(further.ids) > len(ids) && opens(further) {
			spot.Because, spot.Opens = "what reads tell is not enough", "--profile "+string(profile)
			return spot
		}
	}
	spot.Unsought = ctx.Err() != nil
	return spot
}

// opening are the traits that open a blind spot, as few as can be, and no more than mostTogether; none where they do not. Those
// that come first are plainer: it is looked for how many of the first it takes, which trait that adds, and what it needs beside.
func (b *blind) opening(lacking []fixtures.Trait, opens func([]fixtures.Trait) bool) (chosen []fixtures.Trait) {
	const mostTogether = 3
	if len(lacking) == 0 || !opens(lacking) {
		return nil
	}
	for left := lacking; len(chosen) < mostTogether; {
		if len(chosen) > 0 && opens(chosen) {
			return chosen
		}
		with := func(n int) []fixtures.Trait { return slices.Concat(left[:n], chosen) }
		from, to := 0, len(left) // the first from do not open it, the first to do
		for to-from > 1 {
			if half := (from + to) / 2; opens(with(half)) {
				to = half
			} else {
				from = half
			}
		}
		if to == 0 {
			break
		}
		chosen, left = append(chosen, left[to-1]), left[:to-1]
	}
	return chosen
}

// allowed are those of the requirements that a profile judges.
func (b *blind) allowed(ids []string, profile requirement.Profile) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		r, err := b.catalogue.Lookup(id)
		return err != nil || !profile.Allows(r.Effect)
	})
}

// beyond is how much the run left alone.
func (b *blind) beyond() reports.BeyondProfile {
	profile := b.report.Configuration.Profile
	beyond := reports.BeyondProfile{Catalogue: len(b.catalogue.All()), Faults: len(fixtures.Faults())}
	allowed := map[string]bool{}
	for _, r := range b.catalogue.All() {
		allowed[r.ID] = profile.Allows(r.Effect)
		switch {
		case !allowed[r.ID]:
			beyond.ByProfile++
		case !slices.Contains(b.selected, r.ID):
			beyond.BySelection++
		}
	}
	for _, f := range fixtures.Faults() {
		if !slices.ContainsFunc(f.Breaks, func(id string) bool { return allowed[id] }) {
			beyond.FaultsBeyond++
		}
	}
	return beyond
}

// filters are the wrong ways to filter that the library has no drives for, and the reference endpoint's own has.
func (b *blind) filters(ctx context.Context, untold []run.UntoldFilter) []reports.BlindSpot {
	judges := slices.ContainsFunc(b.selected, func(id string) bool { return area(id) == "FILTER" })
	if !judges || len(untold) == 0 {
		return nil
	}
	ours, err := b.untoldByOurs(ctx)
	if err != nil {
		return nil
	}
	left := slices.DeleteFunc(slices.Clone(untold), func(u run.UntoldFilter) bool { return slices.Contains(ours, u) })
	var spots []reports.BlindSpot
	for _, group := range gathered(left) {
		spots = append(spots, group.spot())
	}
	return spots
}

// untoldGroup are filters that go wrong in the same ways, for want of the same.
type untoldGroup struct {
	filters, ways []string
	lacks, opens  string
}

// gathered puts together what is said alike: first the ways of a filter, then the filters.
func gathered(untold []run.UntoldFilter) (groups []untoldGroup) {
	var single []untoldGroup
	for _, u := range untold {
		at := slices.IndexFunc(single, func(g untoldGroup) bool { return g.filters[0] == u.Filter && g.lacks == u.Lacks })
		if at < 0 {
			at, single = len(single), append(single, untoldGroup{filters: []string{u.Filter}, lacks: u.Lacks, opens: u.Opens})
		}
		single[at].ways = append(single[at].ways, u.Way)
	}
	for _, one := range single {
		at := slices.IndexFunc(groups, func(g untoldGroup) bool { return g.lacks == one.lacks && slices.Equal(g.ways, one.ways) })
		if at < 0 {
			groups = append(groups, one)
			continue
		}
		groups[at].filters = append(groups[at].filters, one.filters...)
	}
	return groups
}

func (g untoldGroup) spot() reports.BlindSpot {
	fields := make([]string, len(g.filters))
	for i, filter := range g.filters {
		fields[i] = strings.TrimPrefix(strings.TrimSuffix(filter, "__icontains"), "three values of ")
	}
	said := func(text string) string { return strings.ReplaceAll(text, "%", strings.Join(fields, " or ")) }
	return reports.BlindSpot{
		Area: "FILTER", Requirements: []string{"FILTER-19"}, Says: "Filtering by " + strings.Join(g.filters, " or ") + ": " + strings.Join(g.ways, "; or "),
		Because: said(g.lacks), Opens: said(g.opens),
	}
}

// untoldByOurs are the wrong ways to filter that the reference endpoint's own library has no drives for.
func (b *blind) untoldByOurs(ctx context.Context) ([]run.UntoldFilter, error) {
	result := run.RunContext(ctx, failing{}, run.Config{Select: "LIST-01,LIST-05", Profile: requirement.ReadProfile, Timeout: b.Timeout, Seed: b.report.Configuration.Seed}, b.Specs, nil)
	defer result.Close()
	if ctx.Err() != nil {
		return nil, notTested(ctx)
	}
	seen, err := result.Seen(1)
	if err != nil {
		return nil, err
	}
	return seen.Filters, nil
}
