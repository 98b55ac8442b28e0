package run

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios"
	"github.com/tidwall/gjson"
)

// pickSources is what the scenarios work with: the smallest drives that serve, for clones cost money and time.
func pickSources(lib *judge.Library) scenarios.Material {
	library := judge.Unique(lib.List().Drives)
	own := lib.ListAt(judge.DrivesPath, "", "GET /"+judge.DrivesPath)
	licences := lib.ListAt(judge.LicensesPath, "", "GET /"+judge.LicensesPath)
	published := lib.PublishedSchema()
	lib.Await(own, licences)
	m := scenarios.Material{KnownUUIDs: map[string]bool{}, Names: map[string]string{}, UnknownUUID: material.UnknownUUIDs(lib)[0], Seed: lib.Seed}
	for _, choice := range published.JSON().Get("fields.affinities.choices").Array() {
		if choice.Type == gjson.String {
			m.Affinities = append(m.Affinities, choice.Str)
		}
	}
	var disks, discs []judge.Drive
	for _, drive := range library {
		m.KnownUUIDs[strings.ToLower(drive.UUID)], m.Names[drive.UUID] = true, drive.Name
		switch size, _ := judge.WholeNumber(drive.Field("size")); {
		case size <= 0: // LIST-06 says so
		case drive.Field("media").Str == "disk":
			disks = append(disks, drive)
		case drive.Field("media").Str == "cdrom":
			discs = append(discs, drive)
		}
	}
	slices.SortStableFunc(disks, func(a, b judge.Drive) int { return cmp.Or(unready(a)-unready(b), bySize(a, b)) })
	slices.SortStableFunc(discs, bySize)
	m.Licensed, m.Licensed2 = tellingMost(slices.DeleteFunc(slices.Clone(disks), func(d judge.Drive) bool { return licencesOn(d) == 0 }))
	free := slices.DeleteFunc(slices.Clone(disks), func(d judge.Drive) bool { return licencesOn(d) > 0 })
	m.Unlicensed = sourceOf(free)
	for i := 1; i < min(len(free), 3); i++ {
		if unready(free[i]) == 0 { // one that can't be used may refuse anything for that
			m.Probed = append(m.Probed, *sourceOf(free[i:]))
		}
	}
	if usable := func(d judge.Drive) bool { return unready(d) == 0 }; len(m.Probed) == 0 && len(free) > 0 && !usable(free[0]) {
		others := slices.Concat(discs, disks)
		if at := slices.IndexFunc(others, usable); at >= 0 {
			m.Probed = append(m.Probed, *sourceOf(others[at:]))
		}
	}
	missed := missedLeast(library)
	slices.SortStableFunc(discs, missed)
	m.CDROM = sourceOf(discs)
	victims := slices.Concat(disks, discs)
	slices.SortStableFunc(victims, missed)
	m.Victim = sourceOf(victims)
	for _, drive := range own.Drives {
		if !m.KnownUUIDs[strings.ToLower(drive.UUID)] && drive.UUID != "" {
			m.OwnDrive = cmp.Or(m.OwnDrive, drive.UUID)
		}
	}
	m.OtherLicence = otherLicence(licences, library, m.Licensed)
	return m
}

// tellingMost are, of licensed drives in the order of their sizes, the one whose clones tell most and the one that tells most
// of what the first does not. By several licences an endpoint shows that it drops none, and by amounts above one that it
// makes none of them up; by a drive that has all that the documentation says goes into a clone's meta it shows that it does.
func tellingMost(drives []judge.Drive) (most, beside *account.Source) {
	if len(drives) == 0 {
		return nil, nil
	}
	several := func(d judge.Drive) bool { return licencesOn(d) > 1 }
	amounts := func(d judge.Drive) bool {
		return slices.ContainsFunc(d.Field("licenses").Array(), func(entry gjson.Result) bool {
			amount, _ := judge.WholeNumber(entry.Get("amount"))
			return amount > 1
		})
	}
	told := func(d judge.Drive, known ...func(judge.Drive) bool) int {
		n := 0
		for _, tells := range known {
			if tells(d) {
				n++
			}
		}
		return n
	}
	ranked := slices.Clone(drives)
	slices.SortStableFunc(ranked, func(a, b judge.Drive) int {
		return cmp.Or(unready(a)-unready(b), told(b, several, amounts)-told(a, several, amounts), lacksForMeta(a)-lacksForMeta(b))
	})
	first := ranked[0]
	rest := slices.DeleteFunc(slices.Clone(drives), func(d judge.Drive) bool { return d.UUID == first.UUID })
	var missing []func(judge.Drive) bool
	for _, tells := range []func(judge.Drive) bool{several, amounts} {
		if !tells(first) {
			missing = append(missing, tells)
		}
	}
	slices.SortStableFunc(rest, func(a, b judge.Drive) int {
		return cmp.Or(unready(a)-unready(b), told(b, missing...)-told(a, missing...))
	})
	return sourceOf(ranked[:1]), sourceOf(rest)
}

// lacksForMeta is how much a drive lacks of what the documentation says goes into a clone's meta.
func lacksForMeta(drive judge.Drive) (n int) {
	for _, field := range []string{"os", "arch", "image_type", "category", "description", "distribution", "version", "url"} {
		if value := drive.Field(field); value.Type == gjson.Null || value.Type == gjson.String && value.Str == "" || value.IsArray() && len(value.Array()) == 0 {
			n++
		}
	}
	return n
}

// missedLeast orders drives by how little is lost with one: first those without licences, of these those that no server
// has, of these those of which another one of the same kind stays, and of these the smallest. Those that can't be used for now come
// last.
func missedLeast(library []judge.Drive) func(a, b judge.Drive) int {
	kind := func(d judge.Drive) string {
		var traits []string
		for _, field := range []string{"media", "os", "arch", "image_type", "distribution"} {
			traits = append(traits, judge.Show(d.Field(field)))
		}
		return strings.Join(traits, " ")
	}
	of := map[string]int{}
	for _, drive := range library {
		of[kind(drive)]++
	}
	rank := func(d judge.Drive) int {
		rank := 8 * unready(d)
		if licencesOn(d) > 0 {
			rank += 4
		}
		if d.Field("status").Str != "unmounted" || len(d.Field("mounted_on").Array()) > 0 {
			rank += 2
		}
		if of[kind(d)] < 2 {
			rank++
		}
		return rank
	}
	return func(a, b judge.Drive) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), bySize(a, b)) }
}

// unready is 2 for a drive that says that it can't be used for now, 1 for a disk that is not at rest, and 0 for any other.
func unready(drive judge.Drive) int {
	switch status := drive.Field("status").Str; {
	case slices.Contains([]string{"unavailable", "creating", "deleting", "resizing", "cloning_dst"}, status):
		return 2
	case drive.Field("media").Str == "disk" && status != "unmounted" && status != "cloning_src":
		return 1
	}
	return 0
}

func bySize(a, b judge.Drive) int {
	x, _ := judge.WholeNumber(a.Field("size"))
	y, _ := judge.WholeNumber(b.Field("size"))
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

func licencesOn(drive judge.Drive) int { return len(drive.Field("licenses").Array()) }

// sourceOf is the first of the drives as the scenarios clone it; nil where there is none.
func sourceOf(drives []judge.Drive) *account.Source {
	if len(drives) == 0 {
		return nil
	}
	drive := drives[0]
	size, _ := judge.WholeNumber(drive.Field("size"))
	return &account.Source{Path: judge.LibdrivesPath + url.PathEscape(drive.UUID) + "/", UUID: drive.UUID, Name: drive.Name, Size: size}
}

// otherLicence is an entry of `licenses` that the drive does not have, for an edit to name: from the list of licences,
// or else from another drive.
func otherLicence(licences judge.List, library []judge.Drive, drive *account.Source) []byte {
	has := map[string]bool{}
	for _, other := range library {
		if drive != nil && other.UUID == drive.UUID {
			for _, entry := range other.Field("licenses").Array() {
				has[judge.LicenceURI(entry)] = true
			}
		}
	}
	for _, licence := range licences.Drives {
		if uri := licence.JSON().Get("resource_uri").String(); uri != "" && !has[uri] {
			entry, err := json.Marshal(map[string]any{"amount": 1, "license": json.RawMessage(licence.JSON().Raw), "user": nil})
			if err == nil {
				return entry
			}
		}
	}
	for _, other := range library {
		for _, entry := range other.Field("licenses").Array() {
			if uri := judge.LicenceURI(entry); uri != "" && !has[uri] {
				return []byte(entry.Raw)
			}
		}
	}
	return nil
}
