package github_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/github"
	"github.com/libdrives/conformance/reports/internal/example"
)

// command is a workflow command as a runner of GitHub Actions reads it.
type command struct{ name, title, text string }

// obey reads a log as a runner does: a command is a line that begins with two colons, or one that holds ##[ anywhere; and
// none is obeyed between stop-commands and the word that was given with it.
func obey(log string) (obeyed []command, plain []string) {
	known := map[string]bool{"error": true, "warning": true, "notice": true, "stop-commands": true, "add-mask": true, "set-output": true, "evil": true}
	token := ""
	for line := range strings.SplitSeq(log, "\n") {
		c, found := parseCommand(line)
		switch {
		case !found || !known[c.name] && c.name != token:
			plain = append(plain, line)
		case token != "" && c.name == token:
			token = ""
		case token != "":
			plain = append(plain, line)
		case c.name == "stop-commands":
			token = c.text
		default:
			obeyed = append(obeyed, c)
		}
	}
	return obeyed, plain
}

func parseCommand(line string) (c command, found bool) {
	rest, properties := "", ""
	if after, begins := strings.CutPrefix(strings.TrimSpace(line), "::"); begins {
		properties, rest, found = strings.Cut(after, "::")
	} else if _, after, holds := strings.Cut(line, "##["); holds {
		properties, rest, found = strings.Cut(after, "]")
	}
	c.name, properties, _ = strings.Cut(properties, " ")
	for property := range strings.SplitSeq(properties, ",") {
		if title, isTitle := strings.CutPrefix(property, "title="); isTitle {
			c.title = strings.NewReplacer("%3A", ":", "%2C", ",", "%0A", "\n", "%0D", "\r", "%25", "%").Replace(title)
		} else if property != "" {
			c.title = "a property that nobody asked for: " + property
		}
	}
	c.text = strings.NewReplacer("%0A", "\n", "%0D", "\r", "%25", "%").Replace(rest)
	return c, found
}

func annotationsOf(t testing.TB, r *reports.Report) (commands map[string][]command, log string) {
	t.Helper()
	log = example.Render(t, func(b *strings.Builder) error { return github.Write(b, r) })
	commands = map[string][]command{}
	obeyed, plain := obey(log)
	for _, c := range obeyed {
		commands[c.name] = append(commands[c.name], c)
	}
	if strings.Join(plain, "") != "" {
		t.Errorf("annotations hold lines that are no commands: %q", plain)
	}
	return commands, log
}

func TestAnnotationsTellWhatFailsAndWhatElseMatters(t *testing.T) {
	r := example.Complete(t)
	r.Waivers = append(r.Waivers, reports.WaiverOutcome{Waiver: reports.Waiver{Requirement: "GET-01"}, State: reports.WaiverStale, Says: "it passes"})
	r.Baseline.Changes = append(r.Baseline.Changes,
		reports.Change{Kind: reports.Regressed, Requirement: "DETAIL-02", Old: "pass", New: "fail (must)", Says: "told with its failure"},
		reports.Change{Kind: reports.Vanished, Requirement: "GET-02", Old: "pass", New: "not selected", Says: "nobody asked"},
		reports.Change{Kind: reports.Fixed, Requirement: "GET-03", Old: "fail (must)", New: "pass", Says: "it passes"})
	r.Incomplete = "interrupted"
	commands, _ := annotationsOf(t, r)
	want := map[string][]command{
		"error": {
			{"error", "DETAIL-02 must: Detailed listing", ""}, {"error", "GET-01 waiver: stale", "it passes"},
			{"error", "LIST-04 regressed: was pass, is fail (should)", "no os"}, {"error", "GET-02 vanished: was pass, is not selected", "nobody asked"},
		},
		"warning": {
			{"warning", "incomplete", "interrupted"},
			{"warning", "left behind in the account", `server ` + example.Windows + ` "libdrives-conformance-2"`},
			{"warning", "blocked: something that these build on failed", "LIC-09: the clone never ended (CLONE-01 has to hold first)"},
			{"warning", "unstable: differences between reads that did not persist",
				"DETAIL-02: drive 2: not in the second list; taken again, it did not show (requests 3)\nthe run saw drive 9 come and go"},
			{"warning", "warnings", "the certificate was not checked"},
			{"warning", "LIST-04 should (advisory): Listing library drives", ""},
			{"warning", "OWNER-02 must (waived until 2026-12-31: ticket 12): Recognizing library drives", ""},
		},
		"notice": {{"notice", "libdrives-conformance: does not conform: 1 requirement failed, a waiver is stale, 2 requirements regressed and 1 requireme…",
			"Judged 5 of 9 requirements: 1 failed, 1 advisory, 1 waived, 2 passed; 3 skipped, 1 blocked. Target: " + example.Base}},
	}
	for kind, wants := range want {
		for i, c := range wants {
			if len(commands[kind]) != len(wants) || commands[kind][i].title != c.title || c.text != "" && commands[kind][i].text != c.text {
				t.Errorf("the annotations of the kind %s should be\n%q\nand are\n%q", kind, wants, commands[kind])
				break
			}
		}
	}
	for _, part := range []string{"The detail list is identical", "expected 0 drives; found 1 drive and more", "\ncurl -sS", "/libdrives/detail/?limit=0'"} {
		if text := commands["error"][0].text; !strings.Contains(text, part) {
			t.Errorf("the annotation of a failure should say %q, and says:\n%s", part, text)
		}
	}
}

func TestAnnotationsSayWhyARunIsNotGreen(t *testing.T) {
	for want, change := range map[string]func(*reports.Report){
		"":                       func(*reports.Report) {},
		"incomplete: no network": func(r *reports.Report) { r.Incomplete = "no network" },
		"nothing was judged":     func(r *reports.Report) { r.Results = nil },
		"conforms, but left 1 resource behind in the account": func(r *reports.Report) { r.Resources.Left = make([]reports.Resource, 1) },
	} {
		r := example.MadeUp(t)
		r.Results = r.Results[:1]
		change(r)
		commands, _ := annotationsOf(t, r)
		got := ""
		if len(commands["error"]) > 0 {
			got = commands["error"][0].text
		}
		if got != want || len(commands["error"]) > 1 {
			t.Errorf("the errors of a run that %s are %q, and should say %q", r.Conclusion(), commands["error"], want)
		}
	}
}

// TestAnnotationsAreAsManyAsAreShown: GitHub shows ten of a kind, so the tenth speaks for all that are left.
func TestAnnotationsAreAsManyAsAreShown(t *testing.T) {
	for failures := range 13 {
		r := example.Everything(t, 1)
		r.Results = r.Results[:2*failures]
		for i := range r.Results {
			r.Results[i].Gated = i%2 == 0
		}
		r.Unstable, r.Warnings = nil, nil
		commands, _ := annotationsOf(t, r)
		for kind, first := range map[string]int{"error": 0, "warning": 1} {
			got := commands[kind]
			if failures == 0 {
				continue
			}
			if len(got) != min(failures, 10) {
				t.Errorf("%d failures make %d annotations of the kind %s, and should make %d", failures, len(got), kind, min(failures, 10))
				continue
			}
			last, named := got[len(got)-1], r.Results[first+2*(failures-1)].Requirement.ID
			if failures > 10 && (last.title != fmt.Sprintf("and %d more", failures-9) || !strings.Contains(last.text, named)) || failures <= 10 && !strings.HasPrefix(last.title, named) {
				t.Errorf("of %d failures the last annotation of the kind %s should tell of %s, and is %q", failures, kind, named, last)
			}
		}
		if len(commands["notice"]) != 1 {
			t.Errorf("there should be one notice, and there are %d", len(commands["notice"]))
		}
	}
}

// dangerous is what a runner or its reader could take for something else.
var dangerous = []string{"::error::", "\n::evil::x", "\r::evil::x", "##[evil]x", "%0A::evil::x", "%", "%25", ":", ",", ",title=evil", "=", "::", "\n", "\r\n", "\u2028", "\x85", "\x0b", "\x1b[2K", " ", "a", "\xff"}

// TestAnnotationsReadAsTheyWereMeant: what escapes a text is taken off by its reader.
func TestAnnotationsReadAsTheyWereMeant(t *testing.T) {
	r := example.MadeUp(t)
	r.Results[2].Requirement.ID, r.Results[2].Requirement.States = "A,B::C%2CD", "50%0A: a, b"
	commands, _ := annotationsOf(t, r)
	if got := commands["error"][0]; got.title != "A,B::C%2CD must: Detailed listing" || !strings.HasPrefix(got.text, "50%0A: a, b\n") {
		t.Errorf("title and text should be as they were given, and are %q and %q", got.title, got.text)
	}
}

// TestAnnotationsOfManyLinesAreBounded: GitHub takes 64 KiB of an annotation.
func TestAnnotationsOfManyLinesAreBounded(t *testing.T) {
	r := example.MadeUp(t)
	r.Warnings = nil
	for range 500 {
		r.Warnings = append(r.Warnings, strings.Repeat("too much ", 1<<12))
	}
	commands, _ := annotationsOf(t, r)
	for _, c := range commands["warning"] {
		if len(c.text) > 64<<10 {
			t.Errorf("the annotation %q has %d bytes, and GitHub takes 65536", c.title, len(c.text))
		}
		if c.title == "warnings" && !strings.HasSuffix(c.text, "… and 480 more") {
			t.Errorf("of 500 warnings the beginning should be told and how many more there are; the annotation ends in %q", c.text[max(0, len(c.text)-60):])
		}
	}
}

func TestAnnotationsKeepHostileTextFromCommanding(t *testing.T) {
	commands, _ := annotationsOf(t, example.Attacked(t))
	if len(commands["error"]) != 3 || len(commands["notice"]) != 1 {
		t.Errorf("a report full of hostile text should have three errors and a notice, and has %d and %d", len(commands["error"]), len(commands["notice"]))
	}
	rapid.Check(t, func(rt *rapid.T) {
		hostile := func(what string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(dangerous), 1, 6).Draw(rt, what), "")
		}
		r := example.MadeUp(t)
		r.Results = r.Results[4:5]
		r.Results[0].Requirement.States, r.Results[0].Requirement.ID, r.Results[0].Findings[0].Found = hostile("states"), hostile("id"), hostile("found")
		r.Results[0].Findings[0].Exchange.Request.URL = example.Base + hostile("path")
		r.Target, r.Incomplete, r.Warnings, r.Unstable = hostile("target"), hostile("incomplete"), []string{hostile("warning")}, nil
		r.Waivers = []reports.WaiverOutcome{{Waiver: reports.Waiver{Requirement: hostile("waived")}, State: reports.WaiverStale, Says: hostile("says")}}
		commands, log := annotationsOf(t, r)
		if len(commands["error"]) != 2 || len(commands["warning"]) != 2 || len(commands["notice"]) != 1 || len(commands) != 3 {
			rt.Errorf("hostile texts should change no command: two errors, two warnings and a notice are due, and the log is\n%q", log)
		}
		if hidden := strings.IndexFunc(log, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); hidden >= 0 {
			rt.Errorf("the log should hold no control characters, and holds %q", log[hidden:min(len(log), hidden+20)])
		}
		for _, kind := range commands {
			for _, c := range kind {
				if strings.HasPrefix(c.title, "a property") {
					rt.Errorf("hostile text made a property of a command: %q", c.title)
				}
			}
		}
	})
}

func TestSuspendedCommandsAreNotObeyed(t *testing.T) {
	var b strings.Builder
	hostile := "  ::evil::x\ndrive ##[add-mask]a\n::stop-commands::guessed\n::guessed::\n::evil::y\n"
	resume, err := github.Suspend(&b)
	if err != nil {
		t.Fatalf("writing to memory must not fail: %v", err)
	}
	b.WriteString(hostile)
	if err := resume(); err != nil {
		t.Fatalf("writing to memory must not fail: %v", err)
	}
	b.WriteString("::notice title=over::done\n")
	if obeyed, _ := obey(b.String()); len(obeyed) != 1 || obeyed[0].text != "done" {
		t.Errorf("of what stood between, nothing should be obeyed, and what stood after should; obeyed were %q", obeyed)
	}
	if obeyed, _ := obey(hostile); len(obeyed) == 0 {
		t.Error("without a word before them, hostile lines should be obeyed, or this test shows nothing")
	}
	var again strings.Builder
	if _, err := github.Suspend(&again); err != nil || strings.HasPrefix(b.String(), again.String()) {
		t.Errorf("the word that ends it should be another one each time; it was %q twice (error %v)", again.String(), err)
	}
}
