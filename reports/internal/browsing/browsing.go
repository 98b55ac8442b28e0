// Package browsing tries pages in a real browser. Only tests import it.
package browsing

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	pages "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserNeeded is the environment variable that makes a missing browser a failure, when it says so: where these tests
// must not be left out unnoticed.
const browserNeeded, required = "CONFORMANCE_BROWSER", "required"

// Patience is how long anything in the browser may take: what go test leaves, for how slow a busy machine is nobody knows.
func Patience(t *testing.T) time.Duration {
	if deadline, set := t.Deadline(); set {
		return time.Until(deadline) - 20*time.Second // to say what hangs
	}
	return time.Hour
}

// Start starts the browser that the subtests share. Where there is none, the test is skipped.
func Start(t *testing.T) context.Context {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome"}
	path := ""
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		missing := fmt.Sprintf("none of %s is in the PATH, so that no page is tried in a browser (Debian: apt-get install chromium)", strings.Join(names, ", "))
		if os.Getenv(browserNeeded) == required {
			t.Fatalf("%s=%s, but %s", browserNeeded, required, missing)
		}
		t.Skip(missing)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1280, 900))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium refuses to run as root with it
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(ctx, chromedp.WithErrorf(t.Logf))
	t.Cleanup(func() { closeBrowser(); stop() })
	late := time.AfterFunc(Patience(t), stop)
	defer late.Stop()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("%s does not start: %v", path, err)
	}
	return ctx
}

// Tab is a page in the browser, and what went wrong in it.
type Tab struct {
	T   *testing.T
	Ctx context.Context

	file string

	mu       sync.Mutex
	problems []string
}

// NewTab opens an empty tab. When the test is done, nothing may have gone wrong in it: no message on the console, no
// exception, no violation of the policy, no dialog, and nothing asked of the network.
func NewTab(t *testing.T, browser context.Context, written string) *Tab {
	t.Helper()
	p := BrokenTab(t, browser, written)
	t.Cleanup(func() {
		for _, problem := range p.Noticed() {
			t.Errorf("in the browser: %s", problem)
		}
	})
	return p
}

// BrokenTab opens a tab in which something may go wrong.
func BrokenTab(t *testing.T, browser context.Context, written string) *Tab {
	t.Helper()
	p := &Tab{T: t, file: filepath.Join(t.TempDir(), "report.html")}
	if err := os.WriteFile(p.file, []byte(written), 0o600); err != nil {
		t.Fatalf("the page can't be written: %v", err)
	}
	ctx, closeTab := chromedp.NewContext(browser)
	p.Ctx = ctx
	late := time.AfterFunc(Patience(t), closeTab)
	t.Cleanup(func() { late.Stop(); closeTab() })
	if err := chromedp.Listen(ctx, p.notice); err != nil {
		t.Fatalf("no tab opens: %v", err)
	}
	return p
}

func (p *Tab) notice(event any) {
	problem := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		problem = fmt.Sprintf("console.%s was called", e.Type)
	case *runtime.EventExceptionThrown:
		problem = "exception: " + e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			problem += " " + e.ExceptionDetails.Exception.Description
		}
	case *log.EventEntryAdded:
		problem = fmt.Sprintf("%s: %s", e.Entry.Level, e.Entry.Text)
	case *pages.EventJavascriptDialogOpening:
		problem = "a dialog opens: " + e.Message
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, "file://"+p.file) && !strings.HasPrefix(url, "data:") {
			problem = "the network is asked for " + url
		}
	}
	if problem != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.problems = append(p.problems, problem)
	}
}

func (p *Tab) Noticed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.problems
}

// Open opens the page at a fragment, such as #OWNER-02; the fragment may be empty.
func (p *Tab) Open(fragment string) *Tab {
	p.T.Helper()
	p.Do("about:blank", chromedp.Navigate("about:blank")) // else another fragment would not open the page anew
	p.Do("the page", chromedp.Navigate("file://"+p.file+fragment))
	return p
}

// OpenTab opens a page at a fragment in a tab of its own.
func OpenTab(t *testing.T, browser context.Context, written, fragment string) *Tab {
	t.Helper()
	return NewTab(t, browser, written).Open(fragment)
}

func (p *Tab) Do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.T.Helper()
	if err := chromedp.Do(p.Ctx, actions...); err != nil {
		p.T.Fatalf("in the browser, %s fails: %v", what, err)
	}
}

func (p *Tab) Click(selector string) {
	p.T.Helper()
	ctx, cancel := context.WithTimeout(p.Ctx, p.Longest())
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.T.Fatalf("in the browser, clicking on %s fails: %v", selector, err)
	}
}

// Shortcut presses a key as a keyboard does: what it types is not typed where the page takes the key for itself.
func (p *Tab) Shortcut(key string) {
	p.T.Helper()
	for _, event := range []input.DispatchKeyEventParams{{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key}, {Type: input.DispatchKeyEventTypeKeyUp, Key: key}} {
		Send(p, input.DispatchKeyEvent, event)
	}
}

// Press types keys.
func (p *Tab) Press(keys string) {
	p.T.Helper()
	p.Do("pressing "+keys, chromedp.KeyEvent(keys))
}

// Evaluate runs a script in the page and returns its value; a promise is awaited.
func Evaluate[T any](p *Tab, script string) T {
	p.T.Helper()
	value, err := chromedp.Run(p.Ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.T.Fatalf("in the browser, the script %.200s fails: %v", script, err)
	}
	return value
}

// Await waits until a script is true.
func (p *Tab) Await(what, script string) {
	p.T.Helper()
	if !Evaluate[bool](p, `new Promise((done) => {
		const end = performance.now() + `+fmt.Sprint(p.Longest().Milliseconds())+`, look = () => {
			if (`+script+`) done(true); else if (performance.now() > end) done(false); else setTimeout(look, 20);
		};
		look();
	})`) {
		p.T.Fatalf("in the browser, %s is not so after %v", what, p.Longest())
	}
}

// Longest is how long one thing may take that a page does: a part of what go test leaves, so that what never comes is told.
func (p *Tab) Longest() time.Duration { return Patience(p.T) / 10 }

// Send runs a command of the browser.
func Send[P, R any](p *Tab, command cdp.Command[P, R], params P) R {
	p.T.Helper()
	result, err := chromedp.Call(p.Ctx, command, params)
	if err != nil {
		p.T.Fatalf("the browser does not do %s: %v", command.Method, err)
	}
	return result
}
