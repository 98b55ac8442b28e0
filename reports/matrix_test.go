package reports_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/internal/example"
	jsonreport "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
)

// sound is the part of it in which everything is as it should be.
func sound(t testing.TB) *reports.Matrix {
	t.Helper()
	m := example.MadeUpMatrix(t)
	m.Faults, m.Variants, m.Partial = m.Faults[:1], m.Variants[:1], true
	return m
}

// matrixWriters are all writers of a matrix.
func matrixWriters() map[string]func(*strings.Builder, *reports.Matrix) error {
	return map[string]func(*strings.Builder, *reports.Matrix) error{
		"text": func(b *strings.Builder, m *reports.Matrix) error {
			return text.WriteMatrix(b, m, text.MatrixOptions{})
		},
		"json":     func(b *strings.Builder, m *reports.Matrix) error { return jsonreport.WriteMatrix(b, m) },
		"html":     func(b *strings.Builder, m *reports.Matrix) error { return html.WriteMatrix(b, m) },
		"markdown": func(b *strings.Builder, m *reports.Matrix) error { return markdown.WriteMatrix(b, m) },
	}
}

func matrixOf(t testing.TB, format string, m *reports.Matrix) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return matrixWriters()[format](b, m) })
}

func TestEveryMatrixWriterTellsAllAndIsDeterministic(t *testing.T) {
	for format := range matrixWriters() {
		written := matrixOf(t, format, example.MadeUpMatrix(t))
		for _, word := range []string{"owner-gone", "OWNER-02", "two-broken", "LIST-02", "PAGE-01", "stalls", "chunked", "odd", "GET-02", "GET-03"} {
			if !strings.Contains(written, word) {
				t.Errorf("the matrix as %s does not name %s", format, word)
			}
		}
		if written != matrixOf(t, format, example.MadeUpMatrix(t)) {
			t.Errorf("the same matrix is two different texts as %s", format)
		}
		if format != "json" && strings.ContainsAny(written, "\x00\x07\x1b\u202e\u009b") { // JSON escapes by its own rules
			t.Errorf("what an endpoint said reaches a reader of %s as control characters", format)
		}
	}
}

func TestTheMatrixForATerminal(t *testing.T) {
	written := matrixOf(t, "text", example.MadeUpMatrix(t))
	for _, line := range []string{
		"  ok   owner-gone  OWNER-02\n",
		"  BAD  two-broken  LIST-01, survived LIST-02, collateral PAGE-01\n",
		"  ?    stalls      the endpoint can't be reached\n",
		"  ok   chunked\n",
		"  BAD  odd      failed GET-02, blocked GET-03\n",
		"    PAGE-01: GET /libdrives/: found 0\n",
		"1 of 3\n",
		"The suite is not as it should be. (libdrives-conformance 1.2.3 (commit 0123456789ab of 2026-03-01), 4.2 s)\n",
	} {
		if !strings.Contains(written, line) {
			t.Errorf("the matrix should have the line %q:\n%s", line, written)
		}
	}
	quiet := example.Render(t, func(b *strings.Builder) error {
		return text.WriteMatrix(b, example.MadeUpMatrix(t), text.MatrixOptions{Quiet: true})
	})
	if strings.Contains(quiet, "owner-gone") || !strings.Contains(quiet, "two-broken") {
		t.Errorf("quietly, just what is wrong should be told:\n%s", quiet)
	}
	left := sound(t)
	left.Faults = append(left.Faults, reports.FaultOutcome{Name: "late", Breaks: []string{"GET-01"}, NotJudged: []string{"GET-01"}, Problem: "the run is incomplete: its timeout is over"})
	if text := matrixOf(t, "text", left); strings.Contains(text, "BAD") || strings.Contains(text, "survived") || left.OK() || left.Wrong() ||
		!strings.Contains(text, "Of what was judged all is as it should be; faults and variants not judged: 1.") {
		t.Errorf("what was not judged is neither right nor wrong:\n%s", text)
	}
	if fine := matrixOf(t, "text", sound(t)); strings.Contains(fine, "BAD") || strings.Contains(fine, "Not as it should be") || strings.Contains(fine, "without a fault") {
		t.Errorf("nothing is wrong with this part, and something is told:\n%s", fine)
	}
}

func TestTheMatrixForPrograms(t *testing.T) {
	var read struct {
		Format   int      `json:"format"`
		OK       bool     `json:"ok"`
		Unkilled []string `json:"unkilled"`
		Faults   []struct {
			OK       bool      `json:"ok"`
			Survived *[]string `json:"survived"`
			Seconds  float64   `json:"seconds"`
		} `json:"faults"`
	}
	if err := json.Unmarshal([]byte(matrixOf(t, "json", example.MadeUpMatrix(t))), &read); err != nil {
		t.Fatalf("the matrix as JSON can't be read: %v", err)
	}
	if read.Format != jsonreport.MatrixFormat || read.OK || len(read.Faults) != 3 || len(read.Unkilled) != len(example.Catalogue(t).All())-3 {
		t.Errorf("format %d, ok %t, %d faults, %d requirements unkilled; want %d, false, 3 and all but the two that are killed and the one of the fault that was not judged",
			read.Format, read.OK, len(read.Faults), len(read.Unkilled), jsonreport.MatrixFormat)
	}
	if first := read.Faults[0]; !first.OK || first.Survived == nil || first.Seconds != 1.234 {
		t.Errorf("the first fault is %+v; it is ok, its survivors are [] and not null, and it took 1.234 s", first)
	}
}

func TestTheMatrixAsAPage(t *testing.T) {
	written := matrixOf(t, "html", example.MadeUpMatrix(t))
	for _, element := range []string{"html", "head", "body", "style", "table", "tr", "td", "div", "details"} {
		if opened, closed := strings.Count(written, "<"+element+">")+strings.Count(written, "<"+element+" "), strings.Count(written, "</"+element+">"); opened != closed {
			t.Errorf("%d elements %s are opened and %d closed", opened, element, closed)
		}
	}
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(written, -1) {
		if !strings.Contains(written, `id="`+link[1]+`"`) {
			t.Errorf("a link leads to #%s, which is not there", link[1])
		}
	}
	if strings.Count(written, "<script>") != 1 || !strings.Contains(written, "script-src &#39;sha256-") {
		t.Error("the page should have the script that filters, and allow no other")
	}
	for _, outside := range []string{"src=", "href=", "url(", "@import"} {
		if strings.Contains(strings.ReplaceAll(strings.Replace(written, `<link rel="icon" href="data:,">`, "", 1), `href="#`, ""), outside) { // an icon of nothing, lest a browser asks for one
			t.Errorf("the page has %q in it; it should need nothing but itself", outside)
		}
	}
	for _, part := range []string{`title="LIST-02 survived"><span aria-hidden="true">○`, `title="PAGE-01 collateral"><span aria-hidden="true">▲`, `title="OWNER-02 killed"><span aria-hidden="true">●`} {
		if !strings.Contains(written, part) {
			t.Errorf("the grids should have %s", part)
		}
	}
}

func TestTheMatrixAsMarkdownHasNoTimes(t *testing.T) {
	earlier, later := example.MadeUpMatrix(t), example.MadeUpMatrix(t)
	later.Started, later.Duration, later.Tool.Version = time.Now(), time.Hour, "9"
	later.Faults[0].Duration, later.Faults[1].Detail = time.Hour, "another uuid"
	written := matrixOf(t, "markdown", earlier)
	if written != matrixOf(t, "markdown", later) {
		t.Error("the same outcome at another time is another text, so that the published table would change with each run")
	}
	for _, line := range []string{
		"| `owner-gone` | OWNER-02 | A \\| bar, `code_x` and a\\_b. |\n",
		"| `two-broken` | LIST-01, **survived LIST-02**, **collateral PAGE-01** | Two are broken. |\n",
		"| `odd` | **failed GET-02, blocked GET-03**: It is odd. |\n",
		markdown.NotAsItShouldBe + "\n",
		"- LIST-02: no fault makes it fail\n", "- `stalls`: not judged GET-01\n",
	} {
		if !strings.Contains(written, line) {
			t.Errorf("the Markdown should have the line %q:\n%s", line, written)
		}
	}
	if strings.Contains(matrixOf(t, "markdown", sound(t)), markdown.NotAsItShouldBe) {
		t.Error("nothing is wrong with this part, and a heading says so")
	}
}

func TestProgressOfASelftest(t *testing.T) {
	var plain, terminal strings.Builder
	for b, o := range map[*strings.Builder]text.ProgressOptions{&plain: {}, &terminal: {Terminal: true}} {
		p := text.NewMatrixProgress(b, o)
		p.Tested(1, 3, "first", true)
		p.Tested(2, 3, "second", false)
		p.Tested(3, 3, "third", true)
		p.Close()
		p.Note("too late")
	}
	if lines := strings.Count(plain.String(), "\n"); lines != 3 || !strings.Contains(plain.String(), "BAD  second\n") || strings.Contains(plain.String(), "\x1b") {
		t.Errorf("a log should have a line when it begins, one for the bad and one at the end, all plain:\n%q", plain.String())
	}
	if !strings.Contains(terminal.String(), "\r\x1b[K") || strings.Contains(terminal.String(), "late") || !strings.HasSuffix(terminal.String(), "\r\x1b[K") {
		t.Errorf("a terminal should have one live line that is gone in the end:\n%q", terminal.String())
	}
}
