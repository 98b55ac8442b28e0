package html

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/page"
	"github.com/libdrives/conformance/reports/internal/show"
)

// WriteClient writes what a client came to as one page that needs no network and no scripts.
func WriteClient(w io.Writer, c *reports.Client) error {
	template, err := page.Template(htmlFiles, "page/client.html")
	if err != nil {
		return err
	}
	view := clientView{
		Title: "What the client copes with", Good: c.ExitCode() == reports.ExitConforms, Conclusion: "The client " + c.Conclusion(),
		Subtitle:     fmt.Sprintf("%s, %s, %.1f s", c.Tool, c.Started.UTC().Format("2006-01-02 15:04 UTC"), c.Duration.Seconds()),
		Command:      show.OneLine(strings.Join(c.Command, " ")),
		Undocumented: c.Undocumented,
	}
	for _, r := range append([]reports.ClientRun{c.Sound}, c.Variants...) {
		if r.Verdict == reports.Fail {
			view.Broken = append(view.Broken, clientRunView(r))
		} else {
			view.Others = append(view.Others, clientRunView(r))
		}
	}
	for _, r := range c.Faults {
		view.Faults = append(view.Faults, clientRunView(r))
	}
	if view.Assets, err = page.NewAssets(htmlFiles, []string{"page/matrix.css"}, nil); err != nil {
		return err
	}
	return template.ExecuteTemplate(w, "client.html", view)
}

// clientView is what the page shows.
type clientView struct {
	page.Assets
	Title, Subtitle, Command, Conclusion string
	Good                                 bool
	Broken, Others, Faults               []clientRow
	Undocumented                         []reports.Undocumented
}

// clientRow is a run of the client.
type clientRow struct {
	Name, Why, Sign, Reason, Output string
	Good                            bool
	Last                            []string
}

func clientRunView(r reports.ClientRun) clientRow {
	row := clientRow{Name: cmp.Or(r.Name, "the endpoint as documented"), Why: show.OneLine(r.Why), Sign: "ok", Good: true, Reason: show.OneLine(r.Reason), Last: show.Each(r.Last, show.OneLine)}
	row.Output = strings.Join(show.VisibleLines(strings.TrimRight(r.Output, "\n")), "\n")
	switch {
	case r.Waived != nil:
		row.Sign, row.Reason = "waived", fmt.Sprintf("waived until %s: %s; %s", r.Waived.Until, show.OneLine(r.Waived.Reason), row.Reason)
	case r.Verdict == reports.Fail:
		row.Sign, row.Good = "BAD", false
	case r.Verdict == reports.Blocked:
		row.Sign = "not run"
	case r.Unsteady:
		row.Reason = "failed once, and succeeded when it was run again"
	}
	return row
}
