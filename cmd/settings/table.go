package settings

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/requirement"
)

// The groups of settings, in the order and with the titles in which help shows them.
const (
	Endpoint  = "The endpoint"
	Judging   = "What is judged"
	Pace      = "How fast, and how long"
	Output    = "Reports and output"
	Reference = "The embedded reference endpoint, judged where no target is given"
	General   = "Everything else"
)

// Groups lists the groups in the order in which help shows them.
func Groups() []string { return []string{Endpoint, Judging, Pace, Output, Reference, General} }

// setting is one line of the table.
type setting struct {
	name    string
	group   string
	value   string // what stands for the value in help; a switch has none
	usage   string
	initial string   // the default, for help
	choices []string // where the values are a fixed set
	listed  string   // where the choices can be seen, when they are too many for a message
	orFile  bool     // where it is none of the choices, it is the name of a file
	list    bool     // may be given several times, or comma-separated
	only    ground   // where it makes sense
	set     func(*Settings, string) error
}

// ground says for which endpoint a setting makes sense.
type ground int

const (
	anywhere   ground = iota
	withTarget        // there is nothing to log in to without one
	embedded          // it shapes the reference endpoint that the suite carries
)

func (s setting) isSwitch() bool { return s.value == "" }

// table lists every setting.
func table() []setting {
	return []setting{
		{name: "target", group: Endpoint, value: "URL", usage: "API base, such as https://host/api/2.0/",
			set: into(trimmed, func(s *Settings) *string { return &s.Config.Target })},
		{name: "username", group: Endpoint, value: "NAME", only: withTarget, usage: "account to judge the endpoint as; its password comes from LIBDRIVES_PASSWORD or --password-file",
			set: into(trimmed, func(s *Settings) *string { return &s.Config.Username })},
		{name: "password-file", group: Endpoint, value: "FILE", only: withTarget, usage: "file that holds the password and nothing else",
			set: into(text, func(s *Settings) *string { return &s.passwordFile })},
		{name: "auth", group: Endpoint, value: "SCHEME", initial: "basic", choices: []string{"basic", "digest"}, usage: "how to log in: basic or digest",
			set: into(text, func(s *Settings) *string { return &s.Config.Auth })},
		{name: "ca-file", group: Endpoint, value: "FILE", only: withTarget, usage: "certificate authorities to trust besides the system's (PEM)",
			set: into(text, func(s *Settings) *string { return &s.Config.CAFile })},
		{name: "cert", group: Endpoint, value: "FILE", only: withTarget, usage: "certificate by which the run identifies itself to the endpoint (PEM); with --key",
			set: into(text, func(s *Settings) *string { return &s.Config.CertFile })},
		{name: "key", group: Endpoint, value: "FILE", only: withTarget, usage: "private key of that certificate (PEM)",
			set: into(text, func(s *Settings) *string { return &s.Config.KeyFile })},
		{name: "proxy", group: Endpoint, value: "URL", only: withTarget, usage: "proxy through which the endpoint is asked, such as http://host:3128; default by HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
			set: into(trimmed, func(s *Settings) *string { return &s.Config.Proxy })},
		{name: "header", group: Endpoint, value: "NAME=VALUE", list: true, only: withTarget, usage: "header that is sent with every request; may be repeated. A value of 8 characters or more is kept out of reports, as a password is",
			set: into(headers, func(s *Settings) *[]string { return &s.Config.Headers })},
		{name: "insecure-skip-verify", group: Endpoint, only: withTarget, usage: "accept any certificate: whoever sits between can read the password",
			set: into(truth, func(s *Settings) *bool { return &s.Config.InsecureSkipVerify })},

		{name: "profile", group: Judging, value: "PROFILE", usage: "how far to go: read (asks only), write (also clones, edits and deletes of its own) or full (also asks for what must be refused); default read, and full for the embedded endpoint",
			choices: []string{"read", "write", "full"}, set: into(text, func(s *Settings) *requirement.Profile { return &s.Config.Profile })},
		{name: "level", group: Judging, value: "LEVEL", initial: "must", choices: []string{"must", "should", "may"}, usage: "the gate: a failure up to this level fails the run, others are reported as advice",
			set: into(text, func(s *Settings) *requirement.Level { return &s.Config.Level })},
		{name: "strict", group: Judging, usage: "a requirement within the gate that is skipped or unstable makes the run incomplete",
			set: into(truth, func(s *Settings) *bool { return &s.Config.Strict })},
		{name: "select", group: Judging, value: "NAMES", usage: "only these ids, areas and levels, comma-separated: LIC,OWNER-02",
			set: into(text, func(s *Settings) *string { return &s.Config.Select })},
		{name: "failed", group: Judging, value: "REPORT", usage: "only what failed in this earlier JSON report, with its target, profile and gate",
			set: into(text, func(s *Settings) *string { return &s.failedFile })},
		{name: "label-filter", group: Judging, value: "EXPR", usage: `only what a Ginkgo label filter lets through: "must && (LIC || OWNER)"`,
			set: into(text, func(s *Settings) *string { return &s.Config.LabelFilter })},
		{name: "dry-run", group: Judging, usage: "with the profiles write and full: say what would be made in the account, and make nothing",
			set: into(truth, func(s *Settings) *bool { return &s.Config.DryRun })},
		{name: "max-clones", group: Judging, value: "N", usage: "drives made at most, those of probes too; what needs more is skipped; default no bound",
			set: into(count("clones"), func(s *Settings) *int { return &s.Config.MaxClones })},
		{name: "waivers", group: Judging, value: "FILE", usage: "YAML list of known failures that don't fail the run, each with requirement, reason, until and match; list --format waivers starts one",
			set: into(text, func(s *Settings) *string { return &s.waiversFile })},
		{name: "baseline", group: Judging, value: "FILE", usage: "earlier JSON report: what regressed or vanished since then fails the run; see diff",
			set: into(text, func(s *Settings) *string { return &s.baselineFile })},
		{name: "sample", group: Judging, value: "N", initial: strconv.Itoa(suites.DefaultSample), usage: "drives looked at one by one: a number, or all",
			set: into(sample, func(s *Settings) *int { return &s.Config.Sample })},
		{name: "seed", group: Judging, value: "N", initial: "1", usage: "start of everything chosen by chance: the same seed chooses the same",
			set: into(seed, func(s *Settings) *uint64 { return &s.Config.Seed })},

		{name: "blind-spots", group: Judging, usage: "say what the run would not have noticed: serves the library that it saw on the reference endpoint with every fault that its requirements tell; sends nothing more, and takes up to 30s, or 90s with the profiles write and full",
			set: into(truth, func(s *Settings) *bool { return &s.BlindSpots })},

		{name: "concurrency", group: Pace, value: "N", initial: strconv.Itoa(suites.DefaultConcurrency), usage: "requests in flight",
			set: into(count("requests in flight"), func(s *Settings) *int { return &s.Config.Concurrency })},
		{name: "rate", group: Pace, value: "N", usage: "requests a second at most; default no limit",
			set: into(rate, func(s *Settings) *float64 { return &s.Config.Rate })},
		{name: "timeout", group: Pace, value: "DURATION", initial: fmt.Sprintf("%s, and %s with the profiles write and full", suites.DefaultTimeout, suites.DefaultWriteTimeout), usage: "end of the whole run; what is not judged by then makes it incomplete",
			set: into(duration, func(s *Settings) *time.Duration { return &s.Config.Timeout })},
		{name: "request-timeout", group: Pace, value: "DURATION", initial: suites.DefaultRequestTimeout.String(), usage: "end of one attempt of one request",
			set: into(duration, func(s *Settings) *time.Duration { return &s.Config.RequestTimeout })},
		{name: "max-body", group: Pace, value: "SIZE", initial: "64MiB", usage: "the longest answer that is taken, unpacked, such as 64MiB; a longer one ends the run as incomplete. By default, a list of the library may be as long as its drives need, and the answer to a read of one thing, or its entry in a list, 2MiB",
			set: into(byteSize, func(s *Settings) *int64 { return &s.Config.MaxBody })},
		{name: "clone-timeout", group: Pace, value: "DURATION", initial: account.DefaultCloneTimeout.String(), usage: "the most that one clone may take",
			set: into(duration, func(s *Settings) *time.Duration { return &s.Config.CloneTimeout })},
		{name: "settle-timeout", group: Pace, value: "DURATION", initial: fmt.Sprintf("%s, and %s for the embedded endpoint", account.DefaultSettleTimeout, suites.EmbeddedSettleTimeout), usage: "the most that a write may take to show: in lists, in a drive's state, and until what is deleted is gone",
			set: into(duration, func(s *Settings) *time.Duration { return &s.Config.SettleTimeout })},

		{name: "journal", group: Output, value: "FILE", usage: "tell this file what is made in the account, so that cleanup can finish after a kill; default a file in the user's own folder",
			set: into(text, func(s *Settings) *string { return &s.Config.Journal })},
		{name: "junit", group: Output, value: "FILE", usage: "write a JUnit report to this file; as for each report, - is standard output, and the summary then goes to standard error",
			set: into(text, func(s *Settings) *string { return &s.JUnit })},
		{name: "json", group: Output, value: "FILE", usage: "write the report as JSON to this file, for programs, diff and --baseline",
			set: into(text, func(s *Settings) *string { return &s.JSON })},
		{name: "html", group: Output, value: "FILE", usage: "write the report as one HTML page to this file, for people",
			set: into(text, func(s *Settings) *string { return &s.HTML })},
		{name: "markdown", group: Output, value: "FILE", usage: "write the report as Markdown to this file, for a pull request or job summary",
			set: into(text, func(s *Settings) *string { return &s.Markdown })},
		{name: "har", group: Output, value: "FILE", usage: "write every exchange to this file as a HAR archive, without secrets",
			set: into(text, func(s *Settings) *string { return &s.HAR })},
		{name: "metrics", group: Output, value: "FILE", usage: "write what the run came to as metrics to this file, in the text format of Prometheus, for node_exporter's textfile collector or a pushgateway",
			set: into(text, func(s *Settings) *string { return &s.Metrics })},
		{name: "record", group: Output, value: "FILE", usage: "keep every exchange in this file, without secrets, so that judge can judge them again",
			set: into(text, func(s *Settings) *string { return &s.Record })},
		{name: "output-dir", group: Output, value: "DIR", usage: "write all of these reports, and the record, to this folder: report.xml, .json, .html, .md, .har, .prom and run.jsonl; a name of its own beats that",
			set: into(text, func(s *Settings) *string { return &s.OutputDir })},
		{name: "name", group: Output, value: "NAME", usage: "what the JSON report, the metrics and the board call the endpoint; by default its target",
			set: into(text, func(s *Settings) *string { return &s.Config.Name })},
		{name: "annotations", group: Output, value: "FORM", choices: []string{"github"}, usage: "print the failures to stdout as workflow commands of: github",
			set: into(text, func(s *Settings) *string { return &s.Annotations })},
		{name: "ci", group: Output, value: "SERVER", initial: string(CIAuto), choices: servers(), usage: "the CI server that it runs on: auto (known by GITHUB_ACTIONS, GITLAB_CI or JENKINS_URL), none, github (annotations, job summary, plain progress), gitlab or jenkins (plain progress)",
			set: into(text, func(s *Settings) *CI { return &s.CI })},
		{name: "quiet", group: Output, usage: "no progress; only failures and the closing line",
			set: into(truth, func(s *Settings) *bool { return &s.Quiet })},
		{name: "verbose", group: Output, usage: "tell every requirement as it is judged, and every finding whole",
			set: into(truth, func(s *Settings) *bool { return &s.Verbose })},
		{name: "color", group: Output, value: "WHEN", initial: string(ColorAuto), choices: []string{string(ColorAuto), string(ColorAlways), string(ColorNever)}, usage: "auto (on a terminal, unless NO_COLOR is set), always or never",
			set: into(text, func(s *Settings) *Color { return &s.Color })},

		{name: "fault", group: Reference, value: "NAME", list: true, only: embedded, choices: slices.Clone(faults()), listed: "reference --list-faults shows them", usage: "switch a fault on; may be repeated, or comma-separated (reference --list-faults shows them)",
			set: into(names, func(s *Settings) *[]string { return &s.Config.Reference.Faults })},
		{name: "drives", group: Reference, value: "N", only: embedded, usage: "size of its library; default the hand-made one",
			set: into(count("drives"), func(s *Settings) *int { return &s.Config.Reference.Drives })},
		{name: "library", group: Reference, value: "SHAPE|FILE", initial: "full", only: embedded, choices: shapes(), orFile: true, usage: "what its library holds: full, no-licences, no-cdrom, one or empty; or a file with a library of one's own: the JSON of a list of library drives, or a record of run --record",
			set: library},
		{name: "latency", group: Reference, value: "DURATION", only: embedded, usage: "wait before each answer; default none",
			set: into(duration, func(s *Settings) *time.Duration { return &s.Config.Reference.Latency })},
		{name: "clone-time", group: Reference, value: "DURATION", initial: fixtures.DefaultCloneTime.String(), only: embedded, usage: "how long the job of a clone runs",
			set: into(duration, func(s *Settings) *time.Duration { return &s.Config.Reference.CloneTime })},

		{name: "config", group: General, value: "FILE", usage: "YAML file of these settings, by their names without the dashes; flags and variables beat it",
			set: into(text, func(s *Settings) *string { return &s.configFile })},
	}
}

// shapes are those that fixtures.Options.Library names.
func shapes() []string { return []string{"full", "no-licences", "no-cdrom", "one", "empty"} }

// faults are the names of the reference endpoint's faults. Each command asks for them when the program starts, and there are hundreds.
var faults = sync.OnceValue(func() []string {
	var known []string
	for _, f := range fixtures.Faults() {
		known = append(known, f.Name)
	}
	return known
})
