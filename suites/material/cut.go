package material

import (
	"github.com/libdrives/conformance/suites/judge"
)

// Foremost are the library's drives in the order in which they should be kept where not all can be: first those by which right ways
// to filter are told from wrong ones, then those that a sample looks at, then the rest. No more than most are returned; a negative
// number is all.
func Foremost(lib *judge.Library, most int) []judge.Drive {
	drives := Distinct(lib)
	var order []judge.Drive
	kept := map[string]bool{}
	keep := func(some []judge.Drive) {
		for _, drive := range some {
			if !kept[drive.UUID] && (most < 0 || len(order) < most) {
				kept[drive.UUID], order = true, append(order, drive)
			}
		}
	}
	for _, filter := range filters[:] {
		for _, query := range tellingExact(lib, filter).queries {
			keep(around(drives, query, exactWays()))
		}
	}
	for _, query := range tellingSearch(lib).queries {
		keep(around(drives, query, searchWays()))
	}
	for _, query := range tellingTriples(lib).queries {
		keep(around(drives, query, severalFiltersWays()))
	}
	for _, filter := range filters[:] {
		for _, query := range tellingThrees(lib, filter).queries {
			keep(around(drives, query, severalValuesWays()))
		}
	}
	keep(Subjects(lib))
	keep(drives)
	return order
}

// filters are those that take a whole value.
var filters = [...]string{"arch", "category", "distribution", "image_type", "name", "os", "uuid", "version"}

// around are a drive that a query finds, one that it does not, and for each wrong way one on which it goes wrong.
func around(drives []judge.Drive, query []Term, ways []Way) (some []judge.Drive) {
	first := func(is func(place int, drive judge.Drive) bool) {
		for i, drive := range drives {
			if is(i, drive) {
				some = append(some, drive)
				return
			}
		}
	}
	first(func(_ int, drive judge.Drive) bool { return matchesAll(query, drive) })
	first(func(_ int, drive judge.Drive) bool { return !matchesAll(query, drive) })
	for _, way := range ways {
		if way.finds == nil {
			continue
		}
		finds := way.finds(query)
		first(func(place int, drive judge.Drive) bool { return finds(place, drive) != matchesAll(query, drive) })
	}
	return some
}
