package fleet

import (
	"iter"
	"maps"
	"strings"
)

func keys(values map[string]string) iter.Seq[string] { return maps.Keys(values) }

// lookup finds a variable; the last one counts, as for a process that is started with the environment.
func lookup(environ []string, name string) (value string, found bool) {
	for _, entry := range environ {
		if key, v, _ := strings.Cut(entry, "="); key == name {
			value, found = v, true
		}
	}
	return value, found
}

// without is the environment without some variables.
func without(environ []string, names ...string) []string {
	var kept []string
	for _, entry := range environ {
		key, _, _ := strings.Cut(entry, "=")
		drop := false
		for _, name := range names {
			drop = drop || key == name
		}
		if !drop {
			kept = append(kept, entry)
		}
	}
	return kept
}
