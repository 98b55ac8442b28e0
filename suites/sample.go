package suites

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Subjects are the drives that are looked at one by one: all of them, or, where the library has more than the sample
// takes, a choice that covers every media, os, architecture, image type and number of licences, the first and last
// drives and those at page borders, filled up by chance. The same seed chooses the same drives.
func (lib *Library) Subjects() []Drive {
	return memoize(lib, "subjects", func(drives []Drive) []Drive {
		return choose(unique(drives), lib.sample, lib.seed)
	})
}

// distinct are the library's drives, each once. They are shared: who changes them takes a copy.
func (lib *Library) distinct() []Drive { return memoize(lib, "distinct drives", unique) }

// choose takes a sample of at most that many drives; a negative number is all.
func choose(drives []Drive, most int, seed uint64) []Drive {
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
	sample := make([]Drive, 0, len(chosen))
	for i, drive := range drives {
		if chosen[i] {
			sample = append(sample, drive)
		}
	}
	return sample
}

// traits are what a sample should hold one drive of each of.
func traits(drive Drive) []string {
	kinds := []string{fmt.Sprintf("licences %d", len(drive.field("licenses").Array()))}
	for _, field := range []string{"media", "os", "arch", "image_type", "status"} {
		kinds = append(kinds, field+" "+drive.field(field).String())
	}
	for _, licence := range drive.field("licenses").Array() {
		kinds = append(kinds, "licence "+licence.Get("license.name").String())
	}
	return kinds
}

// unique leaves out drives without a uuid, or with one that is no uuid by its length, and those that were listed before:
// LIST-03, LIST-05 and LIST-06 are about them.
func unique(drives []Drive) []Drive {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(drives), func(d Drive) bool {
		again := d.UUID == "" || len(d.UUID) > longestID || seen[d.UUID]
		seen[d.UUID] = true
		return again
	})
}
