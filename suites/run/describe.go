package run

import (
	"context"
	"flag"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/requirement"
)

// FindingText writes a failed requirement for a person.
type FindingText func(*reports.Report, reports.Result) string

// Describe puts the requirements into the tree of Ginkgo specs that is under construction: one ordered container, which
// goes on after a failure, with a spec for each. Its BeforeAll collects for those that Ginkgo selects, and removes what
// was made before it returns, also where it is interrupted; the specs tell the verdicts and send nothing. So nothing
// is left in the account whatever ends the suite. What is wrong with the configuration is reported by BeforeAll, so that it
// is nobody's business who selects other specs. The run ends where the context does, or the process is about to.
func Describe(ctx context.Context, c Config, specs *judge.Suite, show FindingText, decorators ...any) bool {
	d := &description{context: ctx, config: c, specs: specs, show: show, at: types.NewCodeLocation(2), texts: map[string]specText{}}
	name := "The drives library at " + c.Target
	if c.Target == "" {
		name = "The drives library of the embedded reference endpoint"
	}
	return ginkgo.Describe(name, append([]any{d.at, ginkgo.Ordered, ginkgo.ContinueOnFailure, d.construct}, decorators...)...)
}

// description is the run of a Describe.
type description struct {
	context context.Context
	config  Config
	specs   *judge.Suite
	show    FindingText
	at      types.CodeLocation  // of the importer's call
	texts   map[string]specText // of the specs, by requirement
	session *Session            // under way; nil before BeforeAll
}

// construct registers the specs: those that the configuration selects, or all where it is wrong.
func (d *description) construct() {
	catalogue, err := requirement.Load()
	if err != nil {
		panic(err) // it is a part of the suite
	}
	selected, grace := catalogue.All(), time.Duration(0)
	if session, err := Open(d.config, d.specs); err == nil && len(session.Requirements()) > 0 {
		selected, grace = session.Requirements(), session.plan.Timeout
	}
	ginkgo.BeforeAll(d.collect, d.at, ginkgo.GracePeriod(grace)) // an interrupt waits until everything is removed
	for _, area := range catalogue.Areas() {
		ginkgo.Describe(area.Title, d.at, func() {
			for _, requirement := range selected {
				if requirement.Area == area.Name {
					d.texts[requirement.ID] = here(text(requirement), requirement.Labels())
					ginkgo.It(text(requirement), d.at, ginkgo.Label(requirement.Labels()...), func() { d.judge(requirement.ID) })
				}
			}
		})
	}
	ginkgo.AfterAll(d.conclude, d.at)
}

// collect collects for the specs that Ginkgo selects.
func (d *description) collect(spec ginkgo.SpecContext) {
	session, err := Open(d.config, d.specs)
	if err != nil {
		ginkgo.Fail(err.Error())
	}
	if len(session.Requirements()) == 0 {
		ginkgo.Fail("no requirement is selected: select more, or choose a profile that goes further")
	}
	suite, _ := ginkgo.GinkgoConfiguration()
	session.Narrow(d.selected(suite, ginkgo.CurrentSpecReport().LeafNodeText))
	ctx, cancel := context.WithCancelCause(spec)
	defer cancel(nil)
	defer context.AfterFunc(d.context, func() { cancel(context.Cause(d.context)) })()
	if deadline, set := processDeadline(); set {
		var free context.CancelFunc
		ctx, free = d.config.EndBefore(ctx, deadline)
		defer free()
	}
	session.Collect(ctx)
	d.session = session
	result := session.Result()
	if d.config.Report != nil {
		d.config.Report(result)
	}
	if result.Err != nil {
		ginkgo.Fail(result.Err.Error())
	}
}

// judge tells the verdict of a requirement.
func (d *description) judge(id string) {
	if !d.session.asked(id) {
		ginkgo.Fail(id + " was not asked for: what selects it reaches beyond the spec, such as a label or the description that RunSpecs was given. Select specs of this container by their own labels and texts")
	}
	outcome := d.session.TestOutcome(id)
	message := outcome.Skipped
	if outcome.Result.Verdict == reports.Fail {
		message = d.show(d.session.Result().Report, outcome.Result)
	}
	switch {
	case outcome.Fails && outcome.Result.Verdict == reports.Blocked:
		ginkgo.Fail("could not be judged: " + outcome.Result.Message())
	case outcome.Fails:
		ginkgo.Fail(message)
	case outcome.Skipped != "":
		ginkgo.GinkgoWriter.Println(message)
		ginkgo.Skip(outcome.Skipped)
	}
}

// conclude fails where the run is not green and no spec said so.
func (d *description) conclude() {
	if d.session == nil {
		return // BeforeAll failed
	}
	if why := d.session.Beyond(); why != "" {
		ginkgo.Fail("the run as a whole, not this spec: " + why)
	}
}

// began is when the process did, or a moment later.
var began = time.Now()

// processDeadline is when go test ends the process, and with it whatever is under way. Ginkgo does not look at it.
func processDeadline() (deadline time.Time, set bool) {
	given := flag.Lookup("test.timeout")
	if given == nil {
		return time.Time{}, false
	}
	timeout, err := time.ParseDuration(given.Value.String())
	return began.Add(timeout), err == nil && timeout > 0
}
