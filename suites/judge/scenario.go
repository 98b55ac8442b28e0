package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// StillRuns reports whether the job was seen running after an answer had come. A job that is done by then may have been
// done before the answer was made.
func StillRuns(polls []poll, answer *evidence.Exchange) bool {
	ended := answer.Started.Add(answer.Duration)
	return slices.ContainsFunc(polls, func(look poll) bool {
		return look.Job != nil && look.Job.Problem() == "" && look.Job.Exchange.Started.After(ended) && jobRuns(look.Job.JSON())
	})
}

// ranBefore reports whether the job was seen running before something was asked for.
func ranBefore(polls []poll, asked *evidence.Exchange) bool {
	return slices.ContainsFunc(polls, func(look poll) bool {
		return look.Job != nil && look.Job.Problem() == "" && !look.Job.Exchange.Started.Add(look.Job.Exchange.Duration).After(asked.Started) && jobRuns(look.Job.JSON())
	})
}

// WhileCopied are the looks at a clone of which its job was seen running before and afterwards. A job's state may trail behind its
// clone: once the clone was seen being copied, the last of them that show it at rest say nothing, as long as the settling
// time is not over between them and the job's end.
func (lib *Library) WhileCopied(polls []poll) (looks []Drive) {
	for _, look := range polls {
		if look.Drive == nil || look.Drive.Problem() != "" || !StillRuns(polls, look.Drive.Exchange) || !ranBefore(polls, look.Drive.Exchange) {
			continue
		}
		if drive, defined := look.Drive.Defines(); defined {
			looks = append(looks, drive)
		}
	}
	if len(polls) == 0 {
		return nil
	}
	rest := len(looks)
	for rest > 0 && looks[rest-1].JSON().Get("status").String() == "unmounted" {
		rest--
	}
	last := polls[len(polls)-1]
	if rest == 0 || rest == len(looks) || last.Job == nil || last.Job.Exchange.Started.Sub(looks[rest].From.Started) > lib.SettleTimeout {
		return looks
	}
	return looks[:rest]
}

// jobRuns reports whether a job says that it is not done.
func jobRuns(job gjson.Result) bool {
	progress := job.Get("data.progress")
	return progress.Type == gjson.Number && progress.Num < 100
}

// Cloned is the drive that a step's request asked to clone, as the scenario, or else the library, showed it last.
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
	for _, x := range s.latestFirst() {
		earlier := Answer{lib: s.lib, Exchange: x, step: true}
		if x.Number >= answer.Exchange.Number || earlier.Problem() != "" {
			continue
		}
		if drive, defined := earlier.Defines(); defined && drive.UUID == uuid {
			return drive
		}
	}
	drive, _ := library.Index().Get(uuid)
	return drive
}

var cloneRequest = regexp.MustCompile(`/(?:lib)?drives/([^/]+)/action/`)

// Login is the answer to the request that begins a session.
func (lib *Library) Login() Answer { return lib.session(evidence.LoginKey) }

// Logout is the answer to the request that ends it. Where the session did not come so far, the spec is skipped or blocked,
// with the reason.
func (s Scenario) Logout() Answer {
	answer := s.lib.session(evidence.LogoutKey)
	if answer.Pending() {
		s.unreached(steps.AfterLogoutList)
	}
	return answer
}

func (lib *Library) session(key string) Answer {
	x := lib.Record.Answer(key, 1)
	lib.missed = lib.missed || x == nil
	if x != nil {
		lib.Look(x)
	}
	return Answer{lib: lib, Exchange: x, Subject: reports.InWords("the " + key), step: true}
}

// Scenario is what the record shows of a scenario: a sequence of writes in the account, each a step with its answer.
// A body that looks at a scenario wants it run.
type Scenario struct {
	lib     *Library
	name    steps.Scenario
	outcome Outcome
}

// Outcome is how a scenario went, beside what is in the record.
type Outcome struct {
	Skipped string            // why it was not begun, where the endpoint has no material or the user wants none; else empty
	Blocked reports.Cause     // why it was not begun, where something else kept it from it; else without a reason
	Ended   string            // why it ended before its last step; empty where it came to it
	Cause   reports.CauseKind // of Skipped or Ended, where it was the run that did without
	Made    bool              // it ended because what should have been refused made a drive
	Broken  bool              // it was the run that ended it, and not the endpoint
	Lacks   string            // a kind of drive that the library has none of, so that some of its steps may not have been taken
}

// Scenario is a scenario as it went. Whether it could be run at all shows when a step of it is looked at.
func (lib *Library) Scenario(name steps.Scenario) Scenario { return lib.Scenarios(name)[0] }

// Scenarios are several scenarios that one spec looks at. They are run in one go, so all of them have to be asked for
// before any is looked at.
func (lib *Library) Scenarios(names ...steps.Scenario) []Scenario {
	scenarios := make([]Scenario, len(names))
	pending := false
	for i, name := range names {
		outcome, known := lib.Outcomes[name]
		if !known && !slices.Contains(lib.Awaited, name) {
			lib.Awaited = append(lib.Awaited, name)
		}
		pending = pending || !known
		scenarios[i] = Scenario{lib, name, outcome}
	}
	if pending {
		lib.stop()
	}
	return scenarios
}

// Begun reports whether the scenario was begun: the endpoint has material for it.
func (s Scenario) Begun() bool {
	return s.outcome.Skipped == "" && s.outcome.Blocked == (reports.Cause{})
}

// LeftOut reports whether the scenario came to its end without the step: there was nothing to take it with.
func (s Scenario) LeftOut(step steps.Step) bool {
	if !s.Begun() || s.outcome.Ended != "" || s.Took(step) {
		return false
	}
	s.lib.blockUnreadable(sourceFields[:])
	return true
}

// Step is what the endpoint answered at a step. Where the scenario did not come so far, the spec is skipped or blocked,
// with the reason; where the account is refused what the step asks for, it is blocked.
func (s Scenario) Step(step steps.Step) Answer {
	a, taken := s.Taken(step)
	if !taken {
		s.unreached(step)
	}
	if text := s.refused(a); text != "" {
		s.lib.Block("", "%s", text)
		s.lib.stop()
	}
	return a
}

// Latest is the name of the second look of a step, where there was one, and else of the first: what was wrong once is not
// held against the endpoint.
func (s Scenario) Latest(step steps.Step) steps.Step {
	if s.Took(step.Again()) {
		return step.Again()
	}
	return step
}

// Took reports whether the scenario came to a step. The verdict does not rest on what was answered at it.
func (s Scenario) Took(step steps.Step) bool {
	took := s.exchange(step) != nil
	s.lib.missed = s.lib.missed || !took
	return took
}

// exchange is the last of a step; nil where the scenario did not come to it.
func (s Scenario) exchange(step steps.Step) *evidence.Exchange {
	return s.lib.Record.Answer(s.name.Key(step), 1)
}

// Taken is what the endpoint answered at a step, where the scenario came to it.
func (s Scenario) Taken(step steps.Step) (answer Answer, taken bool) {
	x := s.exchange(step)
	if x == nil {
		s.lib.missed = true
		return Answer{}, false
	}
	return s.answer(x), true
}

// answer is the exchange as an answer to its step.
func (s Scenario) answer(x *evidence.Exchange) Answer {
	s.lib.Look(x)
	by := steps.JudgedBy(s.name, positionOf(x))
	_, step, _ := strings.Cut(x.Key, "/")
	return Answer{
		lib: s.lib, Exchange: x, step: true, OkBy: by.Answered, soundBy: by.Sound,
		Subject: reports.Subject{Kind: "answer", Words: fmt.Sprintf("to the step “%s” of the scenario “%s”", step, s.name)},
	}
}

// positionOf is where in its scenario an exchange was made.
func positionOf(x *evidence.Exchange) steps.Position {
	return steps.Position{Step: steps.Step(x.Step.Name), Part: steps.Part(x.Step.Part), Nth: x.Step.Nth}
}

// unreached ends the spec: the scenario did not come to the step.
func (s Scenario) unreached(step steps.Step) {
	o, cause := s.outcome, reports.Cause{Kind: reports.CauseScenario, Scenario: string(s.name), Step: string(step), Detail: s.outcome.Ended}
	passed, isPassed := reports.Cause{}, false
	if s.Begun() && o.Ended == "" && !s.lib.Offline {
		passed, isPassed = s.passedOver(step)
	}
	switch {
	case o.Skipped != "" && o.Cause == "":
		s.lib.Lack(sourceFields[:], "%s", o.Skipped)
	case o.Skipped != "":
		s.lib.skipFor(reports.Cause{Kind: o.Cause, Detail: o.Skipped})
	case o.Blocked != reports.Cause{}:
		cause = o.Blocked
	case o.Cause == reports.CauseMaxClones, o.Cause == reports.CauseMaterial:
		s.lib.skipFor(reports.Cause{Kind: o.Cause, Detail: o.Ended})
	case o.Cause == reports.CauseHarm:
		cause.Kind, cause.Requirement = o.Cause, s.lib.harmShownBy()
	case o.Made:
	case o.Ended != "" && s.unheard() != nil:
		cause.Kind = cmp.Or(causeOf(s.unheard()), cause.Kind)
	case isPassed:
		cause = passed
	case o.Ended == "" && o.Lacks != "":
		s.lib.Lack(sourceFields[:], "the library has no %s for the step “%s” of the scenario “%s”", o.Lacks, step, s.name)
	case o.Ended == "" && s.lib.Offline:
		s.lib.skipFor(reports.Cause{Kind: reports.CauseNotRecorded, Scenario: string(s.name), Step: string(step)})
	case o.Ended == "":
		cause = reports.Cause{Kind: reports.CauseSuite, Detail: fmt.Sprintf("the scenario “%s” has no step “%s”", s.name, step)}
	case o.Cause == reports.CauseUnproven && s.name == steps.Attaching: // it clones nothing
		cause.Kind, cause.Requirement = o.Cause, s.lib.FirstFailing("GET-01", s.lastJudge())
	case o.Cause == reports.CauseUnproven:
		cause.Kind, cause.Requirement = o.Cause, s.lib.FirstFailing("CLONE-02", "CLONE-05", "CLONE-11", "CLONE-10", "CLONE-25", "GET-01", s.lastJudge())
		if text := s.lib.clonesRefused(); cause.Requirement == "" && s.name == steps.UnnamedClones && text != "" {
			cause.Detail = text // without the clones of the others there is none whose job could prove it
		}
	case o.Broken:
	case s.name == steps.Session:
		cause.Requirement = s.lib.FirstFailing("AUTH-06")
	case s.name == steps.ForbiddenMethods:
		cause.Requirement = s.lib.FirstFailing(append([]string{s.culprit()}, s.forbidden()...)...)
	default:
		cause.Requirement = s.lib.FirstFailing(append(append([]string{s.culprit()}, s.judgesOfRefusals()...), "CLONE-10")...)
	}
	s.lib.blockFor(cause)
	s.lib.stop()
}

// sourceFields are the fields by which drives are chosen to be cloned and attached.
var sourceFields = [...]string{"media", "size", "licenses"}

// latestFirst are the exchanges of the scenario, the last one first; of all scenarios, where it has no name.
func (s Scenario) latestFirst() []*evidence.Exchange {
	mine := slices.DeleteFunc(s.lib.Record.All(), func(x *evidence.Exchange) bool {
		return x.Step.Scenario == "" || s.name != "" && x.Step.Scenario != string(s.name)
	})
	slices.Reverse(mine)
	return mine
}

// culprit is the requirement that judges the last step of the scenario. Where the account was refused what that step asked
// for, the spec ends, for nobody is to blame.
func (s Scenario) culprit() string {
	mine := s.latestFirst()
	if len(mine) == 0 {
		return ""
	}
	last := s.answer(mine[0])
	if text := s.refused(last); text != "" {
		s.lib.Block("", "%s", text)
		s.lib.stop()
	}
	return last.blocker()
}

// forbidden are the requirements about the forbidden requests that were sent, the last one first: it is after them that the
// drive could not be looked at any more. Where it never could be, that is for those about looking at one.
func (s Scenario) forbidden() (ids []string) {
	for _, x := range s.latestFirst() {
		if id := harmShows[positionOf(x).Step]; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return append(ids, "METHOD-08", "GET-01", "OWNER-01", "AUTH-03", "AUTH-05")
}

// judgesOfRefusals are the requirements that judge the steps that were not answered as they should be, the last one first: the
// scenario may have gone on after the one that ended a part of it.
func (s Scenario) judgesOfRefusals() (ids []string) {
	for _, x := range s.latestFirst() {
		if reads(x) {
			continue
		}
		if a := s.answer(x); !a.Welcome() && a.OkBy != "" && !slices.Contains(ids, a.OkBy) {
			ids = append(ids, a.OkBy)
		}
	}
	return ids
}

// lastJudge is the requirement that judges the last step of the scenario that one judges.
func (s Scenario) lastJudge() string {
	for _, x := range s.latestFirst() {
		if by := s.answer(x).blocker(); by != "" {
			return by
		}
	}
	return ""
}

// refused says why the account does not get what the step asks for, though the endpoint may be sound: no funds, no
// capacity, or, where nothing of the kind was granted before, no permission.
func (s Scenario) refused(a Answer) string {
	x := a.Exchange
	if x.Request.Method == http.MethodGet || x.Request.As != evidence.Account && x.Request.As != evidence.BySession {
		return ""
	}
	switch status := a.Status(); {
	case status == http.StatusPaymentRequired, status == http.StatusServiceUnavailable, status == http.StatusTooManyRequests:
	case status == http.StatusForbidden && (steps.AsksFirst(s.name, positionOf(x).Step) || s.never(creates(x)) || s.overQuota(a)):
	default:
		return ""
	}
	text := fmt.Sprintf("the account is refused it, which accuses nobody: %s %s answers %d", x.Request.Method, x.Request.Path(), a.Status())
	if message := errorMessage(a); message != "" {
		text += fmt.Sprintf(" (%s)", Clip(message))
	}
	return text
}

// refusedBefore says why the account was refused what a step asked for, before the step was taken with something else.
func (s Scenario) refusedBefore(step steps.Step) string {
	for _, x := range s.lib.Record.All() {
		if x.Key == s.name.Key(step) {
			return s.refused(s.answer(x))
		}
	}
	return ""
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
func (s Scenario) Drive(step steps.Step) Drive {
	a := s.Step(step)
	if found, is := s.foundAfter(step, a); is {
		a = found
	}
	s.lib.Require(a)
	drive, defined := a.Defines()
	if !defined {
		s.lib.unsound(a, fmt.Sprintf("%s %s answers %d without the definition of a drive", a.Exchange.Request.Method, a.Exchange.Request.Path(), a.Status()), a.soundBy)
		s.lib.stop()
	}
	return drive
}

// Source is the library drive that the scenario is about.
func (s Scenario) Source(step steps.Step) Drive {
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
	drive := DriveOf(body, a.Exchange)
	drive.Kind = "clone"
	return drive, true
}

// Asked is a key of the body that the step's request sent.
func (a Answer) Asked(key string) gjson.Result {
	if a.Exchange == nil || !gjson.ValidBytes(a.Exchange.Request.Body) {
		return gjson.Result{}
	}
	return gjson.GetBytes(a.Exchange.Request.Body, key)
}

// List is a whole list that a step asked for, over as many pages as it took.
func (s Scenario) List(step steps.Step) List {
	list := List{Lib: s.lib, Name: s.Step(step).name()}
	for a, taken := s.Taken(step); taken; a, taken = s.Taken(step.Page(len(list.Parts) + 1)) {
		list.Parts = append(list.Parts, a)
		list.Drives = append(list.Drives, a.Drives()...)
	}
	return list
}

// EveryList are all the answers to the requests for a list at a step, which may have been asked for several times until it
// showed what a write brought about: what should never be in it must be in none.
func (s Scenario) EveryList(step steps.Step) []List {
	last := s.List(step)
	var looks []List
	for _, x := range s.lib.Record.All() {
		at := positionOf(x)
		if x.Step.Scenario != string(s.name) || at.Step != step || at.Part != steps.Itself && at.Part != steps.Page {
			continue
		}
		if a := s.answer(x); !slices.ContainsFunc(last.Parts, func(part Answer) bool { return part.Exchange == x }) && a.isList() {
			looks = append(looks, a.AsList())
		}
	}
	return append(looks, last)
}

// poll is one look at a job and at the drive that it makes.
type poll struct{ Job, Drive *Answer }

// Polls are the looks at a job, in order.
func (s Scenario) Polls(step steps.Step) []poll {
	var looks []poll
	for n := 1; ; n++ {
		var p poll
		if a, taken := s.Taken(step.JobLook(n)); taken {
			p.Job = &a
		}
		if a, taken := s.Taken(step.DriveLook(n)); taken {
			p.Drive = &a
		}
		if p.Job == nil && p.Drive == nil {
			return looks
		}
		looks = append(looks, p)
	}
}
