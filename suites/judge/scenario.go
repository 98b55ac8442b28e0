package judge

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// StillRuns reports whether the job was seen running after an answer had come. A job that is done by then may have been
// done before the answer was made.
func StillRuns(polls []poll, answer *evidence.Exchange) bool {
	ended := answer.Started.Add(answer.Duration)
	return slices.ContainsFunc(polls, func(look poll) bool {
		return look.Job != nil && look.Job.Problem() == "" && look.Job.Exchange.Started.After(ended) && jobRuns(look.Job.JSON())
	})
}

// jobRuns reports whether a job says that it is not done.
func jobRuns(job gjson.Result) bool {
	progress := job.Get("data.progress")
	return progress.Type == gjson.Number && progress.Num < 100
}

// Cloned is the drive that a step's request asked to clone, as the story, or else the library, showed it last.
func (s Scenario) Cloned(answer Answer) Drive {
	library := s.lib.List()
	path := cloneRequest.FindStringSubmatch(answer.Exchange.Request.Path())
	if path == nil {
		return Drive{}
	}
	uuid, err := url.PathUnescape(path[1])
	if err != nil {
		return Drive{}
	}
	for _, x := range slices.Backward(s.lib.Record.All()[:answer.Exchange.Number-1]) {
		earlier := Answer{lib: s.lib, Exchange: x, step: true}
		if len(x.Key) <= len(s.name) || x.Key[:len(s.name)+1] != s.name+"/" || earlier.Problem() != "" {
			continue
		}
		if drive, defined := earlier.Defines(); defined && drive.UUID == uuid {
			return drive
		}
	}
	return library.Index()[uuid]
}

var cloneRequest = regexp.MustCompile(`/(?:lib)?drives/([^/]+)/action/`)

// Login is the answer to the request that begins a session.
func (lib *Library) Login() Answer { return lib.session(evidence.LoginKey) }

// Logout is the answer to the request that ends it. It is pending where the session did not come so far.
func (lib *Library) Logout() Answer { return lib.session(evidence.LogoutKey) }

func (lib *Library) session(key string) Answer {
	x := lib.Record.Answer(key, 1)
	lib.missed = lib.missed || x == nil
	if x != nil {
		lib.Look(x)
	}
	return Answer{lib: lib, Exchange: x, Subject: "the " + key, step: true}
}

// Scenario is what the record shows of an experiment: a sequence of writes in the account, each a step with its answer.
// A body that looks at a story wants it told.
type Scenario struct {
	lib     *Library
	name    string
	outcome Outcome
}

// Outcome is how a story went, beside what is in the record.
type Outcome struct {
	Skipped string        // why it was not begun, where the endpoint has no material or the user wants none; else empty
	Blocked Block         // why it was not begun, where something else kept it from it; else without a reason
	Ended   string        // why it ended before its last step; empty where it came to it
	Cause   reports.Cause // of Skipped or Ended, where it was the run that did without
	Made    bool          // it ended because what should have been refused made a drive
	Broken  bool          // it was the run that ended it, and not the endpoint
	Lacks   string        // a kind of drive that the library has none of, so that some of its steps may not have been taken
}

// The stories; see collect.Experiments for their steps.
const (
	LicensedClone = "licensed clone"
	BiggerClone   = "bigger clone"
	SideBySide    = "side by side"
	AttachingDisc = "attaching"
	Refusals      = "refusals"

	ForbiddenMethods     = "forbidden methods"
	Session              = "session"
	UnauthenticatedClone = "unauthenticated clone"
	HostileClones        = "hostile clones"
	UnknownAction        = "unknown action"
)

// Scenario is an experiment as it went. Whether it could be told at all shows when a step of it is looked at.
func (lib *Library) Scenario(name string) Scenario { return lib.Scenarios(name)[0] }

// Scenarios are several experiments that one spec looks at. They are told in one go, so all of them have to be asked for
// before any is looked at.
func (lib *Library) Scenarios(names ...string) []Scenario {
	stories := make([]Scenario, len(names))
	untold := false
	for i, name := range names {
		told, known := lib.Outcomes[name]
		if !known && !slices.Contains(lib.Awaited, name) {
			lib.Awaited = append(lib.Awaited, name)
		}
		untold = untold || !known
		stories[i] = Scenario{lib, name, told}
	}
	if untold {
		panic(PendingSignal{})
	}
	return stories
}

// Begun reports whether the story was begun: the endpoint has material for it.
func (s Scenario) Begun() bool { return s.outcome.Skipped == "" && s.outcome.Blocked.Reason == "" }

// LeftOut reports whether the story came to its end without the step: there was nothing to take it with.
func (s Scenario) LeftOut(step string) bool {
	return s.Begun() && s.outcome.Ended == "" && !s.Took(step)
}

// Step is what the endpoint answered at a step. Where the story did not come so far, the spec is skipped or blocked,
// with the reason; where the account is refused what the step asks for, it is blocked.
func (s Scenario) Step(name string) Answer {
	a, taken := s.Taken(name)
	if !taken {
		s.unreached(name)
	}
	if text := s.refused(name, a); text != "" {
		s.lib.Block("", "%s", text)
		panic(blockSignal{})
	}
	return a
}

// Latest is the name of the second look of a step, where there was one, and else of the first: what was wrong once is not
// held against the endpoint.
func (s Scenario) Latest(step string) string {
	if s.Took(step + " again") {
		return step + " again"
	}
	return step
}

// Took reports whether the story came to a step. The verdict does not rest on what was answered at it.
func (s Scenario) Took(name string) bool {
	took := s.lib.Record.Answer(s.name+"/"+name, 1) != nil
	s.lib.missed = s.lib.missed || !took
	return took
}

func (s Scenario) Taken(name string) (Answer, bool) {
	x := s.lib.Record.Answer(s.name+"/"+name, 1)
	if x == nil {
		s.lib.missed = true
		return Answer{}, false
	}
	s.lib.Look(x)
	a := Answer{lib: s.lib, Exchange: x, step: true, Subject: "answer to the step “" + name + "” of the story “" + s.name + "”"}
	a.OkBy, a.soundBy = preconditions(s.name, name)
	return a, true
}

// unreached ends the spec: the story did not come to the step.
func (s Scenario) unreached(name string) {
	switch {
	case s.outcome.Skipped != "":
		s.lib.skipFor(s.outcome.Cause, s.outcome.Skipped)
	case s.outcome.Blocked.Reason != "":
		s.lib.Blocks = append(s.lib.Blocks, s.outcome.Blocked)
	case s.outcome.Cause == reports.CauseMaxClones:
		s.lib.skipFor(s.outcome.Cause, s.outcome.Ended)
	case s.outcome.Cause == reports.CauseHarm:
		s.lib.Blocks = append(s.lib.Blocks, Block{
			By: s.lib.harmShownBy(), Cause: s.outcome.Cause,
			Reason: fmt.Sprintf("the story “%s” did not come to “%s”: %s", s.name, name, s.outcome.Ended),
		})
	case s.outcome.Made:
		s.lib.Block("", "the story “%s” did not come to “%s”: %s", s.name, name, s.outcome.Ended)
	case s.outcome.Ended != "" && s.unheard() != nil:
		s.lib.blockAt(s.unheard(), "", fmt.Sprintf("the story “%s” did not come to “%s”: %s", s.name, name, s.outcome.Ended))
	case s.outcome.Ended == "" && s.outcome.Lacks != "":
		s.lib.Skip("the library has no %s for the step “%s” of the story “%s”", s.outcome.Lacks, name, s.name)
	case s.outcome.Ended == "" && s.lib.Offline:
		s.lib.Skip("the record holds no step “%s” of the story “%s”", name, s.name)
	case s.outcome.Ended == "":
		s.lib.Block("", "the story “%s” has no step “%s”: this is a mistake in the suite (please report it)", s.name, name)
	case s.outcome.Cause == reports.CauseUnproven:
		s.lib.Block(s.lib.FirstFailing("CLONE-02", "CLONE-05", "CLONE-11", "CLONE-10", "GET-01", s.lastJudge()), "the story “%s” did not come to “%s”: %s", s.name, name, s.outcome.Ended)
	case s.outcome.Broken:
		s.lib.Block("", "the story “%s” did not come to “%s”: %s", s.name, name, s.outcome.Ended)
	default:
		s.lib.Block(s.lib.FirstFailing(s.culprit(), "CLONE-10"), "the story “%s” did not come to “%s”: %s", s.name, name, s.outcome.Ended)
	}
	panic(blockSignal{})
}

// culprit is the requirement that judges the last step of the story. Where the account was refused what that step asked
// for, the spec ends, for nobody is to blame.
func (s Scenario) culprit() string {
	for _, x := range slices.Backward(s.lib.Record.All()) {
		step, mine := strings.CutPrefix(x.Key, s.name+"/")
		if !mine {
			continue
		}
		if a, taken := s.Taken(step); taken {
			if text := s.refused(step, a); text != "" {
				s.lib.Block("", "%s", text)
				panic(blockSignal{})
			}
			return a.blocker()
		}
	}
	return ""
}

// lastJudge is the requirement that judges the last step of the story that one judges.
func (s Scenario) lastJudge() string {
	for _, x := range slices.Backward(s.lib.Record.All()) {
		if step, mine := strings.CutPrefix(x.Key, s.name+"/"); mine {
			if a, taken := s.Taken(step); taken && a.blocker() != "" {
				return a.blocker()
			}
		}
	}
	return ""
}

// refused says why the account does not get what the step asks for, though the endpoint may be sound: no funds, no
// capacity, or, where nothing of the kind was granted before, no permission.
func (s Scenario) refused(name string, a Answer) string {
	x := a.Exchange
	if x.Request.Method == http.MethodGet || x.Request.As != evidence.Account {
		return ""
	}
	switch status := a.Status(); {
	case status == http.StatusPaymentRequired, status == http.StatusServiceUnavailable, status == http.StatusTooManyRequests:
	case status == http.StatusForbidden && (firstOfItsKind(s.name, name) || s.never(creates(x))):
	default:
		return ""
	}
	text := fmt.Sprintf("the account is refused it, which accuses nobody: %s %s answers %d", x.Request.Method, x.Request.Path(), a.Status())
	if message := a.JSON().Get("0.error_message").String(); message != "" {
		text += fmt.Sprintf(" (%s)", Clip(message))
	}
	return text
}

// creates is what a request would make: a clone, a server, or nothing that this is about.
func creates(x *evidence.Exchange) string {
	path := x.Request.Path()
	switch {
	case x.Request.Method != http.MethodPost:
		return ""
	case strings.Contains(path, "do=clone"):
		return "clone"
	case strings.HasSuffix(path, "/servers/"):
		return "server"
	}
	return ""
}

// never reports whether the run was granted nothing of a kind.
func (s Scenario) never(kind string) bool {
	return kind != "" && !slices.ContainsFunc(s.lib.Record.All(), func(x *evidence.Exchange) bool {
		return x.Status()/100 == 2 && creates(x) == kind
	})
}

// Drive is the drive that a step's answer defines, called a clone. Where the answer defines none, the spec is blocked
// by the requirement that says that it does.
func (s Scenario) Drive(step string) Drive {
	a := s.Step(step)
	s.lib.Require(a)
	drive, defined := a.Defines()
	if !defined {
		s.lib.unsound(a, fmt.Sprintf("%s %s answers %d without the definition of a drive", a.Exchange.Request.Method, a.Exchange.Request.Path(), a.Status()), a.soundBy)
		panic(blockSignal{})
	}
	return drive
}

// Source is the library drive that the story is about.
func (s Scenario) Source(step string) Drive {
	drive := s.Drive(step)
	drive.Kind = "drive"
	return drive
}

// Defines is the drive that an answer to a write, or to the GET of one, defines: the body, or the first of its
// `objects` that is not the drive that was written on.
func (a Answer) Defines() (Drive, bool) {
	body := a.JSON()
	if list := body.Get("objects"); list.IsArray() {
		body = gjson.Result{}
		for _, object := range list.Array() {
			uuid := object.Get("uuid").String()
			if object.IsObject() && (uuid == "" || !strings.Contains(a.Exchange.Request.Path(), uuid) || !strings.Contains(a.Exchange.Request.Path(), "do=clone")) {
				body = object
				break
			}
		}
	}
	if !body.IsObject() {
		return Drive{}, false
	}
	return Drive{UUID: body.Get("uuid").String(), Name: body.Get("name").String(), JSON: body, From: a.Exchange, Kind: "clone"}, true
}

// Asked is a key of the body that the step's request sent.
func (a Answer) Asked(key string) gjson.Result {
	if a.Exchange == nil || !gjson.ValidBytes(a.Exchange.Request.Body) {
		return gjson.Result{}
	}
	return gjson.GetBytes(a.Exchange.Request.Body, key)
}

// List is a whole list that a step asked for, over as many pages as it took.
func (s Scenario) List(step string) List {
	list := List{Lib: s.lib, Name: s.Step(step).name()}
	for a, taken := s.Taken(step); taken; a, taken = s.Taken(fmt.Sprintf("%s page %d", step, len(list.Parts)+1)) {
		list.Parts = append(list.Parts, a)
		list.Drives = append(list.Drives, a.Drives()...)
	}
	return list
}

// poll is one look at a job and at the drive that it makes.
type poll struct{ Job, Drive *Answer }

// Polls are the looks at a job, in order.
func (s Scenario) Polls(step string) []poll {
	var looks []poll
	for n := 1; ; n++ {
		var p poll
		if a, taken := s.Taken(fmt.Sprintf("%s poll %d job", step, n)); taken {
			p.Job = &a
		}
		if a, taken := s.Taken(fmt.Sprintf("%s poll %d drive", step, n)); taken {
			p.Drive = &a
		}
		if p.Job == nil && p.Drive == nil {
			return looks
		}
		looks = append(looks, p)
	}
}
