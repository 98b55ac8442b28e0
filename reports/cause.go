package reports

import "fmt"

// Cause is why a requirement was skipped or blocked, as data. What is decided by it is decided by its kind; the sentence is
// made of it last.
type Cause struct {
	Kind        CauseKind
	Requirement string // that has to hold first
	Exchange    string // the key of a read that is not there
	Scenario    string
	Step        string // of the scenario
	Detail      string // what was met, in words
	RemovedFrom int    // the exchange of a saved record from which a value was removed as a secret
}

// CauseKind is what kind of cause it is.
type CauseKind string

// The kinds of causes.
const (
	CauseMaterial    CauseKind = "material"     // the endpoint has nothing to judge it by
	CauseDryRun      CauseKind = "dry run"      // the user wanted nothing made
	CauseMaxClones   CauseKind = "--max-clones" // the user wanted no more made
	CauseAnswer      CauseKind = "answer"       // what was answered can't be looked into
	CauseBusy        CauseKind = "busy"         // the endpoint refused for now, to the last attempt, what it rests on
	CauseGateway     CauseKind = "gateway"      // what stands before the endpoint answered in its place, or the connection broke
	CauseScenario    CauseKind = "scenario"     // a scenario did not come to the step
	CauseUnproven    CauseKind = "unproven"     // nothing proved that what was to be written to is the run's own, or the library's
	CauseHarm        CauseKind = "harm"         // the library was harmed, and nothing more was tried that could destroy
	CauseNotRecorded CauseKind = "not recorded" // the record that is judged does not hold it
	CauseRunEnded    CauseKind = "run ended"    // the run ended before it was asked for
	CauseUnreachable CauseKind = "unreachable"  // nothing could be judged of the endpoint
	CauseRemoved     CauseKind = "removed"      // a value was removed from a saved record as a secret
	CauseSuite       CauseKind = "suite"        // the suite itself failed
)

// String is the cause in one sentence.
func (c Cause) String() string {
	if c.Requirement != "" {
		return c.Requirement + " has to hold first: " + c.met()
	}
	return c.met()
}

func (c Cause) met() string {
	switch {
	case c.Kind == CauseSuite:
		return "the suite itself failed (please report it): " + c.Detail
	case c.Kind == CauseNotRecorded && c.Exchange != "":
		return "the record holds no exchange for " + c.Exchange
	case c.Kind == CauseNotRecorded && c.Step != "":
		return fmt.Sprintf("the record holds no step “%s” of the scenario “%s”", c.Step, c.Scenario)
	case c.Kind == CauseNotRecorded:
		return fmt.Sprintf("the record does not hold the scenario “%s”", c.Scenario)
	case c.Kind == CauseRunEnded && c.Exchange != "":
		return fmt.Sprintf("the run ended before %s was asked for", c.Exchange)
	case c.Kind == CauseRunEnded:
		return fmt.Sprintf("the run ended before the scenario “%s” was run", c.Scenario)
	case c.Kind == CauseRemoved:
		return fmt.Sprintf("a value that was removed as a secret from exchange %d keeps this from being judged", c.RemovedFrom)
	case c.Step != "":
		return fmt.Sprintf("the scenario “%s” did not come to “%s”: %s", c.Scenario, c.Step, c.Detail)
	}
	return c.Detail
}

// NotJudged is a verdict of a requirement that could not be judged, and why.
func (r *Result) NotJudged(verdict Verdict, cause Cause) {
	r.Verdict, r.Cause, r.Reason, r.BlockedBy = verdict, cause, cause.String(), cause.Requirement
}

// Through is the cause with all that an endpoint may have said in it put through a function.
func (c Cause) Through(text func(string) string) Cause {
	c.Exchange, c.Detail = text(c.Exchange), text(c.Detail)
	return c
}
