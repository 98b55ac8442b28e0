package account

import (
	"errors"
	"fmt"
	"slices"

	"github.com/libdrives/conformance/suites/evidence"
)

// Harm is what a request did to the library that a sound endpoint does not let it do. Only what Cleanup can't undo is
// harm. A clone that is made for nobody, or a library disk that is attached to a server of ours, is none: the clone is
// the run's own and is removed, and the disk is detached, for the server is never started.
type Harm struct {
	Kind           evidence.HarmKind
	UUID, Name     string
	Scenario, Step string
	Exchange       *evidence.Exchange // the request that was carried out
	Returned       evidence.Returned
	More           []evidence.HarmedDrive // the other library drives to which the same request did the same
}

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
