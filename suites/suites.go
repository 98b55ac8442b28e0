package suites

import (
	"context"
	"io"

	"github.com/libdrives/conformance/reports/text"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/run"
)

// ToolName is the name of the suite in reports and in the User-Agent.
const ToolName = run.ToolName

// Defaults of a run.
const (
	DefaultSample         = run.DefaultSample
	DefaultConcurrency    = run.DefaultConcurrency
	DefaultTimeout        = run.DefaultTimeout
	DefaultWriteTimeout   = run.DefaultWriteTimeout
	DefaultRequestTimeout = run.DefaultRequestTimeout
	EmbeddedSettleTimeout = run.EmbeddedSettleTimeout
)

// What a run is given, and what it comes to.
type (
	Config         = run.Config
	Observer       = run.Observer
	Result         = run.Result
	T              = run.T
	UsageError     = run.UsageError
	EndpointError  = run.EndpointError
	RecordError    = run.RecordError
	CleanupOptions = run.CleanupOptions
	Cleanup        = run.Cleanup
	Decision       = run.Decision
	Readiness      = run.Readiness
	CheckedPart    = run.CheckedPart
	// DecidedScenario is a scenario that a requirement is decided by.
	DecidedScenario = run.DecidedScenario
)

// Specs are the bodies that judge the requirements, a section for each area of the catalogue.
func Specs() *Suite {
	return NewSuite(
		listing, choosingFields, detailedListing, singleDrive, recognizing, driveLists, publishedSchema, cloning, clonedDrives, licensedImages,
		attaching, pagination, filtering, methods, authentication, formats, errorAnswers, robustness,
	)
}

// Run judges an endpoint. It fails the test unless the endpoint conforms. Where the test has a context or a deadline,
// as *testing.T has, the run ends before it does. It leaves alone whatever Ginkgo suite the process has, so that it may
// be called before, after and within one; several runs may be under way at once.
func Run(t T, c Config) *Result { return run.Run(t, c, Specs(), text.Finding) }

// RunContext is Run under a context of the caller's: when it is cancelled, the run ends as incomplete, with a report.
func RunContext(ctx context.Context, t T, c Config) *Result {
	return run.RunContext(ctx, t, c, Specs(), text.Finding)
}

// Describe puts the requirements into the importer's own tree of Ginkgo specs: one ordered container, which goes on after
// a failure, with a spec for each requirement, labelled by its area, level, effect and id. What Ginkgo's label filter,
// focus and skip flags select is what the endpoint is asked for. The container's BeforeAll collects, runs the scenarios
// and removes what they made before it returns; the specs send nothing. So nothing is left in the account whatever ends
// the suite. Decorators are those of a container. It can not stand in another ordered container. Config.Report is informed
// what the run came to.
//
// In a file of its own it is called as var _ = suites.Describe(…), where the configuration has to be known at once; in
// the body of a container, it is made when Ginkgo builds the tree, after the function that calls RunSpecs began.
func Describe(c Config, decorators ...any) bool {
	return run.Describe(context.Background(), c, Specs(), text.Finding, decorators...)
}

// Judge judges a run again by the record of it that Result.WriteRecord wrote: offline, with the specs of this version. Of
// the configuration it takes what says which verdicts count and who is informed; everything else is as it was in the run.
func Judge(record io.Reader, c Config) *Result { return run.Judge(record, c, Specs()) }

// What a part of a check comes to.
const (
	Ready    = run.Ready
	Doubtful = run.Doubtful
	NotReady = run.NotReady
)

// Check looks whether a run against the target can do its work, by reads only. The error is a *UsageError, or says why it was
// ended.
func Check(ctx context.Context, c Config) (Readiness, error) { return run.Check(ctx, c, Specs()) }

// CleanUp finds what earlier runs left in the account, and removes it where it is asked to. The configuration says which
// endpoint, account and journal; a *UsageError is reported before any request, and any other error says that not everything
// could be seen.
func CleanUp(ctx context.Context, c Config, o CleanupOptions) (Cleanup, error) {
	return run.CleanUp(ctx, c, o)
}

// Judged reports whether the suite has a spec for the requirement.
func Judged(id string) bool { return Specs().Spec(id) != nil }

// Decide judges the embedded reference endpoint by one requirement and tells what its spec looked at and expected. So it
// says what the specs do and not what somebody once wrote of them.
func Decide(ctx context.Context, id string) (*Decision, error) { return run.Decide(ctx, id, Specs()) }
