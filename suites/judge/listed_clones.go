package judge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// ListedClone is a clone by itself, and in a list of drives that was then asked for until its entry there was alike, or the
// settling time was over.
type ListedClone struct {
	Scenario steps.Scenario
	Step     steps.Step // at which it was got by itself
	Detail   bool       // the list is the detail list
	Alone    Answer
	List     Answer
}

// ListedClones are all that the scenarios which were run looked at.
func (lib *Library) ListedClones() (listed []ListedClone) {
	lib.All = true
	if lib.Planning {
		return nil
	}
	for _, x := range lib.Record.All() {
		at := positionOf(x)
		if at.Part != steps.InDetail && at.Part != steps.InDrives || lib.Record.Answer(x.Key, 1) != x {
			continue
		}
		s := Scenario{lib: lib, name: steps.Scenario(x.Step.Scenario), outcome: lib.Outcomes[steps.Scenario(x.Step.Scenario)]}
		if alone, taken := s.Taken(at.Step); taken {
			listed = append(listed, ListedClone{s.name, at.Step, at.Part == steps.InDetail, alone, s.answer(x)})
		}
	}
	return listed
}

// Entry is the entry of the clone; is is false where the list has none.
func (l ListedClone) Entry() (entry Drive, is bool) {
	uuid := l.Alone.JSON().Get("uuid").String()
	for _, entry := range l.List.Drives() {
		if entry.UUID == uuid {
			entry.Kind = "clone"
			return entry, true
		}
	}
	return Drive{}, false
}

// neverLeftOut are the fields that every whole definition of a drive has. What else there is may be left out of some.
var neverLeftOut = [...]string{"uuid", "name", "media", "size", "status", "resource_uri", "licenses"}

// Tells reports whether a definition of a clone is to tell a field as another one does: it has it, or may not leave it out.
func (d Drive) Tells(field string, briefly bool) bool {
	return d.JSON().Get(field).Exists() || !briefly && slices.Contains(neverLeftOut[:], field)
}

// ToldByItself are the values of a field that GET of a clone answers while it is at rest, and those that writes asked for: an
// answer that trails shows an older one of these, and never another.
func (lib *Library) ToldByItself(clone Clone, field string) (values []gjson.Result) {
	for a := range lib.AppearancesOf(clone, nil).AsDefined().ByGet().AtRest().each {
		values = append(values, a.Field(field))
	}
	if len(values) == 0 {
		return nil
	}
	for _, x := range lib.writesNaming(clone.UUID) {
		if asked := (Answer{lib: lib, Exchange: x}).Asked(field); asked.Exists() && isPut(x, clone.UUID) {
			values = append(values, asked)
		}
	}
	return values
}

// SeenSince are those of a clone of which it is known what the clone was: after the last edit or resize before them, the clone was
// seen by itself and at rest. Where the answer to that write was lost, or is a 5xx that a gateway may have given, nobody knows when it
// was carried out, so that only what was seen later than they were counts.
func (lib *Library) SeenSince(clone Clone, told Appearances) Appearances {
	var changes []*evidence.Exchange
	for _, x := range lib.writesNaming(clone.UUID) {
		if x != clone.Made && x.Request.Method != http.MethodDelete && strings.Contains(x.Request.Path(), "/"+DrivesPath+clone.UUID) {
			changes = append(changes, x)
		}
	}
	var seen time.Time // when the last look began
	for a := range lib.AppearancesOf(clone, nil).AsDefined().ByGet().AtRest().each {
		if a.From.Started.After(seen) {
			seen = a.From.Started
		}
	}
	return told.where(func(a *Appearance) bool {
		ended := a.From.Started.Add(a.From.Duration)
		var since time.Time
		for _, x := range changes {
			carriedOut := x.Started.Add(x.Duration)
			if (x.Response == nil || x.Status()/100 == 5) && carriedOut.Before(ended) {
				carriedOut = ended
			}
			if !x.Started.After(ended) && carriedOut.After(since) {
				since = carriedOut
			}
		}
		return since.IsZero() || seen.After(since)
	})
}

// JobsToldByItself are the jobs that GET of a clone tells, until it is cloned or resized itself; none where it names none.
func (lib *Library) JobsToldByItself(clone Clone) (values []gjson.Result) {
	for a := range lib.AppearancesOf(clone, lib.FirstWrite(clone, Acting)).AsDefined().ByGet().each {
		if jobs := a.Field("jobs"); jobs.IsArray() && !isEmpty(jobs) {
			values = append(values, jobs)
		}
	}
	if len(values) > 0 {
		values = append(values, gjson.Parse("[]")) // whether it may name none is said apart
	}
	return values
}

// isPut reports whether a request is an edit of a drive.
func isPut(x *evidence.Exchange, uuid string) bool {
	return x.Request.Method == http.MethodPut && strings.Contains(x.Request.Path(), "/"+DrivesPath+uuid)
}

// AtRest are those in which the drive says that nothing is being done to it.
func (told Appearances) AtRest() Appearances {
	return told.where(func(a *Appearance) bool {
		status := a.Field("status").String()
		return status == "unmounted" || status == "mounted"
	})
}

// NotUnderWay are those in which the drive does not say that something is being done to it.
func (told Appearances) NotUnderWay() Appearances {
	return told.where(func(a *Appearance) bool {
		status := a.Field("status").String()
		return status == "" || status == "unmounted" || status == "mounted"
	})
}

// ToldByOthers are those of a clone that are not answers to GET of it.
func (told Appearances) ToldByOthers() Appearances {
	return told.where(func(a *Appearance) bool { return a.Listed || a.From.Request.Method != http.MethodGet })
}

// BeAnyOf matches a value that is like one of the others.
func BeAnyOf(values []gjson.Result, of string) types.GomegaMatcher {
	var shown []string
	for _, value := range values {
		if text := Show(value); !slices.Contains(shown, text) {
			shown = append(shown, text)
		}
	}
	return match{expected: fmt.Sprintf("%s: %s", of, ClipTo(strings.Join(shown, ", or "), 600)), holds: func(v gjson.Result) bool {
		return slices.ContainsFunc(values, func(value gjson.Result) bool {
			if value.IsArray() && v.IsArray() {
				as, bs := value.Array(), v.Array()
				if bareLicence(as) || bareLicence(bs) {
					as, bs = byAddress(as), byAddress(bs)
				}
				return len(unshared(as, bs)) == 0
			}
			return len(differences(value, v)) == 0
		})
	}}
}

// EditsOf are the answers to edits of a clone of the run that were granted, each with what was asked for.
func (lib *Library) EditsOf(clone Clone) (edits []Answer) {
	for _, x := range lib.writesNaming(clone.UUID) {
		a := Scenario{lib: lib, name: steps.Scenario(x.Step.Scenario)}.answer(x)
		if isPut(x, clone.UUID) && x.Step.Scenario != "" && a.Status()/100 == 2 && a.Incomplete() == "" {
			edits = append(edits, a)
		}
	}
	return edits
}

// ResizesOf are the answers to the resizes of a clone that were accepted.
func (lib *Library) ResizesOf(clone Clone) (answers []Answer) {
	for _, x := range lib.writesNaming(clone.UUID) {
		if !strings.Contains(x.Request.Path(), clone.UUID) || !strings.Contains(x.Request.Path(), "do=resize") || x.Step.Scenario == "" {
			continue
		}
		if a := (Scenario{lib: lib, name: steps.Scenario(x.Step.Scenario)}).answer(x); a.Status()/100 == 2 && a.Incomplete() == "" {
			answers = append(answers, a)
		}
	}
	return answers
}

// TellNothingElse matches an object of which each value is the one that another one has under its key, as far as it tells any.
func TellNothingElse(than []gjson.Result) types.GomegaMatcher {
	otherwise := func(v gjson.Result) (keys []string) {
		v.ForEach(func(key, value gjson.Result) bool {
			if !slices.ContainsFunc(than, func(other gjson.Result) bool { return len(differences(Members(other)[key.Str], value)) == 0 }) {
				keys = append(keys, fmt.Sprintf("%s: %s", ClipTo(key.Str, 60), ClipTo(Show(value), 200)))
			}
			return true
		})
		return keys
	}
	return match{
		expected: "nothing but what it tells once it is at rest, or its source does",
		holds:    func(v gjson.Result) bool { return isEmpty(v) || v.IsObject() && len(otherwise(v)) == 0 },
		found: func(v gjson.Result) string {
			if !v.IsObject() {
				return Clip(Show(v))
			}
			return Clip(strings.Join(otherwise(v), ", "))
		},
	}
}
