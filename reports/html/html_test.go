package html_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/suites/evidence"
)

func htmlReports(t testing.TB) map[string]*reports.Report {
	t.Helper()
	fine := example.MadeUp(t)
	fine.Results = fine.Results[:1]
	return map[string]*reports.Report{
		"made up": example.MadeUp(t), "complete": example.Complete(t), "everything": fullReport(t), "attacked": example.Attacked(t), "fine": fine,
		"unreachable": {Tool: fine.Tool, Target: example.Base, Started: fine.Started, Incomplete: "the endpoint can't be reached"},
		"empty":       {}, "wrong in everything": wrongInEverything(t, 20, 2<<10),
	}
}

// documentation is where a reader may follow a link to: nothing is loaded from there.
const documentation = "https://docs.cloudsigma.com/en/latest/"

func TestHTMLNeedsNothingButItself(t *testing.T) {
	for name, r := range htmlReports(t) {
		written := htmlOf(t, r)
		p := parsed(t, written)
		for _, e := range p.elements("") {
			for _, a := range e.Attr {
				switch {
				case a.Key == "href" && (strings.HasPrefix(a.Val, "#") || a.Val == "data:," || e.Data == "a" && strings.HasPrefix(a.Val, documentation)):
				case slices.Contains([]string{"href", "src", "srcset", "action", "data", "style", "background", "poster"}, a.Key), strings.HasPrefix(a.Key, "on"):
					t.Errorf("the page of the report %q has <%s %s=%q>; it should load nothing and run nothing", name, e.Data, a.Key, a.Val)
				}
			}
		}
		style, script := p.elements("style"), p.elements("script")
		if len(style) != 1 || len(script) != 1 {
			t.Fatalf("the page of the report %q has %d styles and %d scripts; it should have its own ones", name, len(style), len(script))
		}
		for _, outside := range []string{"url(", "@import", "//cdn", "fetch(", "XMLHttpRequest"} {
			if strings.Contains(style[0].text()+script[0].text(), outside) {
				t.Errorf("style or script of the page of the report %q has %q in it; it should need no network", name, outside)
			}
		}
		policy := p.elements("meta")[1].attribute("content")
		for _, e := range []page{style[0], script[0]} {
			sum := sha256.Sum256([]byte(e.text()))
			if want := e.Data + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
				t.Errorf("the policy of the page of the report %q is %q; it should allow its own %s by %s", name, policy, e.Data, want)
			}
		}
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
			t.Errorf("the policy of the page of the report %q is %q; it should forbid all but what it names", name, policy)
		}
	}
}

func TestHTMLIsWellFormed(t *testing.T) {
	for name, r := range htmlReports(t) {
		written := htmlOf(t, r)
		if problem := unbalanced(written); problem != "" {
			t.Errorf("the page of the report %q: %s", name, problem)
		}
		p := parsed(t, written)
		ids := map[string]bool{}
		for _, e := range p.elements("") {
			if id := e.attribute("id"); id != "" && ids[id] {
				t.Errorf("the page of the report %q has the id %s twice", name, id)
			} else {
				ids[id] = true
			}
		}
		for _, e := range p.elements("") {
			for _, key := range []string{"href", "aria-labelledby", "aria-describedby", "for"} {
				for id := range strings.FieldsSeq(e.attribute(key)) {
					if id = strings.TrimPrefix(id, "#"); !ids[id] && id != "data:," && !strings.HasPrefix(id, documentation) {
						t.Errorf("in the page of the report %q, <%s %s> leads to %s, which is not there", name, e.Data, key, id)
					}
				}
			}
		}
		for _, result := range r.Results {
			if !ids[result.Requirement.ID] {
				t.Errorf("the page of the report %q has no place for %s", name, result.Requirement.ID)
			}
		}
		for _, table := range p.elements("table") {
			if len(table.elements("caption")) != 1 {
				t.Errorf("a table in the page of the report %q has no caption: %.80s", name, table.words())
			}
		}
		if written != htmlOf(t, r) {
			t.Errorf("the report %q is two different pages", name)
		}
	}
}

func TestHTMLTellsEverything(t *testing.T) {
	p := parsed(t, htmlOf(t, fullReport(t)))
	for id, sentences := range map[string][]string{
		"OWNER-05": {"✗ failed", "must", "source: ", "41 looked at", "a library drive belongs to nobody", "Expected owner: null", `Found owner: {"uuid": "5b4a0000"`,
			"GET /drives/" + example.Windows + "/ → 200 in 48 ms exchange 5", "curl -sS -u", "Evidence 4 requests with their responses", "More findings 3",
			"Authorization: Basic [redacted]", "X-Noise: of no interest", "a secret of the run stood in the response, and is taken out here: body, header Set-Cookie"},
		"OWNER-02":   {"≈ waived", "ticket 12 (until 2026-12-31)"},
		"LIST-04":    {"△ advisory", "no os"},
		"DETAIL-02":  {"Compared with exchange 3", "Found in exchange 4", "1 drive and more", "! unstable drive 2: not in the second list"},
		"blocked":    {"because: the clone never ended (CLONE-01 has to hold first)", "LIC-09"},
		"skipped":    {"the library has no licensed drive – skipped LIC-01", "the library has no CDROM – skipped ATTACH-01"},
		"passed":     {"Listing library drives ✓ passed LIST-01 must"},
		"matrix":     {"Listing library drives LIST", "✓ LIST-01 passed 01", "△ LIST-04 advisory 04", "1 of 2"},
		"waivers":    {"GET-01", "✗ stale", "it passes; take the waiver out", "OWNER-02", "holds"},
		"baseline":   {"version 1.2.2", "another version", "LIST-04", "✗ regressed", "fail (should)"},
		"unstable":   {"DETAIL-02 drive 2: not in the second list", "the run saw drive 9 come and go"},
		"retries":    {"GET /api/2.0/libdrives/", "503", "2 more retries are not listed"},
		"made":       {"1 resource made, 1.0 GB in all; 1 removed", "libdrives-conformance-1", example.Windows, "✓ removed"},
		"secrets":    {"exchange 5", "body, header Set-Cookie"},
		"slowest":    {"GET /api/2.0/libdrives/?limit=0", "90 ms", "75 ms"},
		"shown":      {"10 of 10 requirements shown"},
		"failed":     {"OWNER-05"},
		"advisories": {"LIST-04"},
		"waived":     {"OWNER-02"},
	} {
		e, found := p.id(id)
		if !found {
			t.Errorf("the page has no part %s", id)
			continue
		}
		for _, sentence := range sentences {
			if !strings.Contains(e.words(), sentence) {
				t.Errorf("the part %s of the page should say %q; it says: %s", id, sentence, e.words())
			}
		}
	}
	head := p.elements("header")[0].words() + p.elements("main")[0].words()
	for _, sentence := range []string{
		"✗ Does not conform", example.Base, "nginx", "4 March 2026, 04:06:07 UTC", "4.2 s", "libdrives-conformance 1.2.3 (commit 0123456789ab of 2026-03-01)", "Profile read",
		"Gate must", "Sample 200", "412 sent, 3 retried", "✗ 2 failed", "✓ 2 passed",
		"✗ Left behind in the account: it may go on costing money", `server ` + example.Windows + ` "libdrives-conformance-2"`, "! The run is incomplete the deadline of the run came first",
		"Waivers that are no longer right", "GET-01 (stale): it passes", "Worse than in the earlier report", "LIST-04 regressed: it was pass, and is fail (should)",
		"! Warnings the certificate was not checked", "2 requirements within the gate (must) failed.",
	} {
		if !strings.Contains(head, sentence) {
			t.Errorf("above the requirements the page should say %q; it says: %.3000s", sentence, head)
		}
	}
}

func TestHTMLMarksWhatDiffers(t *testing.T) {
	r := wrongInEverything(t, 2, 40<<10)
	r.Results[0].Findings[0].Subject.UUID = driveUUID(150) // far down in the list
	r.Results[1].Findings = []reports.Finding{{Subject: reports.InWords("the list"), Differences: []reports.Difference{{In: reports.InStatus, Expected: "200", Found: "404", Note: "{}"}}, Exchange: example.Get(9, "/", "{}")}}
	r.Results[1].Findings[0].Exchange.Response.Status = 404
	p := parsed(t, htmlOf(t, r))
	for id, marks := range map[string][]string{
		r.Results[0].Requirement.ID: {"null", `{"uuid": "5b4a"}`, `"owner": null,`, `"owner": {`, `"uuid": "5b4a"`, `},`},
		r.Results[1].Requirement.ID: {"200", "404", "404"},
	} {
		card, _ := p.id(id)
		var got []string
		for _, mark := range card.elements("mark") {
			got = append(got, mark.words())
		}
		if !slices.Equal(got, marks) {
			t.Errorf("of %s the marked parts should be %q, and are %q", id, marks, got)
		}
	}
	card, _ := p.id(r.Results[0].Requirement.ID)
	for _, part := range []string{driveUUID(150), driveUUID(0), "more lines"} {
		if !strings.Contains(card.words(), part) {
			t.Errorf("of a list too long to show, the drive that is meant should be shown, the beginning, and how much is left; %q is not", part)
		}
	}
}

func TestHTMLKeepsHostileTextText(t *testing.T) {
	written := htmlOf(t, example.Attacked(t))
	p := parsed(t, written)
	if at := strings.IndexAny(written, "\x00\x07\x1b\u202e\u2066\u009b\uffff"); at >= 0 {
		t.Errorf("what an endpoint said reaches the page as a control character, at byte %d", at)
	}
	shown := p.elements("body")[0].text()
	for _, part := range []string{`<script>alert("1")</script> & 'quoted' ]]>`, `\u202egnp.exe`, `\x1b[2J`, `\xff\xfe`, "more byte"} {
		if !strings.Contains(shown, part) {
			t.Errorf("hostile text should be shown as it is, or its controls as escapes; %q is not there", part)
		}
	}
	known := regexp.MustCompile(`^(html|head|body|meta|link|title|style|script|a|header|main|section|footer|nav|article|h[1-6]|p|b|ul|ol|li|dl|dt|dd|div|span|` +
		`bdi|code|pre|mark|details|summary|table|caption|thead|tbody|tr|th|td|svg|rect|form|fieldset|legend|label|input|select|option|button|output|kbd)$`)
	for _, e := range p.elements("") {
		if !known.MatchString(e.Data) {
			t.Errorf("the page has an element <%s>, which no template makes", e.Data)
		}
	}
	if size, most := len(written), 2<<20; size > most {
		t.Errorf("9 results with hostile texts of 64 KiB make a page of %d bytes; it should stay below %d", size, most)
	}
}

func TestHTMLBoundsWhatIsShown(t *testing.T) {
	r := example.MadeUp(t)
	for range 200 {
		f := example.Owned(len(r.Results[4].Findings) + 10)
		f.Exchange.Response.Body = evidence.BodyOf(bytes.Repeat([]byte("ü"), 100<<10))
		f.Found = strings.Repeat("x", 20<<10)
		r.Results[4].Findings = append(r.Results[4].Findings, f)
	}
	written := htmlOf(t, r)
	if size, most := len(written), 1<<20; size > most {
		t.Errorf("200 findings with bodies of 200 KiB make a page of %d bytes, and should make less than %d", size, most)
	}
	p := parsed(t, written)
	card, _ := p.id("OWNER-02")
	for _, sentence := range []string{"154 more findings not listed one by one", "45 more exchanges are not shown here", "204800 bytes", "184320 more bytes"} {
		if !strings.Contains(card.words(), sentence) {
			t.Errorf("what is not shown should be counted; %q is not said", sentence)
		}
	}
	if size, most := len(htmlOf(t, wrongInEverything(t, 171, 100<<10))), 10<<20; size > most {
		t.Errorf("171 failures with 100 KiB of evidence each make a page of %d bytes, and should make less than %d", size, most)
	}
}

// TestColoursHaveEnoughContrast computes what WCAG 2.2 calls contrast for each ink and the grounds it is used on, on
// screens of both kinds; the browser's test looks at the page itself.
func TestColoursHaveEnoughContrast(t *testing.T) {
	style := parsed(t, htmlOf(t, example.MadeUp(t))).elements("style")[0].text()
	light, dark, found := strings.Cut(style[:strings.Index(style, ".good {")], "prefers-color-scheme: dark")
	if !found {
		t.Fatal("the style should begin with the colours of a light and of a dark screen")
	}
	for scheme, block := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`).FindAllStringSubmatch(block, -1) {
			colours[m[1]] = m[2]
		}
		pairs := []string{"mark on mark-ground", "paper on link", "paper on bad"}
		for _, ink := range []string{"ink", "soft", "link", "good", "bad", "warn", "waived", "blocked", "skip"} {
			pairs = append(pairs, ink+" on paper", ink+" on sheet")
		}
		for _, ink := range []string{"good", "bad", "warn", "waived", "blocked", "skip"} {
			pairs = append(pairs, ink+" on "+ink+"-ground", "ink on "+ink+"-ground")
		}
		for _, pair := range pairs {
			ink, ground, _ := strings.Cut(pair, " on ")
			if ratio := contrast(t, colours[ink], colours[ground]); ratio < 4.5 {
				t.Errorf("on a %s screen the contrast of %s is %.2f, and should be 4.5 or more", scheme, pair, ratio)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(colour string) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			if len(colour) != 6 {
				t.Fatalf("the style should say which colour each name is; one is %q", colour)
			}
			part, err := strconv.ParseUint(colour[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatalf("%q is no colour: %v", colour, err)
			}
			c := float64(part) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func BenchmarkHTML(b *testing.B) {
	r := wrongInEverything(b, 100, 20<<10)
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(htmlOf(b, r))), "bytes")
	}
}

// TestHTMLRepeatsWithHeadersWhatIsAboutThem: a status or a header is not seen in a body.
func TestHTMLRepeatsWithHeadersWhatIsAboutThem(t *testing.T) {
	r := example.MadeUp(t)
	r.Results[4].Findings = r.Results[4].Findings[:1]
	if strings.Contains(htmlOf(t, r), "curl -sS -i ") {
		t.Error("a value of a body needs no headers")
	}
	r.Results[4].Findings[0].Differences = []reports.Difference{{In: reports.InStatus, Expected: "200", Found: "404"}}
	if !strings.Contains(htmlOf(t, r), "curl -sS -i ") {
		t.Error("curl should show the status where the finding is about it")
	}
}
