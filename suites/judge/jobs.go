package judge

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// JobLooks are the looks at one job, in the order of the record.
type JobLooks struct{ looks []Answer }

// JobsLookedAt are all jobs that scenarios looked at, each with the looks at it that can be read.
func (lib *Library) JobsLookedAt() []JobLooks {
	var jobs []JobLooks
	known := map[string]int{}
	for _, x := range lib.Record.All() {
		path, _, _ := strings.Cut(x.Request.Path(), "?")
		answer := Answer{lib: lib, Exchange: x, step: true}
		if x.Request.Method != http.MethodGet || x.Step.Scenario == "" || !strings.HasPrefix(strings.TrimPrefix(path, lib.BasePath), "jobs/") || answer.Problem() != "" {
			continue
		}
		at, seen := known[path]
		if !seen {
			at = len(jobs)
			known[path] = at
			jobs = append(jobs, JobLooks{})
		}
		uuid := strings.TrimSuffix(path, "/")
		jobs[at].looks = append(jobs[at].looks, answer.AboutA("job", uuid[strings.LastIndex(uuid, "/")+1:], "in all looks at it"))
	}
	return jobs
}

// JobsByUUID are the jobs that scenarios looked at, by their uuids in small letters.
func (lib *Library) JobsByUUID() map[string]JobLooks {
	jobs := map[string]JobLooks{}
	for _, job := range lib.JobsLookedAt() {
		path, _, _ := strings.Cut(strings.ToLower(job.looks[0].Exchange.Request.Path()), "?")
		path = strings.TrimSuffix(path, "/")
		jobs[path[strings.LastIndex(path, "/")+1:]] = job
	}
	return jobs
}

// Last is the last look.
func (j JobLooks) Last() Answer { return j.looks[len(j.looks)-1] }

// NeverGoBack matches the looks at a job of which none shows less progress than one that had been answered before it was
// asked for.
func NeverGoBack(job JobLooks) types.GomegaMatcher {
	return AnswerMatch{expected: "a progress that is never less than before, and is told once it was", look: func(Answer) (string, bool) {
		for i, look := range job.looks {
			now := look.JSON().Get("data.progress")
			for _, earlier := range job.looks[:i] {
				was := earlier.JSON().Get("data.progress")
				before := !earlier.Exchange.Started.Add(earlier.Exchange.Duration).After(look.Exchange.Started)
				if before && was.Type == gjson.Number && (now.Type != gjson.Number || now.Num < was.Num) {
					return fmt.Sprintf("%s after %s", Show(now), Show(was)), false
				}
			}
		}
		return "", true
	}}
}

// Looks are all looks at it.
func (j JobLooks) Looks() []Answer { return j.looks }

// Created is when the first look at it says that it was made.
func (j JobLooks) Created() []gjson.Result { return []gjson.Result{j.looks[0].JSON().Get("created")} }

// BeATime matches a date and a time of day as the documentation's examples write them, or null: of a job, no client needs it.
func BeATime() types.GomegaMatcher {
	return match{expected: "a time such as 2014-01-30T15:24:42.117236+00:00", holds: func(v gjson.Result) bool {
		return v.Type == gjson.Null || v.Type == gjson.String && timeForm.MatchString(v.Str)
	}}
}

var timeForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$`)

// jobFields are the documented fields of a job.
var jobFields = [...]string{"operation", "state", "data", "resources", "children", "created", "last_modified", "resource_uri", "uuid"}

// HaveEveryJobField matches a look at a job that tells every documented field. Which of them may be null is left open.
func HaveEveryJobField() types.GomegaMatcher {
	return match{
		expected: "the fields " + strings.Join(jobFields[:], ", "),
		holds:    func(job gjson.Result) bool { return job.IsObject() && len(lackOf(job)) == 0 },
		found: func(job gjson.Result) string {
			if !job.IsObject() {
				return Clip(Show(job))
			}
			return "no " + strings.Join(lackOf(job), ", no ")
		},
	}
}

func lackOf(job gjson.Result) (fields []string) {
	for _, field := range jobFields {
		if !job.Get(field).Exists() {
			fields = append(fields, field)
		}
	}
	return fields
}

// NotBeDoneAndUnderWay matches a look at a job that does not tell both that everything is done and that it was only started. As
// one answer says both, it is no question of which was brought up to date first.
func NotBeDoneAndUnderWay() types.GomegaMatcher {
	return match{
		expected: "a state other than started, for progress 100 is done",
		holds: func(job gjson.Result) bool {
			progress := job.Get("data.progress")
			return progress.Type != gjson.Number || progress.Num < 100 || job.Get("state").Str != "started"
		},
		found: func(job gjson.Result) string {
			return fmt.Sprintf("state %s, progress %s", Clip(Show(job.Get("state"))), Clip(Show(job.Get("data.progress"))))
		},
	}
}

// HoldJobReferences matches a list of jobs of which each is told by its address, alone or beside its uuid.
func HoldJobReferences() types.GomegaMatcher {
	isReference := func(job gjson.Result) bool {
		address := job.Str
		if job.IsObject() {
			address = job.Get("resource_uri").Str
		}
		segments := strings.Split(strings.Trim(address, "/"), "/")
		n := len(segments)
		if !isAddress(address) || n < 2 || segments[n-2] != "jobs" || segments[n-1] == "" {
			return false
		}
		return !job.IsObject() || strings.EqualFold(job.Get("uuid").Str, segments[n-1])
	}
	return match{
		expected: "each job with its resource_uri under /jobs/ and its uuid",
		holds: func(jobs gjson.Result) bool {
			return isEmpty(jobs) || jobs.IsArray() && !slices.ContainsFunc(jobs.Array(), func(job gjson.Result) bool { return !isReference(job) })
		},
	}
}

// NameOwnJobs matches a list of jobs of which each that the run looked at, and that names a source and a clone, has the drive for one
// of these. Of the others nobody knows what they are about: that a job names both is for CLONE-25 to say.
func NameOwnJobs(uuid string, looked map[string]JobLooks) types.GomegaMatcher {
	foreign := func(job gjson.Result) bool {
		known, is := looked[strings.ToLower(mountedOn(job))]
		if !is {
			return false
		}
		resources := known.Last().JSON().Get("resources")
		return len(resources.Array()) > 1 && !strings.Contains(strings.ToLower(resources.Raw), strings.ToLower(uuid))
	}
	return match{
		expected: "jobs that name the drive among their resources",
		holds:    func(jobs gjson.Result) bool { return !slices.ContainsFunc(jobs.Array(), foreign) },
	}
}
