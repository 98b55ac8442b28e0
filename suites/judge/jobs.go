package judge

import (
	"fmt"
	"net/http"
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
		jobs[at].looks = append(jobs[at].looks, answer.About("the job, in all looks at it"))
	}
	return jobs
}

// Last is the last look.
func (j JobLooks) Last() Answer { return j.looks[len(j.looks)-1] }

// NeverGoBack matches the looks at a job of which none shows less progress than one that had been answered before it was
// asked for.
func NeverGoBack(job JobLooks) types.GomegaMatcher {
	return AnswerMatch{expected: "a progress that is never less than before", look: func(Answer) (string, bool) {
		for i, look := range job.looks {
			now := look.JSON().Get("data.progress")
			for _, earlier := range job.looks[:i] {
				was := earlier.JSON().Get("data.progress")
				before := !earlier.Exchange.Started.Add(earlier.Exchange.Duration).After(look.Exchange.Started)
				if before && was.Type == gjson.Number && now.Type == gjson.Number && now.Num < was.Num {
					return fmt.Sprintf("%s after %s", Show(now), Show(was)), false
				}
			}
		}
		return "", true
	}}
}
