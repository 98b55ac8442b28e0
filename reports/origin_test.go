package reports_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/har"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
)

// TestEveryReportSaysWhatMadeIt looks for the version, the commit and its day in every format, and for no empty place
// where they are not known.
func TestEveryReportSaysWhatMadeIt(t *testing.T) {
	formats := map[string]func(*testing.T, *reports.Report) string{
		"text":  func(t *testing.T, r *reports.Report) string { return textOf(t, r, text.Options{}) },
		"junit": func(t *testing.T, r *reports.Report) string { return junitOf(t, r) },
		"html":  func(t *testing.T, r *reports.Report) string { return htmlOf(t, r) },
		"json": func(t *testing.T, r *reports.Report) string {
			return example.Render(t, func(b *strings.Builder) error { return json.Write(b, r) })
		},
		"markdown": func(t *testing.T, r *reports.Report) string {
			return example.Render(t, func(b *strings.Builder) error { return markdown.Write(b, r) })
		},
		"har": func(t *testing.T, r *reports.Report) string {
			return example.Render(t, func(b *strings.Builder) error { return har.Write(b, r, nil) })
		},
	}
	for name, write := range formats {
		known := write(t, example.MadeUp(t))
		for _, words := range []string{"1.2.3", example.Commit[:12], "2026-03-01"} {
			if !strings.Contains(known, words) {
				t.Errorf("the %s report does not say %s, and should name the version, the commit and its day:\n%.2000s", name, words, known)
			}
		}
		r := example.MadeUp(t)
		r.Tool.Commit, r.Tool.Date = "", ""
		if unknown := write(t, r); strings.Contains(unknown, "built from") || strings.Contains(unknown, "(commit") || !strings.Contains(unknown, "1.2.3") {
			t.Errorf("the %s report of a tool whose commit is not known should name its version and nothing more:\n%.2000s", name, unknown)
		}
	}
}
