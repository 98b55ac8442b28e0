package text

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// live is progress on a terminal: one line that is drawn anew a few times a second and removed in the end. Other lines
// scroll by above it.
type live struct {
	plaintext.Paint
	verbose bool
	screen  *mpb.Progress
	bar     *mpb.Bar
	close   sync.Once

	mu sync.Mutex
	progressCounts
	what string
}

func newLive(w io.Writer, o ProgressOptions) *live {
	l := &live{Paint: plaintext.Paint{Color: o.Color}, verbose: o.Verbose, what: "starting"}
	// The caller knows that w is a terminal, even where it is wrapped so that mpb could not tell.
	l.screen = mpb.New(mpb.WithOutput(w), mpb.ForceTTY(), mpb.WithAutoRefresh())
	style := mpb.BarStyle().Lbound("[").Filler("=").Tip(">").Padding(" ").Rbound("]")
	// A total of 0 keeps the bar from completing when all that is planned so far is done: more is planned as the run
	// learns what the library holds. The numbers shown are read when the line is drawn, never sent to the bar: a sender
	// would have to wait for the drawing, and concurrent ones would make the bar jump back.
	l.bar = l.screen.New(0, style,
		mpb.BarWidth(24),
		mpb.BarFillerMiddleware(l.fill),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return l.counts() })),
		mpb.AppendDecorators(
			decor.NewElapsed(decor.ET_STYLE_MMSS, time.Now()),
			decor.Any(func(decor.Statistics) string { return l.phase() }),
		),
	)
	return l
}

// fill draws the bar with the numbers that are known now.
func (l *live) fill(base mpb.BarFiller) mpb.BarFiller {
	return mpb.BarFillerFunc(func(w io.Writer, s decor.Statistics) error {
		l.mu.Lock()
		s.Current, s.Total = int64(l.done), int64(l.planned)
		l.mu.Unlock()
		return base.Fill(w, s)
	})
}

func (l *live) counts() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return fmt.Sprintf("%d/%s", l.done, show.Plural(l.planned, "request"))
}

// phase is the end of the live line. It holds no colours: where the terminal is narrow, mpb cuts it.
func (l *live) phase() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := "  "
	if l.judged > 0 {
		text += fmt.Sprintf("%d judged, %d failed  ", l.judged, l.failed)
	}
	return text + show.Brief(l.what, 40)
}

func (l *live) Collecting(done, planned int, what string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.collecting(done, planned)
	l.what = what
}

func (l *live) Judged(r reports.Result) {
	l.mu.Lock()
	l.count(r)
	l.mu.Unlock()
	if l.verbose {
		l.above(judgedLine(l.Paint, r))
	}
}

func (l *live) Note(line string) { l.above(show.OneLine(line)) }

// above writes a line that stays, above the live one.
func (l *live) above(line string) {
	// After Close this is an error that nobody needs.
	_, _ = io.WriteString(l.screen, line+"\n")
}

// Close removes the live line, so that what comes next begins where it stood.
func (l *live) Close() {
	l.close.Do(func() {
		l.bar.Abort(true)
		l.screen.Wait()
	})
}
