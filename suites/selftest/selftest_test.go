package selftest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/selftest"
)

func TestAFaultIsKilledAndAVariantIsNot(t *testing.T) {
	m, err := selftest.Run(t.Context(), selftest.Options{Specs: suites.Specs(), Only: []string{"owner-missing-on-disks-through-drives", "chunked"}})
	if err != nil {
		t.Fatalf("a selftest of known names must run: %v", err)
	}
	if len(m.Faults) != 1 || !slices.Equal(m.Faults[0].Killed, []string{"OWNER-02"}) {
		t.Errorf("the faults came to %+v; the one asked for breaks just OWNER-02", m.Faults)
	}
	if len(m.Variants) != 1 || !m.Variants[0].Clean() || !m.Partial || !m.OK() {
		t.Errorf("the variants came to %+v, and the whole is fine: %t; chunked bodies are allowed", m.Variants, m.OK())
	}
}

func TestARequirementStandsForItsFaults(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	cancel(stopped) // what is chosen shows without running it
	m, err := selftest.Run(ctx, selftest.Options{Specs: suites.Specs(), Only: []string{"owner-02"}})
	if !errors.Is(err, stopped) {
		t.Errorf("the error is %v; it should be why the selftest was ended", err)
	}
	if len(m.Faults) < 2 || len(m.Variants) != 0 || m.OK() {
		t.Errorf("%d faults, %d variants, fine: %t; all faults that break OWNER-02 are meant, no variant, and none was tested", len(m.Faults), len(m.Variants), m.OK())
	}
	for _, f := range m.Faults {
		if !slices.Contains(f.Breaks, "OWNER-02") || !strings.Contains(f.Problem, "stopped") {
			t.Errorf("the fault %s breaks %v and its problem is %q; it should break OWNER-02 and say that it was not tested", f.Name, f.Breaks, f.Problem)
		}
	}
}

func TestAnUnknownNameIsToldWithTheNearest(t *testing.T) {
	for name, nearest := range map[string]string{"chunkd": "chunked", "OWNER-0": "OWNER-0", "owner-missing-through-drive": "owner-missing-through-drives"} {
		m, err := selftest.Run(t.Context(), selftest.Options{Specs: suites.Specs(), Only: []string{name}})
		var unknown *requirement.UnknownNameError
		if m != nil || !errors.As(err, &unknown) || !strings.HasPrefix(unknown.Nearest, nearest) {
			t.Errorf("%q comes to %v; it should be unknown, and %s near it", name, err, nearest)
		}
	}
}

func TestVariantsStandsForAllOfThem(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	cancel(stopped) // what is chosen shows without running it
	m, err := selftest.Run(ctx, selftest.Options{Specs: suites.Specs(), Only: []string{selftest.AllVariants}})
	if !errors.Is(err, stopped) || len(m.Faults) != 0 || len(m.Variants) != len(fixtures.Variants()) {
		t.Errorf("%v: %d faults and %d variants are chosen; it should be no fault, and all of %d variants", err, len(m.Faults), len(m.Variants), len(fixtures.Variants()))
	}
}
