package process

import (
	"runtime/debug"
	"strings"
)

// garbage is how much of what is no longer used may stand beside what is, in percent. A run's answers are in a file: what is in
// memory is small, and is to stay so.
const garbage = 50

// KeepSmall has memory collected earlier than programs usually do, which takes some more time; unless the user says how.
func KeepSmall(environment []string) {
	for _, variable := range environment {
		if strings.HasPrefix(variable, "GOGC=") || strings.HasPrefix(variable, "GOMEMLIMIT=") {
			return
		}
	}
	debug.SetGCPercent(garbage)
}
