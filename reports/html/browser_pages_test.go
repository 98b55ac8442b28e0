package html_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/internal/browsing"
	"github.com/libdrives/conformance/reports/internal/example"
)

// TestPagesInABrowser tries the pages in a real one. The subtests share it, each in a tab of its own.
func TestPagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	started := browsing.Start(t)
	for _, c := range []struct {
		name string
		test func(*testing.T, context.Context)
	}{
		{"what goes wrong is noticed", tryNoticing},
		{"filters", tryFilters},
		{"finds", tryFinding},
		{"links", tryLinks},
		{"keys", tryKeys},
		{"copies", tryCopying},
		{"prints", tryPrinting},
		{"without scripts", tryWithoutScripts},
		{"hostile text stays text", tryHostile},
		{"opens much at once", tryMuch},
		{"filters the matrix of a selftest", tryMatrix},
		{"fits a phone", tryPhone},
		{"contrast", tryContrast},
		{"names for a screen reader", tryNames},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, started) })
	}
}

// tryNoticing makes sure that the other tests would see what goes wrong.
func tryNoticing(t *testing.T, started context.Context) {
	page := `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="script-src 'unsafe-inline'; style-src 'none'"><p style="color: red">x</p>` +
		`<script>console.warn("w"); throw new Error("thrown here")</script><img src="http://127.0.0.1:9/x.png">`
	p := browsing.BrokenTab(t, started, page)
	p.Open("")
	for _, problem := range []string{"console.warning", "thrown here", "Content Security Policy", "the network is asked for http://127.0.0.1:9/x.png"} {
		if !strings.Contains(strings.Join(p.Noticed(), "\n"), problem) {
			t.Errorf("%q goes wrong in the browser and is not noticed; noticed is %q", problem, p.Noticed())
		}
	}
}

// shown are the ids of the requirements that are to be seen, in the order of the page.
func shown(p *browsing.Tab) string {
	p.T.Helper()
	return browsing.Evaluate[string](p, `[...document.querySelectorAll(".requirement")].filter((r) => !r.closest("[hidden]")).map((r) => r.id).join(" ")`)
}

const allShown = "DETAIL-02 OWNER-05 LIST-04 OWNER-02 LIC-09 LIC-01 LIC-04 ATTACH-01 LIST-01 GET-01"

// wants checks which requirements are to be seen, and that the page says how many.
func wants(p *browsing.Tab, when, want string) {
	p.T.Helper()
	if got := shown(p); got != want {
		p.T.Errorf("%s, the requirements shown should be %q, and are %q", when, want, got)
	}
	says := browsing.Evaluate[string](p, `document.getElementById("shown").textContent`)
	if saying := fmt.Sprintf("%d of 10 requirements shown", len(strings.Fields(want))); says != saying {
		p.T.Errorf("%s, the page should say %q, and says %q", when, saying, says)
	}
}

// wantsTrue checks a script that is true or false.
func wantsTrue(p *browsing.Tab, what, script string) {
	p.T.Helper()
	if !browsing.Evaluate[bool](p, script) {
		p.T.Errorf("%s, and is not", what)
	}
}

func tryFilters(t *testing.T, started context.Context) {
	written := htmlOf(t, fullReport(t))
	p := browsing.OpenTab(t, started, written, "")
	wants(p, "without a filter", allShown)
	wantsTrue(p, "what passed should be folded", `!document.getElementById("GET-01").checkVisibility() && document.getElementById("DETAIL-02").checkVisibility()`)
	wantsTrue(p, "what failed should stand before the matrix, and be named in the head",
		`document.getElementById("failed").compareDocumentPosition(document.getElementById("matrix")) === 4 && document.querySelector(".masthead .failed-ids").textContent.trim() === "DETAIL-02 OWNER-05"`)
	p.Click(`[data-value="pass"]`)
	wantsTrue(p, "what passed should be seen once it is asked for", `document.getElementById("GET-01").checkVisibility()`)
	p.Click(`[data-value="pass"]`)
	wantsTrue(p, "what passed should be folded again", `!document.getElementById("GET-01").checkVisibility()`)
	p.Click(`[data-value="fail"]`)
	wants(p, "with failed pressed", "DETAIL-02 OWNER-05")
	wantsTrue(p, "a button that is pressed should say so", `document.querySelector('[data-value="fail"]').getAttribute("aria-pressed") === "true"`)
	wantsTrue(p, "groups of which nothing is shown should be hidden", `!document.getElementById("passed").checkVisibility() && document.getElementById("failed").checkVisibility()`)
	p.Click(`[data-value="advisory"]`)
	wants(p, "with failed and advisory pressed", "DETAIL-02 OWNER-05 LIST-04")
	p.Click(`[data-value="should"]`)
	wants(p, "with failed, advisory and should pressed", "LIST-04")
	wantsTrue(p, "the address should hold the filter", `location.hash === "#verdict=fail,advisory&level=should"`)
	p.Click(`[data-value="should"]`)
	p.Click(`[data-value="fail"]`)
	p.Click(`[data-value="advisory"]`)
	wants(p, "with all released", allShown)
	wantsTrue(p, "the address should hold nothing when nothing is filtered", `location.hash === ""`)
	browsing.Evaluate[chromedp.Void](p, `{ const area = document.getElementById("area"); area.value = "LIC"; area.dispatchEvent(new Event("change")); }`)
	wants(p, "with a section chosen", "LIC-09 LIC-01 LIC-04")
	wantsTrue(p, "what is filtered away should be told from the rest in the matrix", `document.querySelector('a.chip[href="#LIST-01"]').matches(".out")`)
	p.Click(`[data-value="pass"]`)
	wants(p, "with a section chosen of which nothing passed", "")
	p.Click("#nothing .reset")
	wants(p, "after all were asked for", allShown)

	p = browsing.OpenTab(t, started, written, "#verdict=advisory,skip&level=must&area=LIC&q=licen%20carries")
	wants(p, "opened at an address with a filter", "LIC-04")
	p = browsing.OpenTab(t, started, written, "#verdict=nonsense&area=NONE&q=")
	wants(p, "opened at an address with a filter that nobody knows", allShown)
}

func tryFinding(t *testing.T, started context.Context) {
	p := browsing.OpenTab(t, started, htmlOf(t, fullReport(t)), "")
	p.Shortcut("/")
	wantsTrue(p, "the key / should lead to the search", `document.activeElement.id === "search"`)
	p.Press("Belongs nobody")
	wants(p, "with words of a finding typed", "OWNER-05 OWNER-02")
	wantsTrue(p, "the address should hold what is searched", `location.hash === "#q=Belongs+nobody"`)
	p.Press(kb.Escape)
	wants(p, "after Esc", allShown)
	for words, want := range map[string]string{
		"no licensed drive": "LIC-01 LIC-04", "lic-09": "LIC-09", "Meta information": "", "windows server 2022": "OWNER-05 OWNER-02", "x-noise": "",
	} {
		browsing.Evaluate[chromedp.Void](p, `document.getElementById("search").focus()`)
		p.Press(words)
		wants(p, fmt.Sprintf("with %q typed", words), want)
		p.Press(kb.Escape)
	}
}

// in reports whether an element is in the window, and not behind the controls.
const inWindow = `((id) => { const box = document.getElementById(id).getBoundingClientRect(), bar = document.getElementById("toolbar").getBoundingClientRect();
	return box.top >= Math.max(0, Math.min(bar.bottom, 200)) - 1 && box.top < innerHeight })`

func tryLinks(t *testing.T, started context.Context) {
	written := htmlOf(t, wrongInEverything(t, 100, 2<<10))
	for _, link := range []string{"#OWNER-02", "#owner-02"} {
		p := browsing.OpenTab(t, started, written, link)
		p.Await("a linked requirement is in the window", inWindow+`("OWNER-02")`)
		wantsTrue(p, "the evidence of a linked requirement should be open", `document.querySelector("#OWNER-02 .evidence").open`)
		wantsTrue(p, "the evidence of others should be closed", `!document.querySelector("#LIST-03 .evidence").open`)
		wantsTrue(p, "a linked requirement should have the focus", `document.activeElement.id === "OWNER-02"`)
	}
	p := browsing.OpenTab(t, started, written, "")
	p.Click(`[data-value="pass"]`)
	wantsTrue(p, "a failure should be hidden when what passed is asked for", `!document.getElementById("LIST-05").checkVisibility()`)
	p.Click(`a.chip[href="#LIST-05"]`)
	p.Await("a requirement that was filtered away is in the window", inWindow+`("LIST-05")`)
	wantsTrue(p, "the evidence should open when a link on the page leads to it", `document.querySelector("#LIST-05 .evidence").open`)
	p.Click(`#LIST-05 .asked a`)
	p.Await("the exchange that a finding names is in the window", inWindow+`(document.querySelector("#LIST-05 .exchange").id)`)
	wantsTrue(p, "an answer that is longer than its frame should be shown from where it is marked", `(() => {
		const message = document.querySelector("#LIST-05 .side:last-child .message"), mark = message.querySelector(".body mark");
		return mark.getBoundingClientRect().top > message.getBoundingClientRect().top && mark.getBoundingClientRect().bottom < message.getBoundingClientRect().bottom })()`)
}

func tryKeys(t *testing.T, started context.Context) {
	p := browsing.OpenTab(t, started, htmlOf(t, fullReport(t)), "")
	at := func(when, id string) {
		t.Helper()
		if got := browsing.Evaluate[string](p, `document.activeElement.id`); got != id {
			t.Errorf("%s, the focus should be on %q, and is on %q", when, id, got)
		}
	}
	for _, c := range []struct{ key, id string }{{"n", "DETAIL-02"}, {"n", "OWNER-05"}, {"j", "LIST-04"}, {"p", "OWNER-05"}, {"k", "DETAIL-02"}, {"p", "OWNER-02"}, {"n", "DETAIL-02"}} {
		p.Shortcut(c.key)
		at("after the key "+c.key, c.id)
	}
	p.Click("#keys")
	p.Shortcut("n")
	at("after the keys were turned off and n", "keys")
	p.Open("")
	p.Press(kb.Tab)
	wantsTrue(p, "the first stop of the Tab key should be the link to the requirements", `document.activeElement.hash === "#requirements"`)
	p.Press(kb.Enter)
	at("after that link", "requirements")
	p.Click("#open-all")
	wantsTrue(p, "all evidence should be open after it was asked for", `[...document.querySelectorAll("details:not(.fold)")].every((d) => d.open)`)
	p.Click("#open-all")
	wantsTrue(p, "all evidence should be closed after that", `[...document.querySelectorAll("details:not(.fold)")].every((d) => !d.open)`)
}

func tryMatrix(t *testing.T, started context.Context) {
	var written strings.Builder
	if err := html.WriteMatrix(&written, example.MadeUpMatrix(t)); err != nil {
		t.Fatal(err)
	}
	seen := `[...document.querySelectorAll(".searched")].filter((r) => !r.closest("[hidden]")).map((r) => r.querySelector("code").textContent).join(" ")`
	p := browsing.OpenTab(t, started, written.String(), "#q=owner-02")
	if got := browsing.Evaluate[string](p, seen); got != "owner-gone" {
		t.Errorf("the fault that breaks OWNER-02 is owner-gone, and shown are %q", got)
	}
	p.Click("#filter")
	p.Press(" zzz")
	p.Await("nothing is like that", `document.getElementById("shown").textContent.startsWith("0 of ")`)
	p = browsing.OpenTab(t, started, written.String(), "")
	p.Click(`a[href="#fault-two-broken"]`)
	p.Await("the row of the fault is led to", `document.querySelector("tr:target code").textContent === "two-broken"`)
}
