package suites

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// Story is what the record shows of an experiment: a sequence of writes in the account, each a step with its answer.
// A body that looks at a story wants it told.
type Story struct {
	lib  *Library
	name string
	told telling
}

// telling is how a story went, beside what is in the record.
type telling struct {
	skipped string // why it was not begun, where the endpoint has no material or the user wants none; else empty
	blocked block  // why it was not begun, where something else kept it from it; else without a reason
	ended   string // why it ended before its last step; empty where it came to it
	broken  bool   // it was the run that ended it, and not the endpoint
	lacks   string // a kind of drive that the library has none of, so that some of its steps may not have been taken
}

// The stories; see collect.Experiments for their steps.
const (
	licensedClone = "licensed clone"
	biggerClone   = "bigger clone"
	sideBySide    = "side by side"
	attachingDisc = "attaching"
	refusals      = "refusals"

	forbiddenMethods     = "forbidden methods"
	session              = "session"
	unauthenticatedClone = "unauthenticated clone"
	hostileClones        = "hostile clones"
	unknownAction        = "unknown action"
)

// Story is an experiment as it went. Whether it could be told at all shows when a step of it is looked at.
func (lib *Library) Story(name string) Story { return lib.Stories(name)[0] }

// Stories are several experiments that one spec looks at. They are told in one go, so all of them have to be asked for
// before any is looked at.
func (lib *Library) Stories(names ...string) []Story {
	stories := make([]Story, len(names))
	untold := false
	for i, name := range names {
		told, known := lib.stories[name]
		if !known && !slices.Contains(lib.untold, name) {
			lib.untold = append(lib.untold, name)
		}
		untold = untold || !known
		stories[i] = Story{lib, name, told}
	}
	if untold {
		panic(pendingSignal{})
	}
	return stories
}

// Begun reports whether the story was begun: the endpoint has material for it.
func (s Story) Begun() bool { return s.told.skipped == "" && s.told.blocked.reason == "" }

// Step is what the endpoint answered at a step. Where the story did not come so far, the spec is skipped or blocked,
// with the reason; where the account is refused what the step asks for, it is blocked.
func (s Story) Step(name string) Answer {
	a, taken := s.taken(name)
	if !taken {
		s.unreached(name)
	}
	if text := s.refused(name, a); text != "" {
		s.lib.block("", "%s", text)
		panic(blockSignal{})
	}
	return a
}

// Took reports whether the story came to a step. The verdict does not rest on what was answered at it.
func (s Story) Took(name string) bool {
	took := s.lib.record.Answer(s.name+"/"+name, 1) != nil
	s.lib.missed = s.lib.missed || !took
	return took
}

func (s Story) taken(name string) (Answer, bool) {
	x := s.lib.record.Answer(s.name+"/"+name, 1)
	if x == nil {
		s.lib.missed = true
		return Answer{}, false
	}
	s.lib.look(x)
	a := Answer{lib: s.lib, exchange: x, step: true, subject: "answer to the step “" + name + "” of the story “" + s.name + "”"}
	a.answers, a.ground = grounds(s.name, name)
	return a, true
}

// unreached ends the spec: the story did not come to the step.
func (s Story) unreached(name string) {
	switch {
	case s.told.skipped != "":
		s.lib.Skip("%s", s.told.skipped)
	case s.told.blocked.reason != "":
		s.lib.blocks = append(s.lib.blocks, s.told.blocked)
	case strings.Contains(s.told.ended, "--max-clones"):
		s.lib.Skip("%s", s.told.ended)
	case s.told.ended == "" && s.told.lacks != "":
		s.lib.Skip("the library has no %s for the step “%s” of the story “%s”", s.told.lacks, name, s.name)
	case s.told.ended == "" && s.lib.offline:
		s.lib.Skip("the record holds no step “%s” of the story “%s”", name, s.name)
	case s.told.ended == "":
		s.lib.block("", "the story “%s” has no step “%s”: this is a mistake in the suite (please report it)", s.name, name)
	case s.told.broken:
		s.lib.block("", "the story “%s” did not come to “%s”: %s", s.name, name, s.told.ended)
	default:
		s.lib.block(s.lib.firstFailing(s.culprit(), "CLONE-10"), "the story “%s” did not come to “%s”: %s", s.name, name, s.told.ended)
	}
	panic(blockSignal{})
}

// culprit is the requirement that judges the last step of the story. Where the account was refused what that step asked
// for, the spec ends, for nobody is to blame.
func (s Story) culprit() string {
	for _, x := range slices.Backward(s.lib.record.All()) {
		step, mine := strings.CutPrefix(x.Key, s.name+"/")
		if !mine {
			continue
		}
		if a, taken := s.taken(step); taken {
			if text := s.refused(step, a); text != "" {
				s.lib.block("", "%s", text)
				panic(blockSignal{})
			}
			return a.blocker()
		}
	}
	return ""
}

// refused says why the account does not get what the step asks for, though the endpoint may be sound: no funds, no
// capacity, or, where nothing of the kind was granted before, no permission.
func (s Story) refused(name string, a Answer) string {
	x := a.exchange
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
		text += fmt.Sprintf(" (%s)", clip(message))
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
func (s Story) never(kind string) bool {
	return kind != "" && !slices.ContainsFunc(s.lib.record.All(), func(x *evidence.Exchange) bool {
		return x.Status()/100 == 2 && creates(x) == kind
	})
}

// drive is the drive that a step's answer defines, called a clone. Where the answer defines none, the spec is blocked
// by the requirement that says that it does.
func (s Story) drive(step string) Drive {
	a := s.Step(step)
	s.lib.Require(a)
	drive, defined := a.defines()
	if !defined {
		s.lib.hinder(a, fmt.Sprintf("%s %s answers %d without the definition of a drive", a.exchange.Request.Method, a.exchange.Request.Path(), a.Status()), a.ground)
		panic(blockSignal{})
	}
	return drive
}

// source is the library drive that the story is about.
func (s Story) source(step string) Drive {
	drive := s.drive(step)
	drive.kind = "drive"
	return drive
}

// defines is the drive that an answer to a write, or to the GET of one, defines: the body, or the first of its
// `objects` that is not the drive that was written on.
func (a Answer) defines() (Drive, bool) {
	body := a.JSON()
	if list := body.Get("objects"); list.IsArray() {
		body = gjson.Result{}
		for _, object := range list.Array() {
			uuid := object.Get("uuid").String()
			if object.IsObject() && (uuid == "" || !strings.Contains(a.exchange.Request.Path(), uuid) || !strings.Contains(a.exchange.Request.Path(), "do=clone")) {
				body = object
				break
			}
		}
	}
	if !body.IsObject() {
		return Drive{}, false
	}
	return Drive{UUID: body.Get("uuid").String(), Name: body.Get("name").String(), JSON: body, from: a.exchange, kind: "clone"}, true
}

// asked is a key of the body that the step's request sent.
func (a Answer) asked(key string) gjson.Result {
	if a.exchange == nil || !gjson.ValidBytes(a.exchange.Request.Body) {
		return gjson.Result{}
	}
	return gjson.GetBytes(a.exchange.Request.Body, key)
}

// list is a whole list that a step asked for, over as many pages as it took.
func (s Story) list(step string) List {
	list := List{lib: s.lib, name: s.Step(step).name()}
	for a, taken := s.taken(step); taken; a, taken = s.taken(fmt.Sprintf("%s page %d", step, len(list.parts)+1)) {
		list.parts = append(list.parts, a)
		list.Drives = append(list.Drives, a.drives()...)
	}
	return list
}

// poll is one look at a job and at the drive that it makes.
type poll struct{ job, drive *Answer }

// polls are the looks at a job, in order.
func (s Story) polls(step string) []poll {
	var looks []poll
	for n := 1; ; n++ {
		var p poll
		if a, taken := s.taken(fmt.Sprintf("%s poll %d job", step, n)); taken {
			p.job = &a
		}
		if a, taken := s.taken(fmt.Sprintf("%s poll %d drive", step, n)); taken {
			p.drive = &a
		}
		if p.job == nil && p.drive == nil {
			return looks
		}
		looks = append(looks, p)
	}
}
