package html_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/internal/browsing"
	"github.com/libdrives/conformance/reports/internal/example"
)

// pagesToTry are pages of all kinds, the selftest's among them.
func pagesToTry(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{"report": htmlOf(t, fullReport(t)), "hostile": htmlOf(t, example.Attacked(t)), "selftest": selftestPage(t)}
}

const unfold = `for (const details of document.querySelectorAll("details")) details.open = true`

func tryPhone(t *testing.T, started context.Context) {
	for name, written := range pagesToTry(t) {
		p := browsing.NewTab(t, started, written)
		p.Do("the size of a phone", chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
		p.Open("")
		browsing.Evaluate[chromedp.Void](p, unfold)
		if wide := browsing.Evaluate[int](p, `document.documentElement.scrollWidth`); wide > 360 {
			widest := browsing.Evaluate[string](p, `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > 361).map((e) => e.tagName + "." + e.className).slice(0, 9).join(" ")`)
			t.Errorf("the page %q should not scroll sideways on a phone of 360 pixels, and is %d wide: %s", name, wide, widest)
		}
	}
}

func tryContrast(t *testing.T, started context.Context) {
	for name, written := range pagesToTry(t) {
		for _, scheme := range []string{"light", "dark"} {
			p := browsing.NewTab(t, started, written)
			browsing.Send(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			p.Open("#OWNER-05")
			browsing.Evaluate[chromedp.Void](p, unfold+`; document.querySelector("[aria-pressed]")?.setAttribute("aria-pressed", "true")`)
			if bad := browsing.Evaluate[string](p, browsing.Contrasts); bad != "" {
				t.Errorf("on the %s page %q, these texts have too little contrast:\n%s", scheme, name, bad)
			}
			if dark := browsing.Evaluate[bool](p, `getComputedStyle(document.body).color.match(/\d+/)[0] > 128`); dark != (scheme == "dark") {
				t.Errorf("the page %q should be dark where the reader wants it dark, and only there; asked for %s, it is dark: %t", name, scheme, dark)
			}
		}
	}
}

func tryNames(t *testing.T, started context.Context) {
	for name, written := range pagesToTry(t) {
		p := browsing.OpenTab(t, started, written, "")
		browsing.Evaluate[chromedp.Void](p, unfold)
		roles := map[string]int{}
		for _, node := range browsing.Send(p, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes {
			if node.Ignored || node.Role == nil {
				continue
			}
			role := unquoted(node.Role)
			roles[role]++
			switch role {
			case "button", "link", "searchbox", "combobox", "checkbox", "table", "navigation", "search", "region", "article", "heading":
				if unquoted(node.Name) == "" {
					t.Errorf("on the page %q there is a %s without a name for whoever hears it", name, role)
				}
			}
		}
		for _, role := range []string{"main", "heading", "table"} {
			if roles[role] == 0 {
				t.Errorf("the page %q has no %s for whoever hears it: %v", name, role, roles)
			}
		}
		headings := browsing.Evaluate[string](p, `[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((h) => h.tagName[1]).join("")`)
		if !strings.HasPrefix(headings, "1") || strings.Count(headings, "1") != 1 {
			t.Errorf("the page %q should have one heading of the first level, at its beginning; the levels are %s", name, headings)
		}
		for i := 1; i < len(headings); i++ {
			if headings[i] > headings[i-1]+1 {
				t.Errorf("on the page %q a heading of level %c follows one of level %c: a level is left out", name, headings[i], headings[i-1])
			}
		}
	}
}

func unquoted(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(fmt.Sprint(v.Value), `"`)
}

func selftestPage(t *testing.T) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return html.WriteMatrix(b, example.MadeUpMatrix(t)) })
}
