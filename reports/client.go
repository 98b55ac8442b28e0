package reports

import (
	"fmt"
	"strings"
	"time"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Client is what a client, or its own tests, came to against the reference endpoint: sound, with each variant and each fault
// that was asked for.
type Client struct {
	Tool         Tool
	Command      []string // and its arguments
	Sound        ClientRun
	Variants     []ClientRun    // in the order of their declaration
	Faults       []ClientRun    // likewise
	Undocumented []Undocumented // in the order in which they were sent first
	Waivers      []ClientWaiver
	Started      time.Time
	Duration     time.Duration
	Incomplete   string // why not all was run; empty where it was
}

// ClientRun is one run of the client's command against an endpoint of its own.
type ClientRun struct {
	Name     string // of the variant or fault; empty where the endpoint is sound
	Why      string // what is unusual about the endpoint
	Verdict  Verdict
	Reason   string        // how the command ended where that is no success, or why it was not run
	Unsteady bool          // it failed, and ended with success when it was run again
	Output   string        // the end of what the command printed, where it did not succeed
	LeftOut  int           // bytes of it that stood before that end
	Requests int           // that the endpoint answered
	Last     []string      // of these, the last ones, a line each
	Waived   *ClientWaiver // it is known and put up with
	Duration time.Duration
}

// Undocumented is a kind of request that the client sent and that the documentation does not allow.
type Undocumented struct {
	Rule   string // the name of what it is against
	States string // what is right
	Source string // the page and section of the documentation that says so
	Link   string // where that can be read
	Shape  string // the request: method, path and what of the query it is about, with {uuid} for each id
	Found  string // what is wrong with it
	Count  int    // how often it was sent in all runs
	First  string // the variant or fault of the first run that sent it; empty where the endpoint is sound
	Status int    // that the first was answered with
	Waived *ClientWaiver
}

// ClientWaiver is a variant that a client is known not to cope with, or a rule of the documentation that it is known not to
// keep, and that is put up with for a while.
type ClientWaiver struct {
	Name   string // of the variant or the rule
	Reason string // why it is put up with, one line
	Until  string // the last day on which it is, in UTC, such as 2027-01-31
	State  WaiverState
}

// Fails reports whether the run of a variant is held against the client.
func (r ClientRun) Fails() bool { return r.Verdict == Fail && r.Waived == nil }

// Fails reports whether the request is held against the client.
func (u Undocumented) Fails() bool { return u.Waived == nil }

// BrokenBy are the variants that the client does not cope with, but for those that are waived.
func (c *Client) BrokenBy() []ClientRun {
	var broken []ClientRun
	for _, r := range c.Variants {
		if r.Fails() {
			broken = append(broken, r)
		}
	}
	return broken
}

// Endpoints is how many the command was run against.
func (c *Client) Endpoints() int {
	tried := func(r ClientRun) bool { return r.Verdict != Blocked }
	return show.Count([]ClientRun{c.Sound}, tried) + show.Count(c.Variants, tried) + show.Count(c.Faults, tried)
}

// ExitCode is 3 where not all was run, else 1 where something is held against the client or a waiver is not right, else 0.
func (c *Client) ExitCode() int {
	switch {
	case c.Incomplete != "":
		return ExitIncomplete
	case c.Sound.Fails(), len(c.BrokenBy()) > 0, show.Count(c.Undocumented, Undocumented.Fails) > 0, show.Count(c.Waivers, ClientWaiver.wrong) > 0:
		return ExitDoesNot
	}
	return ExitConforms
}

func (w ClientWaiver) wrong() bool { return w.State == WaiverStale || w.State == WaiverExpired }

// Conclusion says in one line what it came to; the line and the exit code always agree.
func (c *Client) Conclusion() string {
	var parts []string
	switch {
	case c.Sound.Verdict == Fail:
		parts = append(parts, "does not work with the endpoint that is as documented ("+c.Sound.Reason+"), so that no variant was tried")
	case c.Incomplete != "":
		parts = append(parts, "was not tried with everything: "+c.Incomplete)
	case len(c.BrokenBy()) > 0:
		parts = append(parts, fmt.Sprintf("does not cope with %d of %s", len(c.BrokenBy()), show.Plural(len(c.Variants), "variant")))
	case len(c.Variants) > 0:
		parts = append(parts, "copes with "+show.Plural(len(c.Variants)-show.Count(c.Variants, ClientRun.isWaived), "variant"))
	default:
		parts = append(parts, "works with the endpoint that is as documented")
	}
	if n := show.Count(c.Variants, ClientRun.isWaived); n > 0 {
		parts = append(parts, show.Plural(n, "variant")+" waived")
	}
	if n := show.Count(c.Undocumented, Undocumented.Fails); n > 0 {
		parts = append(parts, "sends "+show.Plural(n, "kind")+" of request that the documentation does not allow")
	}
	if n := len(c.Faults); n > 0 && c.Sound.Verdict != Fail {
		noticed := show.Count(c.Faults, func(r ClientRun) bool { return r.Verdict == Fail })
		parts = append(parts, fmt.Sprintf("notices %d of %s", noticed, show.Plural(n, "fault")))
	}
	for _, w := range c.Waivers {
		if w.wrong() {
			parts = append(parts, fmt.Sprintf("the waiver of %s is %s", w.Name, w.State))
		}
	}
	return strings.Join(parts, "; ")
}

func (r ClientRun) isWaived() bool { return r.Waived != nil }

// Put holds the waivers against what was found, and keeps what became of each. isRule is informed of names that are of no
// variant, and says whether one is of a rule.
func (c *Client) Put(waivers []ClientWaiver, isRule func(string) bool) {
	c.Waivers = make([]ClientWaiver, len(waivers))
	copy(c.Waivers, waivers)
	for i := range c.Waivers {
		w := &c.Waivers[i]
		if last, err := time.Parse(time.DateOnly, w.Until); err != nil || !c.Started.UTC().Before(last.AddDate(0, 0, 1)) {
			w.State = WaiverExpired
			continue
		}
		w.State = WaiverNotJudged
		if isRule(w.Name) && c.Sound.Verdict == Pass && c.Incomplete == "" {
			w.State = WaiverStale
		}
		for j := range c.Variants {
			switch r := &c.Variants[j]; {
			case r.Name != w.Name:
			case r.Verdict == Fail:
				w.State, r.Waived = WaiverHolds, w
			case r.Verdict == Pass:
				w.State = WaiverStale
			}
		}
		for j := range c.Undocumented {
			if u := &c.Undocumented[j]; u.Rule == w.Name {
				w.State, u.Waived = WaiverHolds, w
			}
		}
	}
}
