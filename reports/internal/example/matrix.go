package example

import (
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
)

// MadeUpMatrix is a matrix with an outcome of every kind.
func MadeUpMatrix(t testing.TB) *reports.Matrix {
	t.Helper()
	c := Catalogue(t)
	return &reports.Matrix{
		Tool: reports.Tool{Name: "libdrives-conformance", Version: "1.2.3", Commit: Commit, Date: "2026-03-01T22:15:00Z"}, Requirements: c.All(), Areas: c.Areas(),
		Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Duration: 4200 * time.Millisecond,
		Faults: []reports.FaultOutcome{
			{Name: "owner-gone", Why: "A | bar, `code_x` and a_b.", Breaks: []string{"OWNER-02"}, Killed: []string{"OWNER-02"}, Duration: 1234567 * time.Microsecond},
			{Name: "two-broken", Why: "Two are broken.", Breaks: []string{"LIST-01", "LIST-02"}, Killed: []string{"LIST-01"}, Survived: []string{"LIST-02"},
				Collateral: []string{"PAGE-01"}, Detail: "LIST-02: pass " + Hostile + "\nPAGE-01: GET /libdrives/: found 0\n"},
			{Name: "stalls", Why: "It stalls.", Breaks: []string{"GET-01"}, Problem: "the endpoint can't be reached"},
		},
		Variants: []reports.VariantOutcome{
			{Name: "chunked", Why: "It is chunked."},
			{Name: "odd", Why: "It is odd.", Failed: []string{"GET-02"}, Blocked: []string{"GET-03"}, Detail: "GET-02: fail\n"},
		},
	}
}
