package html_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/libdrives/conformance/reports/internal/browsing"
	"github.com/libdrives/conformance/reports/internal/example"
)

func tryCopying(t *testing.T, started context.Context) {
	p := browsing.OpenTab(t, started, htmlOf(t, fullReport(t)), "#OWNER-05")
	if _, err := chromedp.CallBrowser(p.Ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "clipboard-read"}, Setting: browser.PermissionSettingGranted,
	}); err != nil {
		t.Fatalf("the browser does not let the clipboard be read: %v", err)
	}
	line := browsing.Evaluate[string](p, `document.querySelector("#OWNER-05 .curl code").textContent`)
	if !strings.HasPrefix(line, "curl -sS ") {
		t.Fatalf("the first curl line should be one, and is %q", line)
	}
	p.Click("#OWNER-05 .curl .copy")
	p.Await("it is said that the line is copied", `document.getElementById("said").textContent === "The curl line is copied."`)
	if copied := browsing.Evaluate[string](p, `navigator.clipboard.readText()`); copied != line {
		t.Errorf("the clipboard should have the curl line %q, and has %q", line, copied)
	}
	browsing.Evaluate[chromedp.Void](p, `{ Object.defineProperty(navigator, "clipboard", { value: undefined }); document.execCommand = () => false; }`)
	p.Click("#OWNER-05 .curl .copy")
	p.Await("it is said that the line is selected", `document.getElementById("said").textContent.includes("is selected")`)
	if selected := browsing.Evaluate[string](p, `getSelection().toString()`); selected != line {
		t.Errorf("where nothing can be copied, the curl line %q should be selected; selected is %q", line, selected)
	}
}

func tryPrinting(t *testing.T, started context.Context) {
	p := browsing.OpenTab(t, started, htmlOf(t, fullReport(t)), "#OWNER-05")
	browsing.Evaluate[chromedp.Void](p, `addEventListener("beforeprint", () => { document.closedWhenPrinted = document.querySelectorAll(".evidence:not([open])").length; });`)
	pdf, err := chromedp.Run(p.Ctx, chromedp.PrintToPDF())
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatalf("the page should print, and gives %d bytes and the error %v", len(pdf), err)
	}
	wantsTrue(p, "on paper all evidence should be open", `document.closedWhenPrinted === 0`)
	wantsTrue(p, "after printing, what was closed should be closed and what was open open",
		`document.querySelector("#OWNER-05 .evidence").open && !document.querySelector("#LIST-04 .evidence").open`)
	browsing.Send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	wantsTrue(p, "paper should be white even where the screen is dark", `getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)"`)
	wantsTrue(p, "controls should not be printed", `![...document.querySelectorAll("button, input, select, nav")].some((e) => e.checkVisibility())`)
	wantsTrue(p, "nothing but long messages should be cut off on paper", `[...document.querySelectorAll("pre, code, .scroll")].every((e) => {
		const style = getComputedStyle(e); return style.maxHeight === "none" && style.overflowX === "visible" })`)
	wantsTrue(p, "of the evidence, the exchange that shows the failure should be printed, and no other", `[...document.querySelectorAll(".evidence")].every((e) =>
		[...e.querySelectorAll(":scope > .exchange, :scope > .pair")].filter((x) => getComputedStyle(x).display !== "none").length === 1)`)
	wantsTrue(p, "what passed should be counted on paper, and not listed", `!document.getElementById("GET-01").checkVisibility() && document.querySelector("#passed .count").checkVisibility()`)
}

func tryWithoutScripts(t *testing.T, started context.Context) {
	p := browsing.NewTab(t, started, htmlOf(t, fullReport(t)))
	browsing.Send(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.Open("#OWNER-05")
	wantsTrue(p, "scripts should be off in this test", `!document.documentElement.matches(".scripts")`)
	if got := shown(p); got != allShown {
		t.Errorf("without scripts, the requirements shown should be %q, and are %q", allShown, got)
	}
	wantsTrue(p, "controls that need scripts should not be there without", `![...document.querySelectorAll("button, input, select")].some((e) => e.checkVisibility())`)
	wantsTrue(p, "the evidence that a link leads to should be open without scripts", `document.querySelector("#OWNER-05 .exchange .body").checkVisibility({ contentVisibilityAuto: false })
		&& document.querySelector("#OWNER-05 .exchange .body").getBoundingClientRect().height > 0`)
	p.Open("")
	p.Click("#LIST-04 summary")
	wantsTrue(p, "evidence should open by hand without scripts", `document.querySelector("#LIST-04 .evidence").open`)
}

func tryHostile(t *testing.T, started context.Context) {
	r := example.Attacked(t)
	p := browsing.OpenTab(t, started, htmlOf(t, r), "")
	wantsTrue(p, "the page should have its own script and no other", `document.scripts.length === 1 && !document.querySelector("iframe, object, embed, img")`)
	p.Click("#open-all")
	wantsTrue(p, "hostile text should be shown as text", `document.querySelector("main").textContent.includes('<script>alert("1")</'+'script> & \'quoted\'')`)
	wantsTrue(p, "no title of the page should be hostile text that is cut in pieces", `document.title.startsWith("does not conform: ")`)
	browsing.Evaluate[chromedp.Void](p, `{ const search = document.getElementById("search"); search.value = '<script>alert("1")'; search.dispatchEvent(new Event("input")); }`)
	p.Await("hostile text is found", `document.getElementById("shown").textContent.startsWith("9 of 9")`)
	// what a search or a link brings is text too
	p = browsing.OpenTab(t, started, htmlOf(t, r), `#q=%3Cimg%20src=x%20onerror=alert(1)%3E`)
	p.Await("nothing is like that", `document.getElementById("shown").textContent.startsWith("0 of 9")`)
	browsing.OpenTab(t, started, htmlOf(t, r), `#%E0%A4%A"'><script>alert(1)</script>`)
}

// tryMuch opens a hundred failures with 20 KiB of evidence each, unfolds everything, and then searches them. It tells how
// long a reader waits for that, a second or two where the machine has nothing else to do; on a busy one it says nothing.
func tryMuch(t *testing.T, started context.Context) {
	p := browsing.NewTab(t, started, htmlOf(t, wrongInEverything(t, 100, 20<<10)))
	before := time.Now()
	p.Open("")
	opened := time.Since(before)
	p.Click("#open-all")
	painted := `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.documentElement.scrollHeight))))`
	height := browsing.Evaluate[float64](p, painted)
	unfolded := time.Since(before)
	if open := browsing.Evaluate[int](p, `document.querySelectorAll(".evidence[open]").length`); open != 100 || height < 100*500 {
		t.Errorf("100 failures should be open on a long page; %d are, on a page of %.0f pixels", open, height)
	}
	p.Click("#search")
	p.Press("OWNER-02")
	p.Await("one of 171 is found", `document.getElementById("shown").textContent === "1 of 171 requirements shown"`)
	t.Logf("opened after %v, unfolded after %v, searched after %v", opened, unfolded, time.Since(before))
}
