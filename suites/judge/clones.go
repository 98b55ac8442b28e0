package judge

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Clone is a drive that an answer to a clone request of the run defines.
type Clone struct {
	Drive
	Made   *evidence.Exchange // the request, and the answer that defines it
	Source string             // the uuid of the drive that was cloned
	Asked  gjson.Result       // the body of the request; it does not exist where there was none
}

// Clones are all drives that the run's clone requests made, as their answers say, in the order of the record. A drive of the
// library, which a broken answer may name, is none.
func (lib *Library) Clones() []Clone {
	library := lib.List().Index() // while the plan is made, too, so that it is there to judge by
	if lib.Planning {
		return nil
	}
	return slices.Clone(Once(lib.Evaluator, fmt.Sprintf("clones, %d exchanges", lib.Record.Len()), func() (clones []Clone) {
		for _, x := range lib.Record.All() {
			if x.Step.Scenario == "" || !strings.Contains(x.Request.Path(), "do=clone") {
				continue
			}
			path := cloneRequest.FindStringSubmatch(x.Request.Path())
			if path == nil {
				continue
			}
			answer := Answer{lib: lib, Exchange: x, step: true}
			if found := lib.Record.Answer(string(steps.Step(x.Key).Made(1)), 1); answer.Incomplete() != "" && found != nil {
				answer.Exchange = found // its answer was lost, and it was found by its name
			}
			if answer.Status()/100 != 2 {
				continue
			}
			if answer.Problem() != "" {
				continue
			}
			drive, defined := answer.Defines()
			if _, isLibrary := library.Get(drive.UUID); !defined || drive.UUID == "" || isLibrary {
				continue
			}
			source, err := url.PathUnescape(path[1])
			if err != nil {
				continue
			}
			clones = append(clones, Clone{Drive: drive, Made: x, Source: source, Asked: Answer{lib: lib, Exchange: x}.Asked("@this")})
		}
		return clones
	}))
}

// granting are the scenarios whose clone requests a sound endpoint grants.
var granting = [...]steps.Scenario{steps.LicensedClone, steps.BiggerClone, steps.SideBySide, steps.UnnamedClones, steps.Session}

// GrantedClones are those of the clones whose requests a sound endpoint grants: what else was made of a request that should
// have been refused is for others to say.
func (lib *Library) GrantedClones() []Clone {
	return slices.DeleteFunc(lib.Clones(), func(c Clone) bool {
		step := positionOf(c.Made).Step
		return !slices.Contains(granting[:], steps.Scenario(c.Made.Step.Scenario)) || step == steps.WithoutToken || step == steps.DrivesWithoutToken
	})
}

// ClonesGranted are the answers to the requests for clones of drives that were granted and can be looked into.
func (lib *Library) ClonesGranted() (answers []Answer) {
	for _, x := range lib.Record.All() {
		scenario := steps.Scenario(x.Step.Scenario)
		if !slices.Contains(granting[:], scenario) || x.Request.Method != http.MethodPost || cloneRequest.FindString(x.Request.Path()) == "" || !strings.Contains(x.Request.Path(), "do=clone") {
			continue
		}
		if a := (Scenario{lib: lib, name: scenario}).answer(x); a.Status()/100 == 2 && a.Problem() == "" {
			answers = append(answers, a)
		}
	}
	return answers
}

// SecondOnes are drives of the account that have the name of a clone that the run asked for, and are none of those that the answers
// of the run made. Nobody else gives such names: they hold the id of the run.
func (lib *Library) SecondOnes() Appearances {
	told := lib.Appearances()
	made, names := map[string]bool{}, map[string]bool{}
	for _, clone := range lib.Clones() {
		made[strings.ToLower(clone.UUID)] = true
	}
	for _, clone := range lib.GrantedClones() {
		if name := clone.Asked.Get("name").String(); ownName.MatchString(name) {
			names[name] = true
		}
	}
	return told.Under(DrivesPath).where(func(a *Appearance) bool {
		return names[a.Field("name").String()] && !made[strings.ToLower(a.UUID)]
	})
}

// MadeAt reports whether the clone was made at one of the steps of a scenario.
func (c Clone) MadeAt(scenario steps.Scenario, at ...steps.Step) bool {
	return c.Made.Step.Scenario == string(scenario) && slices.Contains(at, positionOf(c.Made).Step)
}

// LibraryDrive is the library drive that was cloned, as the list shows it; is is false where it was none.
func (lib *Library) LibraryDrive(clone Clone) (source Drive, is bool) {
	source, is = lib.List().Index().Get(clone.Source)
	return source, is
}

// AsClone is a library drive as a clone's source, with what the list says of it; none where it is not listed.
func (lib *Library) AsClone(uuid string) []Clone {
	source, is := lib.List().Index().Get(uuid)
	if !is {
		return nil
	}
	return []Clone{{Drive: source, Made: source.From}}
}

// Written is any request that wrote to a clone, or named it in a write.
func Written(*evidence.Exchange) bool { return true }

// Renaming are requests that give a drive another name than it was given first.
func Renaming(name string) func(x *evidence.Exchange) bool {
	return func(x *evidence.Exchange) bool {
		given := gjson.GetBytes(x.Request.Body, "name")
		return gjson.ValidBytes(x.Request.Body) && given.Exists() && given.Str != name
	}
}

// Acting are requests for an action on a drive: cloning it again, resizing it.
func Acting(x *evidence.Exchange) bool { return strings.Contains(x.Request.Path(), "/action/") }

// AppearancesOf are those of the clone in the answer that made it, by whichever API, and below /drives/ from then on, up to a request:
// what the answers after that tell may be another thing. Without one they are all of them.
func (lib *Library) AppearancesOf(clone Clone, until *evidence.Exchange) Appearances {
	return lib.appearancesOf(clone.UUID).where(func(a *Appearance) bool {
		return (strings.HasPrefix(a.Path, DrivesPath) || a.From == clone.Made) && a.From.Number >= clone.Made.Number && (until == nil || !a.From.Started.Add(a.From.Duration).After(until.Started))
	})
}

// InTheLibrary are those of the clone in answers to GET under /libdrives/.
func (lib *Library) InTheLibrary(clone Clone) Appearances {
	return lib.appearancesOf(clone.UUID).where(func(a *Appearance) bool {
		return strings.HasPrefix(a.Path, LibdrivesPath) && a.From.Request.Method == http.MethodGet && a.From.Number > clone.Made.Number
	})
}

// appearancesOf are the appearances of one drive.
func (lib *Library) appearancesOf(uuid string) Appearances {
	lib.All = true
	if lib.Planning {
		return Appearances{}
	}
	told := lib.Appearances()
	if places := lib.placesTold(told); places != nil {
		if told.only = places[uuid]; told.only == nil {
			told.only = []placeTold{}
		}
		return told
	}
	told.only = Once(lib.Evaluator, fmt.Sprintf("appearances of %s, %d exchanges", uuid, lib.Record.Len()), func() []placeTold {
		places := []placeTold{}
		for i, t := range told.answers {
			for drive := range lib.Parsed.toldBy(t) {
				if drive.UUID == uuid {
					places = append(places, placeTold{int32(i), int32(drive.Index)})
				}
			}
		}
		return places
	})
	return told
}

// mostPlaces is how many places of drives are remembered by the drives' uuids. Where there are more, it would take much room: those
// of one drive are looked for in all.
const mostPlaces = 30_000

// placesTold are the places of all drives, by uuid; nil where there are too many.
func (lib *Library) placesTold(told Appearances) map[string][]placeTold {
	return Once(lib.Evaluator, fmt.Sprintf("places of drives, %d exchanges", lib.Record.Len()), func() map[string][]placeTold {
		n := 0
		places := map[string][]placeTold{}
		for i, t := range told.answers {
			for drive := range lib.Parsed.toldBy(t) {
				if n++; n > mostPlaces {
					return nil
				}
				places[drive.UUID] = append(places[drive.UUID], placeTold{int32(i), int32(drive.Index)})
			}
		}
		return places
	})
}

// FirstWrite is the first request after it was made that wrote to a clone and for which a condition holds, whatever it was
// answered; nil where there is none. Attaching is a write to the server, and counts as one to what is attached.
func (lib *Library) FirstWrite(clone Clone, holds func(x *evidence.Exchange) bool) *evidence.Exchange {
	for _, x := range lib.writesNaming(clone.UUID) {
		if x != clone.Made && !x.Started.Before(clone.Made.Started) && holds(x) {
			return x
		}
	}
	return nil
}

// AskedOf are the values of a field that the run asked for when it made a clone, edited it or resized it.
func (lib *Library) AskedOf(clone Clone, field string) (asked []gjson.Result) {
	for _, x := range append([]*evidence.Exchange{clone.Made}, lib.writesNaming(clone.UUID)...) {
		if value := gjson.GetBytes(x.Request.Body, field); value.Exists() && gjson.ValidBytes(x.Request.Body) && (x == clone.Made || strings.Contains(x.Request.Path(), DrivesPath+clone.UUID)) {
			asked = append(asked, value)
		}
	}
	return asked
}

// writesNaming are the requests of the run that write, and have the uuid in their path or body.
func (lib *Library) writesNaming(uuid string) []*evidence.Exchange {
	all := Once(lib.Evaluator, fmt.Sprintf("writes, %d exchanges", lib.Record.Len()), func() []*evidence.Exchange {
		return slices.DeleteFunc(lib.Record.All(), func(x *evidence.Exchange) bool { return reads(x) || x.Unsent })
	})
	return Once(lib.Evaluator, fmt.Sprintf("writes naming %s, %d exchanges", uuid, lib.Record.Len()), func() []*evidence.Exchange {
		return slices.DeleteFunc(slices.Clone(all), func(x *evidence.Exchange) bool {
			return !strings.Contains(x.Request.Path(), uuid) && !strings.Contains(string(x.Request.Body), uuid)
		})
	})
}

// OnceTheJobIsNamed are those appearances of a clone that are to name its job. That the job is to be named with the first answer
// is not said: until the settling time since the clone was made is over, one that names none yet is left out unless answers of
// the same kind that came later, or any, where it is an answer to a write, name none either.
func (lib *Library) OnceTheJobIsNamed(clone Clone, told Appearances) Appearances {
	until := clone.Made.Started.Add(clone.Made.Duration + lib.SettleTimeout)
	all := lib.AppearancesOf(clone, nil).Defining("jobs")
	return told.where(func(a *Appearance) bool {
		if !isEmpty(a.Field("jobs")) || a.From.Started.After(until) {
			return true
		}
		if !reads(a.From) && a.From != clone.Made && lib.namedBefore(a.From, all) {
			return true
		}
		named, later := false, false
		for b := range all.each {
			if b.From.Number > a.From.Number && (!reads(a.From) || b.Path == a.Path && b.Listed == a.Listed) {
				named, later = named || !isEmpty(b.Field("jobs")), true
			}
		}
		return later && !named
	})
}

// namedBefore reports whether a clone named its job by itself before a request was sent.
func (lib *Library) namedBefore(x *evidence.Exchange, told Appearances) bool {
	for b := range told.each {
		if reads(b.From) && !b.Listed && !isEmpty(b.Field("jobs")) && b.From.Started.Add(b.From.Duration).Before(x.Started) {
			return true
		}
	}
	return false
}

// NamesItsJobLater reports whether the answer that defines a clone names no job yet and later ones do.
func (lib *Library) NamesItsJobLater(defined Drive) bool {
	clones := lib.Clones()
	at := slices.IndexFunc(clones, func(c Clone) bool { return c.UUID == defined.UUID })
	if at < 0 || !isEmpty(defined.JSON().Get("jobs")) {
		return false
	}
	told := lib.AppearancesOf(clones[at], nil).where(func(a *Appearance) bool { return a.From.Number >= defined.From.Number })
	for a := range lib.OnceTheJobIsNamed(clones[at], told).each {
		if a.From == defined.From {
			return false
		}
	}
	return true
}

// isEmpty reports whether a list has no entry, is null, or is not there.
func isEmpty(list gjson.Result) bool {
	return list.Type == gjson.Null || list.IsArray() && len(list.Array()) == 0
}
