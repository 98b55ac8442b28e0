package text_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites/evidence"
)

const curl = `curl -sS -u "$LIBDRIVES_USERNAME:$LIBDRIVES_PASSWORD" -H 'Accept: application/json' `

func TestTextOfAFailureIsWhatAPersonNeeds(t *testing.T) {
	r := example.MadeUp(t)
	r.Results = r.Results[4:5]
	r.Results[0].Requirement.States = "`owner` is there and null when a library drive is got through the drives API."
	example.Same(t, "a quiet report", textOf(t, r, text.Options{Quiet: true, Width: 80}), `OWNER-02  must   Recognizing library drives
  `+"`owner`"+` is there and null when a library drive is got through the drives API.
  drive     c7105ec8-…  "Windows Server 2022"         (1 of 41 drives; 3 more like it)
  request   GET /drives/c7105ec8-…/                   → 200 in 48 ms
  rule      a library drive belongs to nobody
  expected  owner: null
  found     owner: {"uuid": "5b4a0000", "email": "x@example.com"}
  repeat    `+curl+`'`+example.Base+`drives/`+example.Windows+`/'

does not conform. Judged 1 of 1 requirement: 0 passed, 1 failed, 0 advisory; 0 skipped, 0 blocked. 412 requests sent, 3 retried, in 4.2 s. Target: `+example.Base+`
Next: libdrives-conformance explain OWNER-02 says how it is decided; libdrives-conformance run --target `+example.Base+` --profile read --select OWNER-02 judges again what failed.
`)
}

func TestTextOfAWholeReport(t *testing.T) {
	example.Same(t, "the report", textOf(t, example.MadeUp(t), text.Options{}), `libdrives-conformance 1.2.3 on `+example.Base+` (nginx)
profile read, gate must, sample 200, seed 1
built from commit 0123456789ab of 2026-03-01

section                       passed  failed  advisory  skipped  blocked
Listing library drives             1       -         1        -        -
Detailed listing                   -       1         -        -        -
Getting one library drive          1       -         -        -        -
Recognizing library drives         -       1         -        -        -
Licensed drive images              -       -         -        2        1
Attaching                          -       -         -        1        -
all                                2       2         1        3        1

Failed

DETAIL-02  must   Detailed listing
  The detail list is identical to the plain list over the whole library: the same drives, each with
  the same fields and the same values, in the same order where the plain list keeps its own. The
  report names each drive and field that differs.
  subject   /libdrives/detail/                        (1 of 41 looked at)
  request   GET /libdrives/detail/?limit=0            → 200 in 48 ms
  compared  with GET /libdrives/?limit=0              → 200 in 48 ms
  rule      both lists are the same
  expected  0 drives
  found     1 drive
            and more
  repeat    `+curl+`'`+example.Base+`libdrives/detail/?limit=0'
  repeat    `+curl+`'`+example.Base+`libdrives/?limit=0'

OWNER-02  must   Recognizing library drives
  `+"`owner`"+` is there and null in that answer. Absent is not null.
  drive     c7105ec8-…  "Windows Server 2022"         (1 of 41 drives; 3 more like it)
  request   GET /drives/c7105ec8-…/                   → 200 in 48 ms
  rule      a library drive belongs to nobody
  expected  owner: null
  found     owner: {"uuid": "5b4a0000", "email": "x@example.com"}
  repeat    `+curl+`'`+example.Base+`drives/`+example.Windows+`/'

Advisories: these do not fail the run

LIST-04  should Listing library drives
  Every listed drive carries every documented field: without `+"`fields`"+`, nothing is left out.
  drive     1  "Debian"                               (1 of 41 drives)
  request   GET /libdrives/?limit=0                   → 200 in 48 ms
  rule      every field is there
  found     no os
  repeat    `+curl+`'`+example.Base+`libdrives/?limit=0'

Skipped: there is nothing to judge these by

  the library has no licensed drive
    LIC-01 LIC-04
  the library has no CDROM
    ATTACH-01

Blocked: something that these build on failed

  the clone never ended (CLONE-01 has to hold first)
    LIC-09

Unstable: differences between reads that did not persist

  DETAIL-02 drive 2: not in the second list; taken again, it did not show (requests 3)
  the run saw drive 9 come and go

Warnings

  the certificate was not checked

does not conform. Judged 5 of 9 requirements: 2 passed, 2 failed, 1 advisory; 3 skipped, 1 blocked. 412 requests sent, 3 retried, in 4.2 s. Target: `+example.Base+`
Next: libdrives-conformance explain DETAIL-02 says how it is decided; libdrives-conformance run --target `+example.Base+` --profile read --select DETAIL-02,OWNER-02 judges again what failed.
`)
}

func TestTextVerboseTellsEverything(t *testing.T) {
	r := example.MadeUp(t)
	verbose := textOf(t, r, text.Options{Verbose: true})
	for what, want := range map[string]string{
		"the last finding":             "(finding 4 of 4; 41 looked at)",
		"whole uuids":                  "drive     " + example.Windows + `  "Windows Server 2022"`,
		"the statement of the skipped": "  LIC-04  A clone of a licensed library drive carries the same licences",
		"the reason of the skipped":    "    the library has no licensed drive\n",
	} {
		if !strings.Contains(verbose, want) {
			t.Errorf("verbose should tell %s: %q is missing in\n%s", what, want, verbose)
		}
	}
	long := "owner: " + strings.Repeat("0123456789", 300) + "end"
	r.Results[4].Findings = []reports.Finding{{Subject: reports.Subject{Kind: "drive", UUID: "1"}, Found: long, Exchange: example.Get(1, "/drives/1/"+strings.Repeat("x", 300), "")}}
	if verbose = textOf(t, r, text.Options{Verbose: true}); !strings.Contains(verbose, long) {
		t.Error("verbose should show a value of 3,000 letters whole")
	}
	short := textOf(t, r, text.Options{Width: 80})
	if strings.Contains(short, "end\n") || !strings.Contains(short, "… (3010 bytes in all)") {
		t.Errorf("a value of 3,000 letters should be shortened, and its length told:\n%s", short)
	}
	for _, line := range strings.Split(short, "\n") {
		isOne := strings.Contains(line, "curl ") || strings.HasPrefix(line, "does not") || strings.HasPrefix(line, "Next") || strings.Contains(line, "→")
		if !isOne && len([]rune(line)) > 80 {
			t.Errorf("%q is wider than the terminal of 80 columns", line)
		}
	}
	if !strings.Contains(short, strings.Repeat("x", 300)+"'\n") {
		t.Error("a curl line must be whole, whatever the width: it is there to be pasted")
	}
}

func TestTextNamesOtherWaysInWhichARequirementFails(t *testing.T) {
	r := example.MadeUp(t)
	r.Results = r.Results[4:5]
	other := example.Owned(9)
	other.Rule = "the owner is told in the same way everywhere"
	r.Results[0].Findings = append(r.Results[0].Findings, other, other)
	got := textOf(t, r, text.Options{Quiet: true})
	if want := "  also      the owner is told in the same way everywhere (2 findings)\n"; !strings.Contains(got, want) {
		t.Errorf("findings of another rule should be named by %q:\n%s", want, got)
	}
	if !strings.Contains(got, "3 more like it)") {
		t.Errorf("only findings of the same rule are like the first, three of five here:\n%s", got)
	}
}

func TestTextCannotBeHijacked(t *testing.T) {
	for name, o := range map[string]text.Options{"plain": {}, "verbose": {Verbose: true}, "quiet": {Quiet: true}, "narrow": {Width: 1}} {
		for _, c := range textOf(t, example.Attacked(t), o) {
			if c < ' ' && c != '\n' || 0x7f <= c && c < 0xa0 || c == '\u202e' || c == '\u2066' || c == '\ufffe' {
				t.Errorf("%s: the text holds %U from the endpoint: it could move the cursor or hide what was found", name, c)
				break
			}
		}
	}
	colored := textOf(t, example.Attacked(t), text.Options{Color: true})
	if rest := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(colored, ""); strings.Contains(rest, "\x1b") {
		t.Error("coloured text holds an escape sequence that is no colour of ours")
	} else if rest != textOf(t, example.Attacked(t), text.Options{}) {
		t.Error("colour should change nothing but colour")
	}
	if plain := textOf(t, example.Attacked(t), text.Options{}); !strings.Contains(plain, `\x1b[2J`) || !strings.Contains(plain, `\u202egnp.exe`) {
		t.Error("what is hostile should be shown escaped, not swallowed: it is evidence")
	}
}

func TestTextSaysWhatToDoNext(t *testing.T) {
	for name, c := range map[string]struct {
		change func(r *reports.Report)
		want   []string
	}{
		"conforms": {func(r *reports.Report) { r.Results = r.Results[:1]; r.Embedded = true },
			[]string{"conforms. Judged 1 of 1 requirement: 1 passed", "Target: the embedded reference endpoint\n"}},
		"advisories": {func(r *reports.Report) { r.Results = r.Results[:2] }, []string{"conforms. ", "Next: the advisories; --level should"}},
		"blocked": {func(r *reports.Report) { r.Results = r.Results[7:8] },
			[]string{"incomplete: requirements are blocked. ", "Next: see what LIC-09 is blocked by"}},
		"incomplete": {func(r *reports.Report) { r.Results = r.Results[:1]; r.Incomplete = "interrupted" },
			[]string{"incomplete: interrupted. ", "Next: see to what ended the run"}},
		"failed and incomplete": {func(r *reports.Report) { r.Incomplete = "interrupted" },
			[]string{"does not conform. ", "\nIt is incomplete too: interrupted\n"}},
		"nothing": {func(r *reports.Report) { r.Results = nil }, []string{"nothing was judged. ", "Next: select more"}},
	} {
		r := example.MadeUp(t)
		c.change(r)
		got := textOf(t, r, text.Options{Quiet: true})
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the closing should hold %q:\n%s", name, want, got)
			}
		}
	}
}

func TestEvidence(t *testing.T) {
	r := example.MadeUp(t).Results[4]
	r.Findings = r.Findings[:1]
	x := r.Findings[0].Exchange
	x.Request.As, x.Request.Body = evidence.WrongPassword, []byte("asked\n")
	x.Response.Body = evidence.BodyOf([]byte(strings.Repeat("é", 4000)))
	got := plaintext.Evidence(r)
	for what, want := range map[string]string{
		"the requirement":  "OWNER-02  must   Recognizing library drives\n",
		"the credentials":  "/ (credentials: wrong password)",
		"the exchange":     "\n  exchange 5, 200 in 48 ms\n  > GET " + example.Base + "drives/" + example.Windows + "/",
		"the request body": "\n  > asked\n",
		"the answer":       "\n  < HTTP/1.1 200\n  < Content-Type: application/json\n  <\n  < é",
		"what is left out": "\n  < … 3904 more bytes\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("evidence should hold %s, %q:\n%s", what, want, got)
		}
	}
	if strings.Contains(got, "X-Noise") || strings.Contains(got, "Authorization") {
		t.Errorf("evidence should show telling headers only:\n%s", got)
	}
	x.Response, x.Failure = nil, "the connection was closed"
	if got := plaintext.Evidence(r); !strings.Contains(got, "→ no response: the connection was closed") {
		t.Errorf("evidence without a response should say why there is none:\n%s", got)
	}
	for verdict, want := range map[reports.Verdict]string{
		reports.Pass: "passed    41 looked at", reports.Skip: "skip      nothing there", reports.Blocked: "blocked   nothing there",
	} {
		if got := plaintext.Evidence(reports.Result{Verdict: verdict, Reason: "nothing there", Subjects: 41}); !strings.Contains(got, want) {
			t.Errorf("evidence of a %s should hold %q:\n%s", verdict, want, got)
		}
	}
}

func textOf(t testing.TB, r *reports.Report, o text.Options) string {
	t.Helper()
	return example.Render(t, func(b *strings.Builder) error { return text.Write(b, r, o) })
}
