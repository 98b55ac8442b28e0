// Package html writes pages for people: the report of a run and the matrix of a selftest, each one file that needs no
// network.
//
// It must not know the other formats. Whatever an endpoint said is text on a page, and never markup.
package html

import (
	"embed"
	"io"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/page"
)

//go:embed page
var htmlFiles embed.FS

// Write writes the report as one page for people. The page needs no network; without scripts it can be read whole, and
// with its own one it can be filtered and searched, and its evidence opened at once. Nothing in it runs but that script:
// whatever an endpoint said is text, and a policy in the page forbids the rest.
func Write(w io.Writer, r *reports.Report) error {
	template, err := page.Template(htmlFiles, "page/report*.html")
	if err != nil {
		return err
	}
	view, err := newHTMLView(r)
	if err != nil {
		return err
	}
	return template.ExecuteTemplate(w, "report.html", view)
}
