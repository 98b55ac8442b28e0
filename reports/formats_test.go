package reports_test

import (
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/junit"
	"github.com/libdrives/conformance/reports/text"
)

func junitOf(t testing.TB, r *reports.Report) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return junit.Write(b, r) })
}

func htmlOf(t testing.TB, r *reports.Report) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return html.Write(b, r) })
}

func textOf(t testing.TB, r *reports.Report, o text.Options) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return text.Write(b, r, o) })
}
