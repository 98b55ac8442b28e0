package judge

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// plainFields are fields that every drive has.
var plainFields = [...]string{"uuid", "name", "media", "size", "status", "resource_uri", "owner", "licenses"}

// ExpectChosen asserts that every list of a path that was asked for some fields, of those that every drive has, holds exactly these.
// XML tells them as far as it is sure to.
func (lib *Library) ExpectChosen(path, rule string, relying ...string) {
	whole := lib.ListAt(path, "", "GET /"+path)
	if path == LibdrivesDetailPath { // the two are one
		whole = lib.ListAt(LibdrivesPath, "", "the list")
	}
	for _, a := range lib.listAnswers(path) {
		names, plain := chosenPlainly(a.query)
		if !plain {
			continue
		}
		m := HoldExactly(names...)
		for _, drive := range a.Drives() {
			if matched, err := m.Match(drive); (!matched || err != nil) && !lib.Expect(drive).RelyingOn(relying...).To(m, rule) {
				return
			}
		}
	}
	relying = append(slices.Clone(relying), "FORMAT-02")
	for _, a := range lib.chosenInXML(path, lib.Everything()) {
		if m := tellInXML(a.names, false, List{}.Index()); !lib.holds(a.Answer, m) && !lib.Expect(a.Answer).RelyingOn(relying...).To(m, rule) {
			return
		}
	}
	// Which drives have a name and licences, another answer tells, and the provider may change it at any time.
	named, licensed := allNamed(whole), licensedOf(whole, path)
	for _, a := range lib.chosenInXML(path, lib.readsOfThisRound()) {
		m := tellInXML(a.names, named, licensed)
		if lib.holds(a.Answer, m) {
			continue
		}
		lib.takeAgain(a.Exchange)
		if !lib.Expect(a.About(ClipTo(a.Exchange.Key, LongestShown))).RelyingOn(relying...).Comparing(whole).To(m, rule) {
			return
		}
	}
}

// chosenAnswer is an answer to a read that asked for fields which every drive has.
type chosenAnswer struct {
	Answer
	names []string
}

// chosenInXML are those of some answers that are a list of a path in XML, and were asked for fields that every drive has.
func (lib *Library) chosenInXML(path string, answers []Answer) (found []chosenAnswer) {
	for _, a := range answers {
		at, query, _ := lib.below(a.Exchange)
		names, plain := chosenPlainly(query)
		if at == path && plain && a.Exchange.Request.Method == http.MethodGet && a.Status() == http.StatusOK && a.TellsXML() {
			found = append(found, chosenAnswer{a, names})
		}
	}
	return found
}

// readsOfThisRound are the answers to reads of the round, before the run began to write. They are there while the plan is made, too, once
// all reads have come: so what differs is taken again.
func (lib *Library) readsOfThisRound() []Answer {
	lib.All, lib.Compares = true, true
	if lib.Planning && !lib.Settled {
		return nil
	}
	first := lib.beganToWrite()
	return slices.DeleteFunc(lib.wholeAnswers(), func(a Answer) bool { return !lib.isOfThisRound(a.Exchange, first) })
}

// licensedOf are those of the library's drives that have licences; of another list there are none, for those of an account's drives may
// change.
func licensedOf(whole List, path string) *Index {
	if !strings.HasPrefix(path, LibdrivesPath) || whole.Pending {
		return List{}.Index()
	}
	return List{Drives: only(whole.Drives, func(d Drive) bool { return len(d.Field("licenses").Array()) > 0 })}.Index()
}

// allNamed reports whether it is known of every drive of a list that it has a name. A drive may have none.
func allNamed(list List) bool {
	known := !list.Pending && list.part == nil && list.Problem() == ""
	return known && !slices.ContainsFunc(list.Drives, func(drive Drive) bool { return isNothing(drive.Field("name")) })
}

// toldByText are those of some fields that are a text, and not an empty one, for every drive; the name where all are named.
func toldByText(names []string, named bool) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return name == "owner" || name == "licenses" || name == "name" && !named
	})
}

// mostOf is the name of which there is most.
func mostOf(counts map[string]int, names []string) string {
	return slices.MaxFunc(names, func(a, b string) int { return counts[a] - counts[b] })
}

// addressOfDrive is the address of a drive, as its resource_uri tells it.
var addressOfDrive = regexp.MustCompile(`/(lib)?drives/[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}/?\s*$`)

// tellInXML matches a list in XML that tells the chosen fields and no other: of a field that every drive has a text by each entry that
// it tells, or where uuids were not asked for by as many elements as of another such field; licences where the drive has some; and the
// address of a drive only where that was asked for. An attribute may be called as a field is, and how what is null or empty is told is left open.
func tellInXML(names []string, named bool, licensed *Index) AnswerMatch {
	texts := toldByText(names, named)
	structured := slices.Contains(names, "owner") || slices.Contains(names, "licenses")
	return AnswerMatch{expected: "of each drive " + strings.Join(names, ", "), look: func(a Answer) (string, bool) {
		root, err := a.xmlTree()
		told, broken := a.ToldInXML()
		if err != nil || broken != nil {
			return "no XML", true // that it is, and well-formed, is for FORMAT-02 to say
		}
		if slices.Contains(names, "uuid") {
			for _, drive := range told {
				for _, name := range texts {
					if !drive.Field(name).Exists() {
						return fmt.Sprintf("%s without %s", drive.Title(), name), false
					}
				}
				if _, has := licensed.Get(drive.UUID); has && slices.Contains(names, "licenses") && licencesInXML(drive.Field("licenses")) == 0 {
					return fmt.Sprintf("%s without licenses", drive.Title()), false
				}
			}
		} else if len(told) > 0 && !structured {
			return "uuid", false
		}
		counts := map[string]int{}
		countElements(counts, root)
		for _, name := range texts {
			if most := mostOf(counts, texts); counts[name] == 0 && counts[most] > 0 {
				return fmt.Sprintf("%s of %d, and no %s", most, counts[most], name), false
			}
		}
		if !structured && !slices.Contains(names, "resource_uri") && slices.ContainsFunc(elementsOf(nil, root, "resource_uri"), addressOfDrive.MatchString) {
			return "resource_uri", false
		}
		return "these", true
	}}
}

// countElements counts the elements of each name, at any depth.
func countElements(counts map[string]int, v gjson.Result) {
	v.ForEach(func(key, inside gjson.Result) bool {
		switch {
		case inside.IsArray() && key.Str != "":
			counts[key.Str] += len(inside.Array())
		case key.Str != "":
			counts[key.Str]++
		}
		if inside.IsObject() || inside.IsArray() {
			countElements(counts, inside)
		}
		return true
	})
}

// elementsOf are the texts of the elements of a name, at any depth.
func elementsOf(texts []string, v gjson.Result, name string) []string {
	v.ForEach(func(key, inside gjson.Result) bool {
		switch {
		case inside.IsObject() || inside.IsArray() && key.Str != name:
			texts = elementsOf(texts, inside, name)
		case key.Str == name:
			for _, one := range inside.Array() {
				texts = append(texts, one.Str)
			}
		}
		return true
	})
	return texts
}

// chosenPlainly are the fields that were asked for, where every drive has all of them.
func chosenPlainly(query url.Values) (names []string, plain bool) {
	given := query["fields"]
	if len(given) != 1 {
		return nil, false
	}
	names = strings.Split(given[0], ",")
	return names, !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(plainFields[:], name) })
}
