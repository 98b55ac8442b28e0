package selftest_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/run"
	"github.com/libdrives/conformance/suites/selftest"
)

// judgedLibrary is a run against a reference endpoint, and how many requests it has answered.
func judgedLibrary(t *testing.T, o fixtures.Options, c suites.Config) (result *suites.Result, requests func() int) {
	t.Helper()
	endpoint, err := fixtures.Start(o)
	if err != nil {
		t.Fatalf("the endpoint must start: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	c.Target, c.Username, c.Password = endpoint.URL(), fixtures.DefaultUsername, fixtures.DefaultPassword
	return suites.Run(ignoring{}, c), endpoint.Requests
}

type ignoring struct{}

func (ignoring) Fail() {}

// blindSpots are those of a run; options may be given beside.
func blindSpots(t *testing.T, result *suites.Result, o selftest.BlindOptions) *reports.BlindSpots {
	t.Helper()
	o.Specs, o.Report, o.Seen = suites.Specs(), result.Report, seen(t, result)
	if o.Within == 0 {
		o.Within = time.Hour
	}
	found, err := selftest.BlindSpots(t.Context(), o)
	if err != nil {
		t.Fatalf("the blind spots can't be looked for: %v", err)
	}
	return found
}

func seen(t *testing.T, result *suites.Result) *run.Seen {
	t.Helper()
	seen, err := result.Seen(selftest.MostSeen)
	if err != nil {
		t.Fatalf("the library must have been seen: %v", err)
	}
	return seen
}

func TestALibraryWithoutLicencesIsBlindForThem(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	result, requests := judgedLibrary(t, fixtures.Options{Library: "no-licences"}, suites.Config{Select: "LIC-01,LIC-02,LIST-05"})
	before := requests()
	found := blindSpots(t, result, selftest.BlindOptions{Sample: 10})
	if now := requests(); now != before {
		t.Errorf("%d requests more reached the endpoint", now-before)
	}
	at := slices.IndexFunc(found.Spots, func(s reports.BlindSpot) bool { return slices.Contains(s.Requirements, "LIC-01") })
	if at < 0 || found.Spots[at].Area != "LIC" || !strings.Contains(found.Spots[at].Because, "licence") || !strings.Contains(found.Spots[at].Opens, "licence") {
		t.Errorf("without a licence on any drive the blind spots are %+v; there should be some of LIC-01, opened by a drive with a licence", found.Spots)
	}
	if found.Named.Noticed == 0 || found.Named.Tried != found.Named.Noticed+found.Named.Blind+found.Named.Neither || found.Made.Tried != 10 || found.Untried != 0 {
		t.Errorf("the counts are %+v and %+v, and %d were not tried; some should be noticed, and all tried", found.Named, found.Made, found.Untried)
	}
	if found.Beyond.ByProfile == 0 || found.Beyond.BySelection == 0 || found.Beyond.FaultsBeyond == 0 || found.Beyond.Catalogue <= found.Beyond.ByProfile {
		t.Errorf("beyond a run that reads for three requirements lies %+v", found.Beyond)
	}
}

// TestOurOwnLibraryIsNotBlindForItself serves the reference endpoint's own library again.
func TestOurOwnLibraryIsNotBlindForItself(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	result, _ := judgedLibrary(t, fixtures.Options{}, suites.Config{Select: "LIST,OWNER-02,FILTER-05,FILTER-06"})
	found := blindSpots(t, result, selftest.BlindOptions{Sample: 10})
	if len(found.Spots) > 0 || found.Named.Noticed == 0 {
		t.Errorf("%d are noticed, and blind spots are %+v; the library is the one that they are compared with", found.Named.Noticed, found.Spots)
	}
	if found.Library != found.Served || len(found.LeftOut) > 0 {
		t.Errorf("%d of %d drives were served, and left out was %v", found.Served, found.Library, found.LeftOut)
	}
}

// TestASampleIsBlindForTheRest looks at one drive of many.
func TestASampleIsBlindForTheRest(t *testing.T) {
	t.Parallel()
	result, _ := judgedLibrary(t, fixtures.Options{}, suites.Config{Select: "GET-01", Sample: 1})
	found := blindSpots(t, result, selftest.BlindOptions{Sample: -1})
	if !slices.ContainsFunc(found.Spots, func(s reports.BlindSpot) bool { return s.Opens == "--sample all" }) {
		t.Errorf("a run that looks at one drive alone has the blind spots %+v; looking at all should open some", found.Spots)
	}
	if found.Made.Tried != 0 {
		t.Errorf("%d generated faults are tried where none is asked for", found.Made.Tried)
	}
}

func TestWhatTheTimeIsNotEnoughForIsNoBlindSpot(t *testing.T) {
	t.Parallel()
	result, _ := judgedLibrary(t, fixtures.Options{Library: "one"}, suites.Config{Select: "LIST-05,GET-01"})
	found := blindSpots(t, result, selftest.BlindOptions{Within: time.Nanosecond})
	if found.Untried == 0 || found.Named.Tried != 0 || len(found.Spots) != 0 {
		t.Errorf("in no time %d were tried and %d not, and the blind spots are %+v", found.Named.Tried, found.Untried, found.Spots)
	}
	ctx, stopped := ended(t)
	if _, err := selftest.BlindSpots(ctx, selftest.BlindOptions{Options: selftest.Options{Specs: suites.Specs()}, Report: result.Report, Seen: seen(t, result)}); !errors.Is(err, stopped) {
		t.Errorf("where it is ended, the error is %v", err)
	}
}

// TestABigLibraryIsCutToWhatTells cuts a library of thousands, and compares what it lacks with what the whole lacks.
func TestABigLibraryIsCutToWhatTells(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	result, _ := judgedLibrary(t, fixtures.Options{Drives: 10000}, suites.Config{Select: "LIST-05"})
	whole := seen(t, result)
	if len(whole.Drives) > selftest.MostSeen || whole.Total != 10000 {
		t.Errorf("of %d drives %d are looked at for what is served again, and no more than %d should", whole.Total, len(whole.Drives), selftest.MostSeen)
	}
	all, leftOut, err := fixtures.ReadSeen(fixtures.Seen{Drives: whole.Drives})
	if err != nil || len(leftOut) > 0 {
		t.Fatalf("the library must be served: %v %v", err, leftOut)
	}
	var order []string
	for _, drive := range whole.Drives {
		order = append(order, gjson.Get(drive, "uuid").String())
	}
	cut := all.Cut(selftest.MostServed, order)
	if cut.Size() != selftest.MostServed {
		t.Errorf("it is cut to %d drives and not %d", cut.Size(), selftest.MostServed)
	}
	again, _ := judgedLibrary(t, fixtures.Options{Own: cut}, suites.Config{Select: "LIST-05"})
	for _, lacks := range seen(t, again).Filters {
		if !slices.Contains(whole.Filters, lacks) && !strings.HasPrefix(lacks.Way, "only the first ") { // of which a part has fewer
			t.Errorf("what is cut can't tell by %s that %s, and the whole can", lacks.Filter, lacks.Way)
		}
	}
	for _, trait := range cut.Lacking() {
		if !slices.ContainsFunc(all.Lacking(), func(other fixtures.Trait) bool { return other.Name == trait.Name }) {
			t.Errorf("what is cut lacks %s, and the whole does not", trait.Name)
		}
	}
}
