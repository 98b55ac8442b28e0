package settings

import (
	"context"

	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/selftest"
)

// LookForBlindSpots adds to the report what the run would not have noticed, where that is asked for. Where it can't be found out,
// a warning of the report says why.
func (s *Settings) LookForBlindSpots(ctx context.Context, result *suites.Result) {
	if !s.BlindSpots || result.Report == nil {
		return
	}
	o := selftest.BlindOptions{Options: selftest.Options{Specs: suites.Specs()}}
	if observer := s.Config.Observer; observer != nil {
		observer.Note("looking for blind spots: the library that was seen is served again, on this machine")
		o.Observer = blindProgress{observer}
	}
	if err := AddBlindSpots(ctx, o, result); err != nil {
		result.Report.Warnings = append(result.Report.Warnings, "the blind spots were not looked for: "+err.Error())
	}
}

// AddBlindSpots adds to the report of a run what it would not have noticed.
func AddBlindSpots(ctx context.Context, o selftest.BlindOptions, result *suites.Result) error {
	seen, err := result.Seen(selftest.MostSeen)
	if err != nil {
		return err
	}
	o.Report, o.Seen, o.Tool = result.Report, seen, result.Report.Tool
	blind, err := selftest.BlindSpots(ctx, o)
	result.Report.Blind = blind.Through(result.Record.Redactor().Text)
	return err
}

// blindProgress tells how far it is as of a run's reads.
type blindProgress struct{ of suites.Observer }

func (p blindProgress) Tested(done, planned int, _ string, _ bool) {
	p.of.Collecting(done, planned, "blind spots")
}
