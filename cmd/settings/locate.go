package settings

import (
	"errors"
	"fmt"
	"strings"
)

// Locate says of an error of suites where the setting at fault came from. By convention such an error begins with the
// setting's name (target "host" has no scheme …); it becomes `LIBDRIVES_TARGET: "host" has no scheme …`. A setting
// that was not given is named as a flag. What names no setting is left as it is.
func (s *Settings) Locate(err error) error {
	if err == nil {
		return nil
	}
	var located []error
	for _, part := range parts(err) {
		name, _ := leadingName(part.Error())
		from, found := s.sources[name]
		switch {
		case name == "" || !found && !strings.HasPrefix(part.Error(), name+": "):
			located = append(located, part)
			continue
		case !found: // it is missing
			from = source{name: s.dash + name}
		}
		// An error that wraps several has a line for each; only the first carries the name.
		for line := range strings.Lines(part.Error()) {
			_, message := leadingName(strings.TrimSpace(line))
			located = append(located, fmt.Errorf("%s: %s", from.name, message))
		}
	}
	return errors.Join(located...)
}

// parts takes joined errors apart, also where one error wraps the whole of them.
func parts(err error) []error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		joined, ok := inner.(interface{ Unwrap() []error })
		if !ok || inner.Error() != err.Error() {
			continue
		}
		var all []error
		for _, part := range joined.Unwrap() {
			all = append(all, parts(part)...)
		}
		return all
	}
	return []error{err}
}

// leadingName splits a message into the name of the setting that it begins with, if it does, and the rest.
func leadingName(line string) (name, rest string) {
	names := []string{"password", "prefix"} // no settings of the table, and named as such all the same
	for _, s := range table() {
		names = append(names, s.name)
	}
	for _, name := range names {
		after, found := strings.CutPrefix(line, name)
		if found && (strings.HasPrefix(after, ": ") || strings.HasPrefix(after, " ")) {
			return name, strings.TrimLeft(after, ": ")
		}
	}
	return "", line
}
