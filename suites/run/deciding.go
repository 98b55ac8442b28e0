package run

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Decision is how a requirement is decided, reported by how it was decided of the reference endpoint.
type Decision struct {
	Reads     []string          // the kinds of reads that the verdict rests on, and of what there were several how many
	Scenarios []DecidedScenario // the scenarios that it rests on
	Rules     []string          // what is expected of the answers, in words
}

// DecidedScenario is a scenario that was run in the account: the kinds of its requests that the verdict rests on, each with the steps in
// which they were made.
type DecidedScenario struct {
	Name     string
	Requests []string
}

// Decide judges the embedded reference endpoint by one requirement and tells what its spec looked at and expected. So it
// says what the specs do and not what somebody once wrote of them.
func Decide(ctx context.Context, id string, specs *judge.Suite) (*Decision, error) {
	p, err := Config{Select: id, Profile: requirement.FullProfile}.check(specs)
	if err != nil {
		return nil, err
	}
	asked, err := p.catalogue.Lookup(id)
	if err != nil {
		return nil, err // an area, or several requirements
	}
	endpoint, err := p.startReference()
	if err != nil {
		return nil, err
	}
	defer func() { _ = endpoint.Close() }() // whatever it holds ends with it
	r, err := newRunner(p)
	if err != nil {
		return nil, err
	}
	if err := r.connect(nil); err != nil {
		return nil, err
	}
	defer r.client.Close()
	if err := r.collect(ctx); err != nil {
		return nil, err
	}
	e := r.evaluator.Evaluate(asked.ID, r.specs.Spec(asked.ID), 1, false)
	d := &Decision{Rules: e.Rules}
	d.Reads, d.Scenarios = r.kinds(e.Looked)
	if e.All {
		d.Reads = append(d.Reads, "whatever else of the kind the run was answered")
	}
	return d, nil
}

// requestKind is a kind of request: what is alike but for the values in its target.
type requestKind struct {
	scenario string   // that it was made in, if it was
	text     string   // the method, and the target as it is reported
	steps    []string // of the scenario, without numbers
	several  []string // each once: the targets of reads, or the steps of a scenario but those whose number is chance
}

// kinds tells the exchanges by kinds: reads in the order in which they were looked at, what was done in a scenario in the order
// in which it was done.
func (r *runner) kinds(looked []*evidence.Exchange) (reads []string, scenarios []DecidedScenario) {
	roles := r.roles()
	var kinds []*requestKind
	known := map[string]*requestKind{}
	for _, x := range inOrder(looked) {
		target := strings.TrimPrefix(x.Request.Path(), r.base.EscapedPath())
		text, shape := worded(target, roles)
		scenario, how := x.Step.Scenario, howOf(x)
		text, shape = x.Request.Method+" /"+text+how, x.Request.Method+" /"+shape+how
		kind := known[scenario+shape]
		switch {
		case kind == nil:
			kind = &requestKind{scenario: scenario, text: text}
			known[scenario+shape] = kind
			kinds = append(kinds, kind)
		case kind.text != text:
			kind.text = shape
		}
		kind.steps = withOnce(kind.steps, stepOf(x))
		switch {
		case scenario == "":
			kind.several = withOnce(kind.several, target)
		case !isLook(x):
			kind.several = withOnce(kind.several, x.Key)
		}
	}
	for _, kind := range kinds {
		if kind.scenario == "" {
			reads = append(reads, kind.String())
			continue
		}
		at := slices.IndexFunc(scenarios, func(t DecidedScenario) bool { return t.Name == kind.scenario })
		if at < 0 {
			at = len(scenarios)
			scenarios = append(scenarios, DecidedScenario{Name: kind.scenario})
		}
		scenarios[at].Requests = append(scenarios[at].Requests, kind.String())
	}
	return reads, scenarios
}

// String is the kind of request with how many there were, and the steps in which they were made.
func (k *requestKind) String() string {
	const most = 4
	text := k.text
	if len(k.several) > 1 {
		text = fmt.Sprintf("%d × %s", len(k.several), text)
	}
	steps := k.steps
	switch {
	case k.scenario == "" || len(steps) == 1 && strings.Replace(k.text, " /", " ", 1) == steps[0]: // the step is named by its request
		return text
	case len(steps) > most:
		steps = append(slices.Clone(steps[:most-1]), fmt.Sprintf("and %d more", len(steps)-most+1))
	}
	return text + " (" + strings.Join(steps, ", ") + ")"
}

func withOnce(texts []string, text string) []string {
	if slices.Contains(texts, text) {
		return texts
	}
	return append(texts, text)
}

// inOrder are the reads as they stand, and after them what was done in scenarios, in the order in which it was done.
func inOrder(looked []*evidence.Exchange) []*evidence.Exchange {
	var reads, done []*evidence.Exchange
	for _, x := range looked {
		if x.Step.Scenario == "" {
			reads = append(reads, x)
		} else {
			done = append(done, x)
		}
	}
	slices.SortFunc(done, func(a, b *evidence.Exchange) int { return a.Number - b.Number })
	return append(reads, done...)
}

// howOf is what makes a read another one than its target says: headers, and by whom it is sent.
func howOf(x *evidence.Exchange) string {
	rest, isRead := strings.CutPrefix(x.Key, x.Request.Method+" ")
	if _, how, more := strings.Cut(again.ReplaceAllString(rest, ""), " "); isRead && more {
		return " " + how
	}
	return ""
}

// stepOf is the step that an exchange is of, without numbers.
func stepOf(x *evidence.Exchange) string {
	return steps.Position{Step: steps.Step(x.Step.Name), Part: steps.Part(x.Step.Part)}.String()
}

// isLook reports whether it was looked at a job until it was done: how often is chance.
func isLook(x *evidence.Exchange) bool {
	return x.Step.Part == string(steps.JobLook) || x.Step.Part == string(steps.DriveLook)
}

var (
	again = regexp.MustCompile(` #[0-9]+$`)
	uuids = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// roles say what is known by a uuid: LIB for a drive of the library, DRIVE for one that the account has or that was made.
func (r *runner) roles() map[string]string {
	roles := map[string]string{}
	for _, made := range r.resources.Made {
		roles[made.UUID] = strings.ToUpper(made.Kind)
	}
	for _, x := range r.evaluator.Record.All() {
		for path, role := range map[string]string{judge.LibdrivesPath: "LIB", judge.DrivesPath: "DRIVE"} {
			if x.Status() != 200 || !strings.HasPrefix(x.Request.Path(), r.base.EscapedPath()+path) {
				continue
			}
			for _, listed := range gjson.GetBytes(x.Response.Body.Bytes(), "objects.#.uuid").Array() {
				if roles[listed.Str] == "" {
					roles[listed.Str] = role
				}
			}
		}
	}
	return roles
}

// worded is a target with its uuids replaced by what is known by them, and its shape, in which whatever else may be chosen
// is left open.
func worded(target string, roles map[string]string) (text, shape string) {
	path, query, asks := strings.Cut(target, "?")
	segments := strings.Split(path, "/")
	open := slices.Clone(segments)
	for i, segment := range segments {
		switch {
		case segment == "" || slices.Contains(material.Words[:], segment) || slices.Contains(collections[:], segment):
		case i > 0 && uuids.FindString(segment) == segment:
			segments[i] = roleOf(segment, segments[i-1], roles)
			open[i] = segments[i]
		default:
			segments[i], open[i] = judge.ClipTo(segment, 40), "…"
		}
	}
	text, shape = strings.Join(segments, "/"), strings.Join(open, "/")
	if !asks {
		return text, shape
	}
	var parameters []string
	for parameter := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(parameter, "=")
		parameters = append(parameters, name+"=…")
	}
	query = uuids.ReplaceAllStringFunc(query, func(uuid string) string { return roleOf(uuid, "", roles) })
	return text + "?" + judge.ClipTo(query, 60), shape + "?" + strings.Join(parameters, "&")
}

// collections are the first segments of documented paths.
var collections = [...]string{"libdrives", "drives", "servers", "jobs", "licenses", "profile", "accounts", "locations"}

// roleOf is what is known by a uuid, in a path by the collection that it is in.
func roleOf(uuid, collection string, roles map[string]string) string {
	switch {
	case collection == "jobs":
		return "JOB"
	case collection == "servers":
		return "SERVER"
	case roles[uuid] == "":
		return "UUID"
	}
	return roles[uuid]
}
