package account

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// JobGap is what of the jobs of a clone keeps them from proving that this run made it.
type JobGap struct {
	Unlisted bool     // the account's drives of before the run are not all known, so that no job can prove something new
	Unnamed  bool     // no clone names a job that could be asked for
	ID       string   // of the job that was looked at; empty where none was
	Answered string   // how GET of it was answered
	Lacks    []string // documented fields that its answer has not, or null
	Field    string   // the first of uuid, created and resources that does not say what it would have to; empty where it can't be read
}

// String says it in words.
func (g *JobGap) String() string {
	switch {
	case g.Unlisted:
		return "not all of the drives that the account had before the run are known"
	case g.Unnamed:
		return "this run's other clones name no job that could be asked for"
	case g.ID == "":
		return "there is no other clone of the library of this run whose job could be looked at"
	case len(g.Lacks) > 0:
		return fmt.Sprintf("the job %s of another clone of this run has no `%s`", clipped(g.ID), strings.Join(g.Lacks, "`, no `"))
	}
	job := fmt.Sprintf("the job %s of another clone of this run", clipped(g.ID))
	switch g.Field {
	case "uuid":
		return job + " shows another `uuid`"
	case "created":
		return job + " has a `created` that is no time after the clone was asked for"
	case "resources":
		return "the `resources` of " + job + " do not name the clone together with its source"
	}
	return job + " can't be read: GET of it " + g.Answered
}

// mostJobs bounds how many jobs of a drive are looked at: a clone has one.
const mostJobs = 4

// provenByJob reports whether a job that began after the clone was asked for names the drive together with its source.
func (p prover) provenByJob(c claim, one Definition, step string) bool {
	return p.gapOfJobs(c, one, step) == nil
}

// gapOfJobs says what keeps the jobs of a drive from proving a claim; nil where one proves it.
func (p prover) gapOfJobs(c claim, one Definition, step string) (gap *JobGap) {
	gap = &JobGap{Unnamed: true}
	if c.kind != Drive || c.source == "" || c.asked.IsZero() {
		return gap
	}
	jobs := slices.Clone(c.jobs)
	for _, job := range one.jobs {
		jobs = append(jobs, job.UUID)
	}
	jobs = slices.Compact(jobs)
	for _, id := range jobs[:min(len(jobs), mostJobs)] {
		if !isID(id) {
			continue
		}
		if gap = p.jobGap(c, id, step); gap == nil {
			return nil
		}
	}
	return gap
}

// jobGap asks for a job and says what of it keeps it from proving the claim; nil where it proves it.
func (p prover) jobGap(c claim, id, step string) *JobGap {
	x := p.ask(step+" job", ResourcePath("jobs", id))
	gap := &JobGap{ID: id, Answered: Answered(x)}
	if x.Status() != http.StatusOK || !Succeeded(x) {
		return gap
	}
	fields, isObject := FieldsOf(x.Response.Body.Bytes())
	if !isObject {
		return gap
	}
	for _, field := range []string{"uuid", "created", "resources"} {
		if raw, told := fields[field]; !told || string(raw) == "null" {
			gap.Lacks = append(gap.Lacks, field)
		}
	}
	gap.Field = "uuid"
	if len(gap.Lacks) > 0 || !SameID(TextOf(fields["uuid"]), id) {
		return gap
	}
	gap.Field = "created"
	created, err := apiTime(TextOf(fields["created"]))
	if err != nil || created.Before(c.asked) || !c.until.IsZero() && created.After(c.until.Add(time.Second)) { // the clock tells whole seconds
		return gap
	}
	clone, source := false, false
	for _, raw := range listOf(fields["resources"]) {
		clone = clone || namesDrive(raw, c.id, "drives")
		source = source || namesDrive(raw, c.source, "drives", "libdrives")
	}
	if !clone || !source {
		gap.Field = "resources"
		return gap
	}
	return nil
}

// namesDrive reports whether an entry of a job's resources, a URI or an object, is of a drive in one of the collections.
func namesDrive(raw json.RawMessage, id string, collections ...string) bool {
	uri := TextOf(raw)
	if one, isObject := ReadDefinition(raw); isObject {
		uri = one.uri
	}
	segments := strings.Split(strings.Trim(uri, "/"), "/")
	n := len(segments)
	return n >= 2 && SameID(plainID(segments[n-1]), id) && slices.Contains(collections, segments[n-2])
}

// apiTime reads a time as the API writes it. One without a zone is UTC.
func apiTime(text string) (time.Time, error) {
	text = strings.Replace(text, " ", "T", 1)
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	return time.Parse("2006-01-02T15:04:05", text)
}
