package text_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	"github.com/libdrives/conformance/reports/text"
)

// screen is a terminal as far as progress uses one: it keeps what a person would see.
type screen struct {
	mu  sync.Mutex
	raw strings.Builder
}

var upAndClear = regexp.MustCompile("^\x1b\\[([0-9]+)A\x1b\\[J")

func (s *screen) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.raw.Write(text)
}

// visible plays back everything that was written.
func (s *screen) visible(t *testing.T) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []string{""}
	for rest := s.raw.String(); rest != ""; {
		if m := upAndClear.FindStringSubmatch(rest); m != nil {
			var n int
			if _, err := fmt.Sscan(m[1], &n); err != nil || n >= len(rows) {
				t.Fatalf("progress moves the cursor up by %s rows, out of what it wrote", m[1])
			}
			rows = append(rows[:len(rows)-1-n], "")
			rest = rest[len(m[0]):]
			continue
		}
		if rest[0] == '\n' {
			rows = append(rows, "")
		} else {
			rows[len(rows)-1] += rest[:1]
		}
		rest = rest[1:]
	}
	return strings.Join(rows, "\n")
}

func TestLiveProgressIsOneLineThatGoesAway(t *testing.T) {
	r := example.MadeUp(t)
	synctest.Test(t, func(t *testing.T) { // it also fails on a goroutine that is left
		s := &screen{}
		p := text.NewProgress(s, text.ProgressOptions{Terminal: true})
		p.Collecting(12, 40, "drives \x1b[2J one by one")
		<-time.After(62 * time.Second)
		seen := s.visible(t)
		for _, want := range []string{"12/40 requests [=", "> ", "01:01", `drives \x1b[2J one by one`} {
			if !strings.Contains(seen, want) {
				t.Errorf("the live line should show %q, it is %q", want, seen)
			}
		}
		p.Judged(r.Results[0])
		p.Judged(r.Results[4])
		r.Results[2].Waived = &reports.Waiver{Reason: "known", Until: "2099-12-31"} // which counts as no failure
		p.Judged(r.Results[2])
		p.Note("3 clones will be made\n\x1b[2J")
		<-time.After(time.Second)
		if seen = s.visible(t); !strings.HasPrefix(seen, `3 clones will be made \x1b[2J`+"\n12/40 requests") || !strings.Contains(seen, "3 judged, 1 failed") {
			t.Errorf("a note should stand above the live line, and the line count what was judged; the screen is %q", seen)
		}
		p.Note("the last word")
		p.Close()
		p.Close()
		p.Note("too late")
		p.Collecting(40, 40, "too late")
		p.Judged(r.Results[0])
		if seen = s.visible(t); seen != `3 clones will be made \x1b[2J`+"\nthe last word\n" {
			t.Errorf("after Close the screen should hold the notes and a fresh line, it is %q", seen)
		}
	})
}

func TestLiveProgressClosedAtOnceLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		p := text.NewProgress(s, text.ProgressOptions{Terminal: true, Color: true, Verbose: true})
		p.Close()
		if seen := s.visible(t); seen != "" {
			t.Errorf("progress that never ran leaves %q on the screen", seen)
		}
	})
}

func TestPlainProgressIsAFewLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		p := text.NewProgress(s, text.ProgressOptions{})
		for i := range 120 {
			p.Collecting(i, 1000, "lists")
			<-time.After(100 * time.Millisecond)
		}
		p.Collecting(600, 1000, "drives")
		p.Note("a note\nof \x1b[2Jtwo lines")
		p.Collecting(300, 900, "lists")
		p.Judged(example.MadeUp(t).Results[4])
		p.Collecting(1000, 1000, "drives")
		p.Close()
		p.Close()
		p.Note("too late")
		example.Same(t, "plain progress", s.visible(t), `    0.0 s  0 of 1000 requests: lists
    5.0 s  50 of 1000 requests: lists
   10.0 s  100 of 1000 requests: lists
   12.0 s  600 of 1000 requests: drives
   12.0 s  a note of \x1b[2Jtwo lines
   12.0 s  1000 requests answered, 1 requirement judged, 1 failed
`)
	})
}

func TestPlainProgressIsBoundedWhateverThePhases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		p := text.NewProgress(s, text.ProgressOptions{})
		for i := range 10_000 {
			p.Collecting(i, 10_000, fmt.Sprintf("drive %d", i))
		}
		p.Close()
		if lines := strings.Count(s.visible(t), "\n"); lines > 40 {
			t.Errorf("10,000 phases in no time make %d lines: a CI log keeps every one", lines)
		}
	})
}

func TestVerboseProgressTellsEachVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, o := range map[string]text.ProgressOptions{"plain": {Verbose: true}, "live": {Verbose: true, Terminal: true}} {
			s := &screen{}
			p := text.NewProgress(s, o)
			for _, result := range example.MadeUp(t).Results {
				p.Judged(result)
			}
			p.Close()
			for _, want := range []string{
				"pass      LIST-01  GET /libdrives/ answers 200.", "advisory  LIST-04  drive 1", "fail      OWNER-02  drive c7105ec8",
				"skip      ATTACH-01  the library has no CDROM", "blocked   LIC-09  the clone never ended (CLONE-01 has to hold first)",
			} {
				if seen := s.visible(t); !strings.Contains(seen, want) {
					t.Errorf("%s: verbose progress should tell %q, it tells\n%s", name, want, seen)
				}
			}
		}
	})
}

func TestQuietProgressIsSilent(t *testing.T) {
	s := &screen{}
	p := text.NewProgress(s, text.ProgressOptions{Quiet: true, Terminal: true, Verbose: true})
	p.Collecting(1, 2, "x")
	p.Judged(reports.Result{})
	p.Note("x")
	p.Close()
	if seen := s.visible(t); seen != "" {
		t.Errorf("quiet progress says %q", seen)
	}
}

func TestProgressMayBeToldFromManyGoroutines(t *testing.T) {
	result := example.MadeUp(t).Results[4]
	synctest.Test(t, func(t *testing.T) {
		for _, o := range []text.ProgressOptions{{}, {Terminal: true}, {Verbose: true}, {Terminal: true, Verbose: true}} {
			s := &screen{}
			p := text.NewProgress(s, o)
			var all sync.WaitGroup
			for i := range 16 {
				all.Go(func() {
					for j := range 50 {
						p.Collecting(i*50+j, 800, "x")
						p.Judged(result)
						p.Note("y")
						if i == 7 && j == 25 {
							p.Close()
						}
					}
				})
			}
			all.Wait()
			p.Close()
			if seen := s.visible(t); seen != "" && !strings.HasSuffix(seen, "\n") {
				t.Errorf("%+v: after Close the cursor should stand at the beginning of a line, the screen ends in %q", o, seen[max(0, len(seen)-80):])
			}
		}
	})
}
