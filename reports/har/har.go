// Package har writes the exchanges of a run as an HTTP archive.
//
// It must not know the other formats, or what was judged: it shows what was sent and answered.
package har

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// Write writes the exchanges of a run as an HTTP archive, version 1.2, for anybody's viewer. They stand in the order in
// which they were sent, on a page for all reads and one for each scenario of writes. Bodies are whole: unlike the other
// reports, this one is to be looked into when those don't tell enough. It is written exchange by exchange, because the
// bodies of a run may be more than fits into memory twice.
func Write(w io.Writer, r *reports.Report, exchanges []*evidence.Exchange) error {
	ordered := slices.SortedFunc(slices.Values(exchanges), func(a, b *evidence.Exchange) int {
		return cmp.Or(a.Started.Round(0).Compare(b.Started.Round(0)), cmp.Compare(a.Number, b.Number)) // as a record tells the time
	})
	pages := harPages(ordered)
	h := &harWriter{w: w}
	h.text(`{"log":{"version":"1.2","creator":`)
	h.value(harCreator{r.Tool.Name, r.Tool.Version, r.Tool.String()})
	h.text(`,"comment":`)
	h.value(fmt.Sprintf("%s: %s; credentials are left out", r.Target, r.Conclusion()))
	h.text(`,"pages":`)
	h.value(pages)
	h.text(",\"entries\":[\n")
	for i, x := range ordered {
		if i > 0 {
			h.text(",\n")
		}
		h.entry(x)
	}
	h.text("\n]}}\n")
	return h.err
}

// harWriter writes until something fails.
type harWriter struct {
	w   io.Writer
	err error
}

func (h *harWriter) text(text string) {
	if h.err == nil {
		_, h.err = io.WriteString(h.w, text)
	}
}

// entry writes an exchange. A long body is not held in memory for it.
func (h *harWriter) entry(x *evidence.Exchange) {
	if h.err != nil {
		return
	}
	standIn, body := "", evidence.Body{}
	if x.Response != nil {
		body = x.Response.Body
		standIn = body.StandIn()
	}
	h.err = evidence.WriteJSON(h.w, harEntryOf(x, standIn), standIn, body)
}

func (h *harWriter) value(value any) {
	if h.err != nil {
		return
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if h.err = encoder.Encode(value); h.err == nil {
		_, h.err = h.w.Write(bytes.TrimRight(b.Bytes(), "\n"))
	}
}

type (
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Comment string `json:"comment"` // with the commit
	}
	harPage struct {
		Started string   `json:"startedDateTime"`
		ID      string   `json:"id"`
		Title   string   `json:"title"`
		Timings struct{} `json:"pageTimings"`
	}
)

// harPages are the pages of exchanges that are in order.
func harPages(ordered []*evidence.Exchange) []harPage {
	pages := []harPage{}
	known := map[string]bool{}
	for _, x := range ordered {
		if id := harPageOf(x); !known[id] {
			known[id] = true
			pages = append(pages, harPage{Started: show.Timestamp(x.Started), ID: id, Title: id})
		}
	}
	return pages
}

// harPageOf names the page of an exchange. The requests of a scenario are sent for its steps, "licensed clone/rename";
// reads are sent for the requirements that need them.
func harPageOf(x *evidence.Exchange) string {
	if scenario, _, isStep := strings.Cut(x.Key, "/"); isStep && x.Purpose == x.Key {
		return "scenario: " + scenario
	}
	return "reads"
}
