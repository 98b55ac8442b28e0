package run

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
)

// CleanupOptions say what CleanUp looks for: what the journal says, or what is named so, or, where neither is given,
// what the journals in the user's folder say of runs against the target.
type CleanupOptions struct {
	Prefix string // of names: evidence.NamePrefix, or that with the id of a run
	Remove bool   // remove what is found; else only look
}

// Cleanup is what CleanUp found, and what became of it.
type Cleanup struct {
	Sources              []string           // where it looked: a journal and its age, or a prefix
	Found, Removed, Left []reports.Resource // each that was found is removed or left; where nothing is to be removed, neither
	Doubtful             []reports.Resource // what a journal says was made, and nothing proves: it is not touched
	Notes                []string
	Looked               bool // the account was looked through; else there was nothing that says what to look for
}

// CleanUp finds what earlier runs left in the account, and removes it where it is asked to. The configuration says which
// endpoint, account and journal; a *UsageError is reported before any request, and any other error says that not everything
// could be seen.
func CleanUp(ctx context.Context, c Config, o CleanupOptions) (done Cleanup, err error) {
	if c.Target == "" {
		return done, &UsageError{errors.New("target: say which endpoint to clean up: give the URL of its API base, such as https://host/api/2.0/")}
	}
	if o.Prefix != "" && c.Journal != "" {
		return done, &UsageError{errors.New("prefix: a journal is given too: leave one of them out")}
	}
	if _, ok := account.ParsePrefix(o.Prefix); o.Prefix != "" && !ok {
		return done, &UsageError{fmt.Errorf("prefix: %q is neither %q, for what all runs named, nor that with the id of one run, such as %sabcdefghij-; what is named otherwise is not removed", o.Prefix, evidence.NamePrefix, evidence.NamePrefix)}
	}
	p, err := c.check(judge.NewSuite())
	if err != nil {
		return done, err
	}
	client, record, err := p.newClient(!o.Remove, nil)
	if err != nil {
		return done, &UsageError{err}
	}
	defer client.Close()
	defer func() { done, err = done.shown(record), shownError(record, err) }()
	if o.Prefix != "" {
		done.Sources = append(done.Sources, fmt.Sprintf("names that runs give and that begin with %q", o.Prefix))
		_, err := done.cleanUp(ctx, client, record, account.CleanUpOptions{Prefix: o.Prefix, DryRun: !o.Remove, SettleTimeout: p.SettleTimeout})
		return done, err
	}
	files, ours, err := p.journals()
	if err != nil {
		return done, &UsageError{err}
	}
	var errs []error
	for _, file := range files {
		errs = append(errs, p.follow(ctx, &done, client, record, file, ours, o.Remove))
	}
	return done, errors.Join(errs...)
}

// newClient makes the one door to the endpoint, and the record of what goes through it. halt, which may be nil, is informed
// that nothing more is to be expected of the endpoint, and why.
func (p *plan) newClient(readOnly bool, halt func(error)) (*client.Client, *evidence.Record, error) {
	record := evidence.NewRecord(evidence.NewRedactor(p.reach.secrets()...))
	client, err := client.New(client.Config{
		Base: p.base, Username: p.Username, Password: p.Password, Auth: p.Auth, RootCAs: p.roots,
		InsecureSkipVerify: p.InsecureSkipVerify, Concurrency: p.Concurrency, Rate: p.Rate, RequestTimeout: p.RequestTimeout, RetryDelay: p.RetryDelay,
		UserAgent: ToolName + "/" + p.Version + " (+https://github.com/libdrives/conformance)",
		Proxy:     p.reach.proxy, Header: p.reach.header, Certificates: p.reach.certificates,
		Dial:     p.dial,
		ReadOnly: readOnly,
		MaxBody:  p.MaxBody,
		MaxHeld:  p.MaxHeld,
		Halt:     halt,
		Waiting:  func(w client.Wait) { p.Observer.Note(w.String()) },
	}, record)
	p.Observer = discreet{p.Observer, record}
	return client, record, err
}

// journal is a journal that was read.
type journal struct {
	path    string
	entries []account.Entry
}

// journals are the one that the user names, or else those in the user's own folder that tell of the target; ours says
// that they are the suite's to throw away once they are settled.
func (p *plan) journals() (found []journal, ours bool, err error) {
	if p.Journal != "" {
		entries, err := account.ReadJournal(p.Journal)
		if err == nil && len(entries) == 0 {
			p.Observer.Note("the journal is empty: it says of nothing that it was made")
		}
		if err == nil && len(entries) > 0 && !slices.ContainsFunc(entries, p.ofTarget) {
			err = fmt.Errorf("journal: %s is of a run against %s, not against %s", p.Journal, entries[0].Target, p.base.Redacted())
		}
		return []journal{{p.Journal, entries}}, false, err
	}
	pattern, err := account.DefaultJournalPath("*")
	if err != nil {
		return nil, true, err
	}
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, true, fmt.Errorf("journal: its folder can't be looked into: %w", err)
	}
	for _, file := range files {
		entries, err := account.ReadJournal(file)
		if err != nil {
			p.Observer.Note("left aside: " + err.Error())
			continue
		}
		if slices.ContainsFunc(entries, p.ofTarget) {
			found = append(found, journal{file, entries})
		}
	}
	if len(found) == 0 {
		p.Observer.Note(fmt.Sprintf("no run against %s has left a journal in %s; --journal names one elsewhere, and --prefix %s looks by name alone", p.base, filepath.Dir(pattern), evidence.NamePrefix))
	}
	return found, true, nil
}

// ofTarget reports whether an entry of a journal is of a run against the target.
func (p *plan) ofTarget(e account.Entry) bool { return account.SameTarget(e.Target, p.base) }

// follow removes what a journal tells of, and throws the journal away where nothing is left to tell.
func (p *plan) follow(ctx context.Context, done *Cleanup, client *client.Client, record *evidence.Record, from journal, ours, remove bool) error {
	source := "journal " + from.path
	if n := len(from.entries); n > 0 {
		source += ", of the run " + from.entries[0].Run
		if last := from.entries[n-1].Time; !last.IsZero() {
			source += fmt.Sprintf(", written to %s ago", time.Since(last).Round(time.Second))
		}
	}
	done.Sources = append(done.Sources, source)
	if len(from.entries) == 0 {
		return nil
	}
	options := account.CleanUpOptions{Entries: from.entries, DryRun: !remove, SettleTimeout: p.SettleTimeout}
	if remove {
		kept, err := account.OpenJournal(from.path, from.entries[0].Run, from.entries[0].Target)
		if err != nil {
			return err
		}
		defer func() { _ = kept.Close() }() // each line is on the disk already
		options.Journal = kept
	}
	settled, err := done.cleanUp(ctx, client, record, options)
	if err != nil || !remove || !ours || !settled {
		return err
	}
	if err := os.Remove(from.path); err != nil {
		done.Notes = append(done.Notes, fmt.Sprintf("the journal is settled, but can't be removed: %s", err))
	}
	return nil
}

// cleanUp adds what a clean-up found. settled says that nothing is left of it, or may be.
func (done *Cleanup) cleanUp(ctx context.Context, client *client.Client, record *evidence.Record, o account.CleanUpOptions) (settled bool, err error) {
	result, err := account.CleanUp(ctx, client, record, o)
	done.Found = append(done.Found, resources(result.Found)...)
	done.Removed = append(done.Removed, resources(result.Removed)...)
	done.Left = append(done.Left, resources(result.Left)...)
	done.Doubtful = append(done.Doubtful, resources(result.Doubtful)...)
	done.Notes = append(done.Notes, result.Notes...)
	done.Looked = done.Looked || result.Looked
	return result.Settled, err
}

// resources are those of the account as reports have them: drives before servers, and clones of one drive together.
// They are made side by side, so the order in which they were differs from run to run.
func resources(list []account.Resource) []reports.Resource {
	resources := make([]reports.Resource, len(list))
	for i, r := range list {
		resources[i] = reports.Resource{Kind: r.Kind, UUID: r.UUID, Name: r.Name, Source: r.Source, Size: r.Size, Removed: r.Removed}
	}
	slices.SortStableFunc(resources, func(a, b reports.Resource) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Size, b.Size))
	})
	return resources
}
