package text

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/libdrives/conformance/reports/internal/plaintext"
	"github.com/libdrives/conformance/reports/internal/show"
)

// MatrixProgress tells a person how a selftest goes, while it goes. Its methods may be called from many goroutines at
// once.
type MatrixProgress struct {
	plaintext.Paint
	w        io.Writer
	terminal bool
	quiet    bool
	started  time.Time

	mu     sync.Mutex
	live   bool      // a line stands that the next one takes the place of
	latest time.Time // of the last line about what went well
}

// NewMatrixProgress shows progress on w until it is closed. Errors of w are ignored: a selftest does not end because
// nobody watches it.
func NewMatrixProgress(w io.Writer, o ProgressOptions) *MatrixProgress {
	return &MatrixProgress{Paint: plaintext.Paint{Color: o.Color}, w: w, terminal: o.Terminal, quiet: o.Quiet, started: time.Now()}
}

// Tested tells of a fault or variant. What did not come out as it should has a line of its own; the others share one.
func (p *MatrixProgress) Tested(done, planned int, name string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !ok {
		p.say(p.In(plaintext.Red, "BAD")+"  "+show.OneLine(name), false)
	}
	if p.terminal || done == planned || time.Since(p.latest) >= plainInterval {
		p.latest = time.Now()
		p.say(fmt.Sprintf("%d of %d faults and variants tested", done, planned), p.terminal)
	}
}

// Note tells something worth a line.
func (p *MatrixProgress) Note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.say(show.OneLine(line), false)
}

// Close ends it; what is written next starts on a fresh line.
func (p *MatrixProgress) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live && !p.quiet {
		_, _ = io.WriteString(p.w, clearLine)
	}
	p.quiet = true
}

// clearLine takes the cursor back to the beginning of the line and empties it.
const clearLine = "\r\x1b[K"

// say writes a line with the time since the beginning; a live one is replaced by the next. The lock is held.
func (p *MatrixProgress) say(line string, live bool) {
	if p.quiet {
		return
	}
	var b strings.Builder
	if p.live {
		b.WriteString(clearLine)
	}
	fmt.Fprintf(&b, "%7.1f s  %s", time.Since(p.started).Seconds(), line)
	if p.live = live; !live {
		b.WriteString("\n")
	}
	_, _ = io.WriteString(p.w, b.String())
}
