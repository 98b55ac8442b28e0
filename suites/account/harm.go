package account

import (
	"errors"
	"fmt"
	"slices"

	"github.com/libdrives/conformance/suites/evidence"
)

// HarmKind is what was done to a library drive.
type HarmKind string

// The kinds of harm.
const (
	Deleted           HarmKind = "deleted"             // it is gone
	DeletedWithServer HarmKind = "deleted with server" // it is gone, because a server that it was attached to was deleted recursively
	Unlisted          HarmKind = "unlisted"            // it is still answered, and no longer listed
	Edited            HarmKind = "edited"              // its definition is another one
	Added             HarmKind = "added"               // it was not there before
)

// Returned is what became of the old definition of a drive that was edited.
type Returned string

// What can become of it.
const (
	NotTried    Returned = ""             // there is no way to give it back
	GivenBack   Returned = "given back"   // the drive is as it was
	NotAccepted Returned = "not accepted" // it was tried, and the drive is not as it was
)

// Harm is what a request did to the library that a sound endpoint does not let it do. Only what Cleanup can't undo is
// harm. A clone that is made for nobody, or a library disk that is attached to a server of ours, is none: the clone is
// the run's own and is removed, and the disk is detached, for the server is never started.
type Harm struct {
	Kind           HarmKind
	UUID, Name     string
	Scenario, Step string
	Exchange       *evidence.Exchange // the request that was carried out
	Returned       Returned
	More           []Harmed // the other library drives to which the same request did the same
}

// Harmed is one more library drive to which a request did the same.
type Harmed struct{ UUID, Name string }

// KeepHarm keeps that the library was harmed. From now on nothing is sent that could destroy more.
func (a *Account) KeepHarm(h Harm) {
	a.mu.Lock()
	a.harm = append(a.harm, h)
	a.mu.Unlock()
	if a.config.Harmed != nil {
		a.config.Harmed(h)
	}
}

// Harm is the harm that was done, in the order in which it was seen.
func (a *Account) Harm() []Harm {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.harm)
}

// errHarmed is why what could destroy more is not sent.
var errHarmed = errors.New("the library was harmed already, so nothing more is tried that could destroy")

// MayHarm reports whether a step may be sent that destroys something where the endpoint carries out what it should not.
// Where it may not, the scenario has ended for that cause.
func (s *Writer) MayHarm(step string) bool {
	if len(s.account.Harm()) == 0 {
		return true
	}
	s.EndFor(CauseHarm, fmt.Sprintf("the step %q was not sent: %s", step, errHarmed))
	return false
}
