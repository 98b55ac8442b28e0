package reports

import (
	"cmp"
	"strings"
)

// Shared is what one wrong value has to do with several requirements: the one that tells of it, those that fail by it too,
// and those that it keeps from being judged.
type Shared struct {
	By     string   // the requirement that tells of the value; empty of that one itself
	Fails  []string // by the same value, beside it, in the order of the results; of the one that tells
	Blocks []string // what those that fail by it keep from being judged
}

// Shared are the requirements that share the values by which they fail, by their ids: where several requirements fail for
// nothing but what one of them shows already, that one tells of it for all of them. What fails the run tells before what
// does not; what is waived tells for itself.
func (r *Report) Shared() map[string]Shared {
	type lead struct {
		id     string
		values map[wrongValue]bool
	}
	var leads []lead
	shared := map[string]Shared{}
	for _, kind := range []func(Result) bool{Result.FailsTheRun, Result.IsAdvisory} {
		for _, result := range r.Results {
			values := result.wrongValues()
			if !kind(result) || len(values) == 0 {
				continue
			}
			id, related := result.Requirement.ID, false
			for _, l := range leads {
				if related = l.id == id || within(values, l.values); related && l.id != id {
					tells := shared[l.id]
					tells.Fails = append(tells.Fails, id)
					shared[l.id], shared[id] = tells, Shared{By: l.id}
				}
				if related {
					break
				}
			}
			if !related {
				leads = append(leads, lead{id, values})
			}
		}
	}
	for _, l := range leads {
		tells := shared[l.id]
		if len(tells.Fails) == 0 {
			continue
		}
		for _, result := range r.Results {
			if by := result.BlockedBy; result.Verdict == Blocked && by != "" && (by == l.id || shared[by].By == l.id) {
				tells.Blocks = append(tells.Blocks, result.Requirement.ID)
			}
		}
		shared[l.id] = tells
	}
	return shared
}

// Lines say it in words, of the requirement that tells of the value.
func (s Shared) Lines() []string {
	var lines []string
	if len(s.Fails) > 0 {
		lines = append(lines, "by the same value, "+strings.Join(s.Fails, ", ")+" "+form(s.Fails, "fails", "fail")+" too")
	}
	if len(s.Blocks) > 0 {
		lines = append(lines, "it keeps "+strings.Join(s.Blocks, ", ")+" from being judged")
	}
	return lines
}

func form(list []string, one, several string) string {
	if len(list) == 1 {
		return one
	}
	return several
}

// wrongValue is a value of a drive that is not as it should be.
type wrongValue struct{ uuid, path, value string }

// wrongValues are those by which a result fails, where it fails for nothing else; else there are none.
func (r Result) wrongValues() map[wrongValue]bool {
	values := map[wrongValue]bool{}
	for _, f := range r.Findings {
		if f.Subject.Kind != KindDrive || f.Subject.UUID == "" || f.Compared != nil || len(f.Differences) == 0 {
			return nil
		}
		for _, d := range f.Differences {
			path := strings.Trim(f.Under+"."+d.Path, ".")
			if d.In != InBody || path == "" {
				return nil
			}
			values[wrongValue{f.Subject.UUID, path, cmp.Or(d.Value, d.Found)}] = true
		}
	}
	return values
}

func within(some, all map[wrongValue]bool) bool {
	for value := range some {
		if !all[value] {
			return false
		}
	}
	return true
}
