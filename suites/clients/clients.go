// Package clients says what a client copes with: it runs the client's command against the reference endpoint, once sound and
// once with each variant and fault that is asked for, each time with a fresh account, and reads what the client sends.
//
// It must not know the command line, how a command is run, or the formats of reports.
package clients

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

// Defaults of the options.
const (
	DefaultTimeout = 5 * time.Minute // a client's whole test suite
	DefaultVariant = "all"
)

// mostOutput is how much of what a command printed last is kept.
const mostOutput = 64 << 10

// mostLast is how many of the last requests of a run that failed are told.
const mostLast = 8

// Variables are the names by which the command finds the endpoint and its account.
const (
	VariableTarget   = "LIBDRIVES_TARGET"
	VariableUsername = "LIBDRIVES_USERNAME"
	VariablePassword = "LIBDRIVES_PASSWORD"
	VariableCA       = "LIBDRIVES_CA_FILE" // with TLS
)

// Options say which command is run, and against what.
type Options struct {
	Command  []string                                                         // as the report names it
	Start    func(ctx context.Context, environ []string, out io.Writer) error // runs it to its end; a non-nil error is no success
	Env      []Variable                                                       // further names for what Variables name
	Variants []string                                                         // names; nil is all, and one that is "none" is none
	Faults   []string                                                         // names; nil is none, and one that is "all" is all
	Library  *fixtures.OwnLibrary                                             // in the place of the reference endpoint's own; may be nil
	Drives   int                                                              // see fixtures.Options
	Clone    time.Duration                                                    // how long a clone takes; 0 is the reference endpoint's own time
	TLS      bool                                                             // by https, with a certificate of its own
	Timeout  time.Duration                                                    // of one run of the command; 0 is DefaultTimeout
	Parallel int                                                              // runs under way at once; 0 is one
	Waivers  []reports.ClientWaiver
	Tool     reports.Tool
	Observer Observer // is informed how it goes; may be nil
}

// Variable is a name by which a client finds something of the endpoint. In Template, {target}, {host}, {path}, {username},
// {password} and {ca} stand for what they name: the URL of the API, its host and port, its path, the account's, and with TLS the
// file of the certificate to trust.
type Variable struct{ Name, Template string }

// Observer is informed how it goes. Its method may be called from many goroutines.
type Observer interface {
	Tested(done, planned int, name string, ok bool)
}

// placeholders are those of a template.
var placeholders = [...]string{"{target}", "{host}", "{path}", "{username}", "{password}", "{ca}"}

// ParseVariable reads NAME=TEMPLATE.
func ParseVariable(text string) (Variable, error) {
	name, template, found := strings.Cut(text, "=")
	if !found || name == "" || strings.ContainsAny(name, " \t\x00") {
		return Variable{}, fmt.Errorf("%q is no NAME=TEMPLATE: give one such as API_URL={target}", text)
	}
	rest := template
	for _, known := range placeholders {
		rest = strings.ReplaceAll(rest, known, "")
	}
	if open := strings.IndexByte(rest, '{'); open >= 0 {
		unknown, _, _ := strings.Cut(rest[open:], "}")
		return Variable{}, fmt.Errorf("%q: %s} stands for nothing: known are %s", text, unknown, strings.Join(placeholders[:], ", "))
	}
	return Variable{Name: name, Template: template}, nil
}

// client is what is under way.
type client struct {
	Options
	planned int
	trusted *certificate // nil without TLS

	mu           sync.Mutex
	done         int
	undocumented []reports.Undocumented
}

// Run runs the command. An unknown name is an error that names the nearest known one, and comes before anything is run. Where
// the context ends first, the report says so.
func Run(ctx context.Context, o Options) (*reports.Client, error) {
	variants, faults, err := choose(o.Variants, o.Faults)
	if err != nil {
		return nil, err
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	c := &client{Options: o, planned: 1 + len(variants) + len(faults)}
	if o.TLS {
		if c.trusted, err = newCertificate(); err != nil {
			return nil, fmt.Errorf("a certificate can't be made: %w", err)
		}
		defer func() { _ = os.Remove(c.trusted.file) }()
	}
	report := &reports.Client{Tool: o.Tool, Command: o.Command, Started: time.Now(), Variants: make([]reports.ClientRun, len(variants)), Faults: make([]reports.ClientRun, len(faults))}
	report.Sound = c.run(ctx, fixtures.Options{}, "", "", reports.Pass)
	c.tested("the endpoint as documented", report.Sound.Verdict == reports.Pass)
	var group errgroup.Group
	group.SetLimit(max(o.Parallel, 1))
	each := func(run *reports.ClientRun, options fixtures.Options, name, why string) {
		if report.Sound.Verdict != reports.Pass {
			*run = reports.ClientRun{Name: name, Why: why, Verdict: reports.Blocked, Reason: "the client does not work with the endpoint as documented"}
			return
		}
		group.Go(func() error {
			*run = c.run(ctx, options, name, why, reports.Fail)
			c.tested(name, run.Verdict == reports.Pass)
			return nil
		})
	}
	for i, v := range variants {
		each(&report.Variants[i], fixtures.Options{Variants: []string{v.Name}}, v.Name, v.Why)
	}
	for i, f := range faults {
		each(&report.Faults[i], fixtures.Options{Faults: []string{f.Name}}, f.Name, f.Why)
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	report.Undocumented = c.undocumented
	report.Duration = time.Since(report.Started)
	if ctx.Err() != nil {
		report.Incomplete = fmt.Sprintf("it was ended early: %v", context.Cause(ctx))
	} else if report.Sound.Verdict == reports.Pass {
		for _, r := range slices.Concat(report.Variants, report.Faults) {
			if r.Verdict == reports.Blocked {
				report.Incomplete = r.Name + ": " + r.Reason
				break
			}
		}
	} else if report.Sound.Verdict == reports.Blocked {
		report.Incomplete = report.Sound.Reason
	}
	report.Put(o.Waivers, isRule)
	return report, nil
}

// choose takes the variants and faults by their names.
func choose(variantNames, faultNames []string) (variants []fixtures.Variant, faults []fixtures.Fault, err error) {
	variants, err = named("variant", fixtures.Variants(), func(v fixtures.Variant) string { return v.Name }, variantNames, variantNames == nil)
	if err != nil {
		return nil, nil, err
	}
	faults, err = named("fault", fixtures.Faults(), func(f fixtures.Fault) string { return f.Name }, faultNames, false)
	return variants, faults, err
}

// named are those of the known that are named, in the order of the known. "all" and "none" name all and none.
func named[T any](kind string, known []T, nameOf func(T) string, names []string, all bool) ([]T, error) {
	var errs []error
	chosen := map[string]bool{}
	for _, name := range names {
		switch {
		case name == "all":
			all = true
		case name == "none":
		case slices.ContainsFunc(known, func(k T) bool { return nameOf(k) == name }):
			chosen[name] = true
		default:
			var each []string
			for _, k := range known {
				each = append(each, nameOf(k))
			}
			errs = append(errs, &requirement.UnknownNameError{Kind: kind, Name: name, Nearest: requirement.Nearest(name, each), Hint: "client --list shows them"})
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(known, func(k T) bool { return !all && !chosen[nameOf(k)] }), nil
}

func (c *client) tested(name string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if c.Observer != nil {
		c.Observer.Tested(c.done, c.planned, name, ok)
	}
}

// run runs the command against an endpoint, and a second time where it fails that once: what comes and goes is not held
// against the client.
func (c *client) run(ctx context.Context, options fixtures.Options, name, why string, again reports.Verdict) reports.ClientRun {
	first := c.once(ctx, options, name, why)
	if first.Verdict != reports.Fail || again != reports.Fail {
		return first
	}
	second := c.once(ctx, options, name, why)
	if second.Verdict == reports.Pass {
		second.Unsteady = true
	}
	return second
}

// once runs the command against a fresh endpoint.
func (c *client) once(ctx context.Context, options fixtures.Options, name, why string) (run reports.ClientRun) {
	began := time.Now()
	run = reports.ClientRun{Name: name, Why: why}
	defer func() { run.Duration = time.Since(began) }()
	if ctx.Err() != nil {
		run.Verdict, run.Reason = reports.Blocked, "the work was ended before it was run"
		return run
	}
	options.Own, options.Drives, options.CloneTime = c.Library, c.Drives, c.Clone
	l, err := listen(options, c.trusted)
	if err != nil && options.Drives > 0 && name != "" { // a variant may be about how many drives there are
		options.Drives = 0
		l, err = listen(options, c.trusted)
	}
	if err != nil {
		run.Verdict, run.Reason = reports.Blocked, "the endpoint can't be started: "+err.Error()
		return run
	}
	defer l.close()
	limited, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("ended after %v, the limit of one run (--timeout)", c.Timeout))
	defer cancel()
	out := &end{most: mostOutput}
	err = c.Start(limited, c.environ(l), out)
	l.close() // what is still on its way is told with what came before it
	heard := l.heard()
	run.Requests = len(heard)
	switch {
	case ctx.Err() != nil:
		run.Verdict, run.Reason = reports.Blocked, "the work was ended while it ran"
	case limited.Err() != nil:
		run.Verdict, run.Reason = reports.Fail, context.Cause(limited).Error()
	case err != nil:
		run.Verdict, run.Reason = reports.Fail, err.Error()
	case len(heard) == 0:
		run.Verdict, run.Reason = reports.Fail, "it ended with success and sent no request to the endpoint: is the address taken from the environment?"
	default:
		run.Verdict = reports.Pass
	}
	if run.Verdict == reports.Fail {
		run.Output, run.LeftOut = out.text()
		for _, r := range heard[max(0, len(heard)-mostLast):] {
			run.Last = append(run.Last, r.String())
		}
	}
	c.note(name, heard)
	return run
}

// environ is what the command is told.
func (c *client) environ(l *listener) []string {
	values := map[string]string{
		"{target}": l.url(), "{host}": l.address(), "{path}": l.base, "{username}": fixtures.DefaultUsername, "{password}": fixtures.DefaultPassword, "{ca}": "",
	}
	environ := []string{VariableTarget + "=" + l.url(), VariableUsername + "=" + fixtures.DefaultUsername, VariablePassword + "=" + fixtures.DefaultPassword}
	if c.trusted != nil {
		values["{ca}"] = c.trusted.file
		environ = append(environ, VariableCA+"="+c.trusted.file)
	}
	for _, v := range c.Env {
		text := v.Template
		for _, placeholder := range placeholders {
			text = strings.ReplaceAll(text, placeholder, values[placeholder])
		}
		environ = append(environ, v.Name+"="+text)
	}
	return environ
}

// end keeps the end of what is written to it.
type end struct {
	most int

	mu   sync.Mutex
	kept bytes.Buffer
	left int
}

func (e *end) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept.Write(p)
	if over := e.kept.Len() - e.most; over > 0 {
		e.kept.Next(over)
		e.left += over
	}
	return len(p), nil
}

func (e *end) text() (text string, leftOut int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.ToValidUTF8(e.kept.String(), "\uFFFD"), e.left
}
