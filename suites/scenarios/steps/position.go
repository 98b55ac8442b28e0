package steps

import (
	"strconv"
	"strings"
)

// Part is what of a step a request is.
type Part string

// The parts.
const (
	Itself    Part = ""           // the step's own request
	JobLook   Part = "job"        // a look at the job that a step waits for
	DriveLook Part = "drive"      // a look at the drive that it makes
	Poll      Part = "poll"       // a look at a drive until it is as it should be
	Page      Part = "page"       // a further page of a list, from the second on
	Made      Part = "made"       // a look at what the step says that it made
	Gone      Part = "gone"       // a look whether what the step was to delete is there, where its answer was lost
	Smaller   Part = "smaller"    // a smaller part of what the step sent
	After     Part = "after"      // the list of drives after the step
	Unnamed   Part = "unnamed"    // a look at what the step was proven to have made under a name that it did not give
	ThenDrive Part = "then drive" // the library drive after the step
	ThenList  Part = "then list"  // the list after the step

	InDetail  Part = "in drives/detail/"  // the entry in the detail list, of the drive that the step got by itself
	InDrives  Part = "in drives/"         // the entry in the plain list
	InServers Part = "in servers/detail/" // the entry of the server
)

// Place is where in a scenario a request was made.
type Position struct {
	Step Step
	Part Part
	Nth  int // of several requests of the kind; 0 where there is one
}

// These are the names in the record of what belongs to a step. Find is their inverse.

// JobLook is the nth look at the job that the step waits for.
func (s Step) JobLook(n int) Step { return s.Poll(n) + " job" }

// DriveLook is the nth look at the drive that the job makes.
func (s Step) DriveLook(n int) Step { return s.Poll(n) + " drive" }

// LastDriveLook is the look at the drive when the job is over.
func (s Step) LastDriveLook() Step { return s + " drive" }

// Poll is the nth look at a drive, which is to become as the step has it.
func (s Step) Poll(n int) Step { return s.numbered(" poll", n) }

// Page is the nth page of a list; the first is the step itself.
func (s Step) Page(n int) Step {
	if n == 1 {
		return s
	}
	return s.numbered(" page", n)
}

// Made is the look at the nth thing that the step says that it made.
func (s Step) Made(n int) Step { return s.numbered(" made", n) }

// Unnamed is the look at the nth drive that the step was proven to have made under a name that it did not give.
func (s Step) Unnamed(n int) Step { return s.numbered(" unnamed", n) }

// Gone is the look whether what the step was to delete is there.
func (s Step) Gone() Step { return s + " gone" }

// Smaller is the nth smaller part of what the step sent.
func (s Step) Smaller(n int) Step { return s.numbered(" smaller", n) }

// Nth is the nth request of a step of many.
func (s Step) Nth(n int) Step { return s.numbered("", n) }

// ThenDrive is the look at the library drive after the step.
func (s Step) ThenDrive() Step { return s + " then drive" }

// ThenList is the list after the step.
func (s Step) ThenList() Step { return s + " then list" }

// Again is the second look where the first was not as it should be.
func (s Step) Again() Step { return s + " again" }

// OfSource is the look at the library drive that a step clones.
func (s Step) OfSource() Step { return s + " source" }

// In is the list that a part names, asked for the entry of what the step got by itself.
func (s Step) In(list Part) Step { return s + " " + Step(list) }

// DrivesAfter is the list of the account's drives after the step.
func (s Step) DrivesAfter() Step { return "drives after " + s }

func (s Step) numbered(word string, n int) Step {
	return s + Step(word+" "+strconv.Itoa(n))
}

// Find is where the request was made that has the key in the record; found is false where it is none of a scenario's.
func Find(key string) (scenario Scenario, at Position, found bool) {
	for _, s := range scenarios {
		if step, mine := strings.CutPrefix(key, string(s)+"/"); mine {
			return s, Step(step).Position(), true
		}
	}
	return "", Position{}, false
}

// Place takes the name of a step apart.
func (s Step) Position() Position {
	if s == DrivesAfterDelete { // a step of its own
		return Position{Step: s}
	}
	if of, is := strings.CutSuffix(string(s), " again"); is && s != AttachAgain && s != ServerAttachedAgain {
		return Step(of).Position()
	}
	of, n, numbered := s.number()
	if list, is := strings.CutSuffix(string(of), " page"); is && numbered {
		at := Step(list).Position()
		if at.Part == Itself {
			at.Part, at.Nth = Page, n
		}
		return at
	}
	for _, part := range []Part{ThenDrive, ThenList, Gone, InDetail, InDrives, InServers} {
		if of, is := strings.CutSuffix(string(s), " "+string(part)); is {
			return Position{Step: Step(of), Part: part}
		}
	}
	if of, n, is := s.poll(); is {
		for _, part := range []Part{JobLook, DriveLook} {
			if strings.HasSuffix(string(s), " "+string(part)) {
				return Position{of, part, n}
			}
		}
		return Position{of, Poll, n}
	}
	if of, is := strings.CutSuffix(string(s), "job drive"); is {
		return Position{Step: Step(of + "job"), Part: DriveLook}
	}
	for _, list := range []string{"drives after ", "servers after "} {
		if of, is := strings.CutPrefix(string(s), list); is {
			at := Step(of).Position()
			return Position{at.Step, After, at.Nth}
		}
	}
	if !numbered {
		return Position{Step: s}
	}
	for _, part := range []Part{Made, Unnamed, Smaller} {
		if whole, is := strings.CutSuffix(string(of), " "+string(part)); is {
			return Position{Step(whole).Position().Step, part, n}
		}
	}
	if of == HostileBody {
		return Position{Step: of, Nth: n}
	}
	return Position{of.Position().Step, Page, n} // as older versions named a page
}

// poll is the step that a look belongs to, and which look it is.
func (s Step) poll() (of Step, n int, is bool) {
	before, after, is := strings.Cut(string(s), " poll ")
	if !is {
		return "", 0, false
	}
	number, _, _ := strings.Cut(after, " ")
	n, err := strconv.Atoi(number)
	return Step(before), n, err == nil
}

// number takes the number off the end of a name.
func (s Step) number() (of Step, n int, is bool) {
	at := strings.LastIndexByte(string(s), ' ')
	if at < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(string(s[at+1:]))
	return s[:at], n, err == nil
}

// String names the place without numbers, which differ from run to run.
func (p Position) String() string {
	switch p.Part {
	case JobLook, DriveLook:
		return string(p.Step) + " until it is done"
	case After:
		return string(p.Step.DrivesAfter())
	case ThenDrive, ThenList, InDetail, InDrives, InServers:
		return string(p.Step) + " " + string(p.Part)
	}
	return string(p.Step)
}
