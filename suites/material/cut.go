package material

import (
	"slices"

	"github.com/libdrives/conformance/suites/judge"
)

// Cut are at most so many of the library's drives, in their order, by which as much can be told as by all of them: those that
// a sample looks at, one of each trait, and those that tell right ways to filter from wrong ones. Where there is room for all,
// it is all.
func Cut(lib *judge.Library, most int) []judge.Drive {
	drives := Distinct(lib)
	if most < 0 || len(drives) <= most {
		return drives
	}
	kept := map[string]bool{}
	keep := func(some []judge.Drive) {
		for _, drive := range some {
			if len(kept) < most {
				kept[drive.UUID] = true
			}
		}
	}
	keep(choose(drives, most/2, lib.Seed))
	for _, filter := range filters[:] {
		for _, query := range slices.Concat(tellingExact(lib, filter).queries, tellingThrees(lib, filter).queries) {
			keep(around(drives, query))
		}
	}
	for _, query := range slices.Concat(tellingSearch(lib).queries, tellingTriples(lib).queries) {
		keep(around(drives, query))
	}
	keep(choose(drives, most, lib.Seed))
	return slices.DeleteFunc(slices.Clone(drives), func(drive judge.Drive) bool { return !kept[drive.UUID] })
}

// filters are those that take a whole value.
var filters = [...]string{"arch", "category", "distribution", "image_type", "name", "os", "uuid", "version"}

// around are some drives that a query finds, and for each wrong way some on which it goes wrong.
func around(drives []judge.Drive, query []Term) (some []judge.Drive) {
	const each = 2
	found := Matching(drives, query...)
	some = append(some, found[:min(each, len(found))]...)
	for _, way := range slices.Concat(exactWays(), severalValuesWays(), severalFiltersWays()) {
		if way.finds == nil {
			continue
		}
		finds, wrong := way.finds(query), 0
		for i, drive := range drives {
			if wrong < each && finds(i, drive) != matchesAll(query, drive) {
				some, wrong = append(some, drive), wrong+1
			}
		}
	}
	return some
}
