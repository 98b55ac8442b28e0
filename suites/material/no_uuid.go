package material

import (
	"slices"

	"github.com/libdrives/conformance/suites/judge"
)

// NoUUIDs is a term of values that are no uuids and that nobody has, made of the uuids of some drives such that each wrong way finds one:
// their beginnings, ends and middles, two in one value, and a pattern. No drive of all has them. ok says that there are drives enough for it.
func NoUUIDs(drives, all []judge.Drive) (t Term, ok bool) {
	const least = 17 // characters, so that more than 16 of them are cut off nowhere
	var uuids []string
	for _, drive := range judge.Unique(drives) {
		if plain(drive.UUID) && len(drive.UUID) > least {
			uuids = append(uuids, drive.UUID)
		}
	}
	if len(uuids) < 2 {
		return Term{}, false
	}
	first, last := uuids[0], uuids[len(uuids)-1]
	values := slices.DeleteFunc([]string{first[:len(first)-1], first[1:], last[1 : len(last)-1], last + " " + first, "%"}, func(value string) bool {
		return slices.ContainsFunc(all, Where("uuid", value).matches)
	})
	return Where("uuid", values...), len(values) > 0
}
