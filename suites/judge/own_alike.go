package judge

import (
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// ExpectOwnToldAlike asserts that what reads tell of the account's own drives, in lists and by themselves, is what the detail list
// tells of them, in what both of them tell. How much an answer tells of a related resource is left open, so that these are compared
// by what they name. What differs is taken again: others may edit the account's drives at any time.
func (lib *Library) ExpectOwnToldAlike(detail List, rule string, relying ...string) {
	if detail.Pending || detail.Problem() != "" {
		return
	}
	told := lib.Taken().Under(DrivesPath).ByGet().NotOf(lib.List().Index())
	lib.Everywhere(told, ownAlike{entries: detail.Index(), of: detail}, rule, relying...)
}

// ownAlike matches what an answer tells of a drive of the account that agrees with the drive's entry of the detail list.
type ownAlike struct {
	entries *Index
	of      List
	only    string          // the one field that is compared; empty for all
	made    map[string]bool // servers of the run, which come and go and are left out
}

// ownFields are what is compared by its value, and related what is compared by what it names. What changes by itself is in neither.
var (
	ownFields = [...]string{"name", "media", "size", "licenses", "meta", "affinities", "allow_multimount", "storage_type"}
	related   = [...]string{"mounted_on", "tags", "owner", "resource_uri", "snapshots", "grantees"}
)

func (m ownAlike) differences(actual any) (found []reports.Difference) {
	a, is := actual.(Appearance)
	if !is {
		return nil
	}
	entry, listed := m.entries.entryOf(a.Drive)
	if !listed || entry.sameText(a.Drive) {
		return nil // which drives are told is for others to say
	}
	both := func(field string) (there, here gjson.Result, told bool) {
		if m.only != "" && m.only != field {
			return there, here, false
		}
		there, here = entry.Field(field), a.Field(field)
		return there, here, there.Exists() && here.Exists() && there.Raw != here.Raw && !(isNothing(there) && isNothing(here))
	}
	for _, field := range ownFields {
		if there, here, told := both(field); told {
			found = compare(found, field, there, here, nil)
		}
	}
	if there, here, told := both("owner"); told && there.IsObject() && here.IsObject() {
		if was, is := there.Get("resource_uri"), here.Get("resource_uri"); was.Exists() && is.Exists() && strings.TrimSuffix(was.String(), "/") != strings.TrimSuffix(is.String(), "/") {
			found = append(found, differing("owner.resource_uri", Show(was), Show(is)))
		}
	}
	if there, here, told := both("status"); told && there.Type != here.Type { // what it says may change
		found = append(found, differing("status", Show(there), Show(here)))
	}
	for _, field := range related {
		if there, here, told := both(field); told && !slices.Equal(m.namedIn(there), m.namedIn(here)) {
			found = append(found, differing(field, Show(there), Show(here)))
		}
	}
	return found
}

func (m ownAlike) namedIn(v gjson.Result) []string { return besides(m.made, namedIn(v)) }

// besides are the names but for some.
func besides(some map[string]bool, names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return some[name] })
}

// namedIn are what a related resource, or each of a list of them, is named by, in JSON or in XML, in an order of their own.
func namedIn(v gjson.Result) []string {
	names := appendNames(nil, v)
	slices.Sort(names)
	return names
}

func appendNames(names []string, v gjson.Result) []string {
	switch id := mountedOn(v); {
	case id != "":
		return append(names, strings.ToLower(strings.TrimSpace(id)))
	case v.IsObject() || v.IsArray():
		v.ForEach(func(_, inside gjson.Result) bool {
			if v.IsArray() && inside.Type == gjson.Null {
				names = append(names, inside.Raw) // an element that names nothing is one more
			}
			names = appendNames(names, inside)
			return true
		})
		return names
	case isNothing(v):
		return names
	}
	return append(names, v.Raw)
}

func (m ownAlike) Match(actual any) (bool, error) { return len(m.differences(actual)) == 0, nil }

func (m ownAlike) explain(actual any) reports.Finding {
	return reports.Finding{
		Expected: "the same as in " + m.of.Name, Compared: &reports.Sides{There: m.of.Name, Here: "this answer"}, Differences: m.differences(actual),
	}
}

func (m ownAlike) against() *evidence.Exchange { return m.of.Exchange() }

func (m ownAlike) FailureMessage(actual any) string { return message(m, actual) }

func (m ownAlike) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }

// MountedAsIn matches what an answer tells of a library drive that names the servers that the drive's entry of the list names, as far
// as it tells any list of them: as many, by the same uuids or addresses. The run's own servers are left out: they come and go.
func (lib *Library) MountedAsIn(list List) types.GomegaMatcher {
	return ownAlike{entries: list.Index(), of: list, only: "mounted_on", made: lib.serversMade()}
}

// EqualServers matches a definition of a library drive that is on the servers that an entry of a list names, but for those of the run.
func EqualServers(lib *Library, entry Drive, there string) types.GomegaMatcher {
	made, want := lib.serversMade(), entry.Field("mounted_on")
	servers := besides(made, namedIn(want))
	return match{expected: "the servers of " + there + ": " + Show(want), holds: func(v gjson.Result) bool {
		told := v.Get("mounted_on")
		return !told.Exists() || !want.Exists() || slices.Equal(servers, besides(made, namedIn(told)))
	}, found: func(v gjson.Result) string { return Clip(Show(v.Get("mounted_on"))) }}
}

// BeAtItsAddress matches what an answer tells of a drive whose resource_uri is its path below a collection.
func BeAtItsAddress(collection string) types.GomegaMatcher { return addressed(collection) }

type addressed string

func (m addressed) of(actual any) (shown Definition, at match, is bool) {
	a, is := actual.(Appearance)
	return a.Drive, BeUnder(string(m), a.UUID), is
}

func (m addressed) Match(actual any) (bool, error) {
	shown, at, is := m.of(actual)
	if !is {
		return false, nil
	}
	return HaveJSON("resource_uri", at).Match(shown)
}

func (m addressed) FailureMessage(actual any) string {
	shown, at, _ := m.of(actual)
	return HaveJSON("resource_uri", at).FailureMessage(shown)
}

func (m addressed) NegatedFailureMessage(actual any) string { return "not " + m.FailureMessage(actual) }
