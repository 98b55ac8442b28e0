package material

import (
	"fmt"
	"math/rand/v2"

	"github.com/libdrives/conformance/suites/judge"
)

// Subjects are the drives that are looked at one by one: all of them, or, where the library has more than the sample
// takes, a choice that covers every media, os, architecture, image type and number of licences, the first and last
// drives and those at page borders, filled up by chance. The same seed chooses the same drives.
func Subjects(lib *judge.Library) []judge.Drive {
	return judge.Memoize(lib, "subjects", func(drives []judge.Drive) []judge.Drive {
		return choose(judge.Unique(drives), lib.Sample, lib.Seed)
	})
}

// Distinct are the library's drives, each once. They are shared: who changes them takes a copy.
func Distinct(lib *judge.Library) []judge.Drive {
	return judge.Memoize(lib, "distinct drives", judge.Unique)
}

// choose takes a sample of at most that many drives; a negative number is all.
func choose(drives []judge.Drive, most int, seed uint64) []judge.Drive {
	if most < 0 || len(drives) <= most {
		return drives
	}
	chosen := map[int]bool{}
	choose := func(i int) {
		if i >= 0 && i < len(drives) && len(chosen) < most {
			chosen[i] = true
		}
	}
	choose(0)
	choose(len(drives) - 1)
	covered := map[string]bool{}
	for i, drive := range drives {
		for _, trait := range traits(drive) {
			if !covered[trait] {
				covered[trait] = true
				choose(i)
			}
		}
	}
	const defaultPage = 20
	for border := defaultPage; border < len(drives) && len(chosen) < most/2; border += defaultPage {
		choose(border - 1)
		choose(border)
	}
	for _, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(drives)) {
		choose(i)
	}
	sample := make([]judge.Drive, 0, len(chosen))
	for i, drive := range drives {
		if chosen[i] {
			sample = append(sample, drive)
		}
	}
	return sample
}

// traits are what a sample should hold one drive of each of.
func traits(drive judge.Drive) []string {
	kinds := []string{fmt.Sprintf("licences %d", len(drive.Field("licenses").Array()))}
	for _, field := range []string{"media", "os", "arch", "image_type", "status", "paid", "favourite", "allow_multimount"} {
		kinds = append(kinds, field+" "+drive.Field(field).String())
	}
	for _, licence := range drive.Field("licenses").Array() {
		kinds = append(kinds, "licence "+licence.Get("license.name").String())
	}
	return kinds
}

// MostLicensed is the library drive with most licences, the first of several, for requests that ask for one drive alone: of it there
// is most to tell. Of an empty library there is none.
func MostLicensed(lib *judge.Library) (one []judge.Drive) {
	for _, drive := range Subjects(lib) {
		if len(one) == 0 || len(drive.Field("licenses").Array()) > len(one[0].Field("licenses").Array()) {
			one = []judge.Drive{drive}
		}
	}
	return one
}
