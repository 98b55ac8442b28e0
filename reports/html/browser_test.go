package html_test

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

// patience is how long anything in the browser may take: what go test leaves, for how slow a busy machine is nobody knows.
func patience(t *testing.T) time.Duration {
	if deadline, set := t.Deadline(); set {
		return time.Until(deadline) - 20*time.Second // to say what hangs
	}
	return time.Hour
}

// startBrowser starts the browser that the subtests share. Where there is none, the test is skipped.
func startBrowser(t *testing.T) context.Context {
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
	late := time.AfterFunc(patience(t), stop)
	defer late.Stop()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("%s does not start: %v", path, err)
	}
	return ctx
}

// tab is a page in the browser, and what went wrong in it.
type tab struct {
	t    *testing.T
	ctx  context.Context
	file string

	mu       sync.Mutex
	problems []string
}

// newTab opens an empty tab. When the test is done, nothing may have gone wrong in it: no message on the console, no
// exception, no violation of the policy, no dialog, and nothing asked of the network.
func newTab(t *testing.T, browser context.Context, written string) *tab {
	t.Helper()
	p := brokenTab(t, browser, written)
	t.Cleanup(func() {
		for _, problem := range p.noticed() {
			t.Errorf("in the browser: %s", problem)
		}
	})
	return p
}

// brokenTab opens a tab in which something may go wrong.
func brokenTab(t *testing.T, browser context.Context, written string) *tab {
	t.Helper()
	p := &tab{t: t, file: filepath.Join(t.TempDir(), "report.html")}
	if err := os.WriteFile(p.file, []byte(written), 0o600); err != nil {
		t.Fatalf("the page can't be written: %v", err)
	}
	ctx, closeTab := chromedp.NewContext(browser)
	p.ctx = ctx
	late := time.AfterFunc(patience(t), closeTab)
	t.Cleanup(func() { late.Stop(); closeTab() })
	if err := chromedp.Listen(ctx, p.notice); err != nil {
		t.Fatalf("no tab opens: %v", err)
	}
	return p
}

func (p *tab) notice(event any) {
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

func (p *tab) noticed() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.problems
}

// open opens the page at a fragment, such as #OWNER-02; the fragment may be empty.
func (p *tab) open(fragment string) *tab {
	p.t.Helper()
	p.do("about:blank", chromedp.Navigate("about:blank")) // else another fragment would not open the page anew
	p.do("the page", chromedp.Navigate("file://"+p.file+fragment))
	return p
}

// openTab opens a page at a fragment in a tab of its own.
func openTab(t *testing.T, browser context.Context, written, fragment string) *tab {
	t.Helper()
	return newTab(t, browser, written).open(fragment)
}

func (p *tab) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("in the browser, %s fails: %v", what, err)
	}
}

func (p *tab) click(selector string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.longest())
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("in the browser, clicking on %s fails: %v", selector, err)
	}
}

// shortcut presses a key as a keyboard does: what it types is not typed where the page takes the key for itself.
func (p *tab) shortcut(key string) {
	p.t.Helper()
	for _, event := range []input.DispatchKeyEventParams{{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key}, {Type: input.DispatchKeyEventTypeKeyUp, Key: key}} {
		send(p, input.DispatchKeyEvent, event)
	}
}

// press types keys.
func (p *tab) press(keys string) {
	p.t.Helper()
	p.do("pressing "+keys, chromedp.KeyEvent(keys))
}

// evaluate runs a script in the page and returns its value; a promise is awaited.
func evaluate[T any](p *tab, script string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("in the browser, the script %.200s fails: %v", script, err)
	}
	return value
}

// await waits until a script is true.
func (p *tab) await(what, script string) {
	p.t.Helper()
	if !evaluate[bool](p, `new Promise((done) => {
		const end = performance.now() + `+fmt.Sprint(p.longest().Milliseconds())+`, look = () => {
			if (`+script+`) done(true); else if (performance.now() > end) done(false); else setTimeout(look, 20);
		};
		look();
	})`) {
		p.t.Fatalf("in the browser, %s is not so after %v", what, p.longest())
	}
}

// longest is how long one thing may take that a page does: a part of what go test leaves, so that what never comes is told.
func (p *tab) longest() time.Duration { return patience(p.t) / 10 }

// send runs a command of the browser.
func send[P, R any](p *tab, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	result, err := chromedp.Call(p.ctx, command, params)
	if err != nil {
		p.t.Fatalf("the browser does not do %s: %v", command.Method, err)
	}
	return result
}
