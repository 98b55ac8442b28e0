package suites

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Cloning library drive: a library disk is cloned into the account, where the clone is an ordinary drive with an owner.
func cloning(s *Suite) {
	s.Requirement("CLONE-01", func(lib *Library) {
		lib.Expect(lib.Scenario(steps.LicensedClone).Step(steps.Clone)).To(HaveStatus(202), "a library drive can be cloned")
	})

	s.Requirement("CLONE-02", func(lib *Library) {
		scenario := lib.Scenario(steps.LicensedClone)
		answer, source := scenario.Step(steps.Clone), scenario.Source(steps.SourceBefore)
		if !lib.Usable(answer) {
			return
		}
		drives := answer.JSON().Get("objects")
		if !lib.Expect(answer).To(HaveJSON("objects", HoldOne()), "the answer holds one drive") && len(drives.Array()) == 0 {
			return
		}
		for _, object := range drives.Array()[:1] {
			clone := DriveOf(object, answer.Exchange)
			clone.Kind = "clone"
			lib.Expect(clone).To(lib.BeValid(schema.Drive), "the clone is defined as a drive")
			lib.Expect(clone).To(HaveJSON("uuid", BeOtherThan(source.UUID)), "the clone has a uuid of its own")
			lib.Expect(clone).To(HaveJSON("uuid", BeUUID()), "what names the clone is a uuid")
			for _, earlier := range lib.ListAt(DrivesPath, "", "GET /"+DrivesPath).Drives {
				if strings.EqualFold(earlier.UUID, clone.UUID) {
					lib.Expect(clone).To(HaveJSON("uuid", BeOtherThan(earlier.UUID)), "the clone is none of the drives that the account had before")
				}
			}
		}
		narrower := []string{"CLONE-03", "CLONE-05", "CLONE-10", "CLONE-11", "CLONE-22"}
		for _, field := range toldOrder {
			narrower = append(narrower, toldFields(lib)[field]...)
		}
		for _, clone := range lib.GrantedClones() {
			lib.Everywhere(lib.AppearancesOf(clone, nil).Whole(), lib.BeValid(schema.Drive), "every answer that defines a clone whole defines it as a drive", narrower...)
		}
		lib.Everywhere(lib.SecondOnes(), NotBeTold(), "one request makes one clone", "CLONE-11")
		by := slices.Concat(lib.ThatRan(steps.LicensedClone, "CLONE-01"), lib.ThatRan(steps.BiggerClone, "CLONE-06", "CLONE-07"),
			lib.ThatRan(steps.SideBySide, "CLONE-17", "CLONE-20"), lib.ThatRan(steps.UnnamedClones, "CLONE-04"))
		for _, granted := range lib.ClonesGranted() {
			lib.Expect(granted).RelyingOn(by...).To(HaveStatus(202), "whatever is asked for, a clone is answered 202")
			lib.Expect(granted).RelyingOn(by...).To(HaveJSON("objects", HoldOne()), "whatever is asked for, the answer to a clone holds it in `objects`")
		}
	})

	s.Requirement("CLONE-04", func(lib *Library) {
		scenarios := lib.Scenarios(steps.SideBySide, steps.UnnamedClones)
		ofClone, ofLibrary := scenarios[0], scenarios[1]
		if ofClone.Took(steps.CloneWithoutBody) {
			lib.Expect(ofClone.Step(steps.CloneWithoutBody)).RelyingOn(lib.ThatRan(steps.LicensedClone, "CLONE-01")...).To(HaveStatus(202), "a clone needs no request body")
		}
		for _, step := range []steps.Step{steps.EmptyObject, steps.NoBody} {
			lib.Expect(ofLibrary.Step(step)).RelyingOn(lib.ThatRan(steps.LicensedClone, "CLONE-01")...).To(HaveStatus(202), "a clone of a library drive needs no request body, and an empty object is as good as none")
		}
		if licensed, taken := ofLibrary.Taken(steps.LicensedNoBody); taken && licensed.Status() != 402 && licensed.Status() != 403 { // licences may be too much for the account
			lib.Expect(licensed).RelyingOn(lib.ThatRan(steps.LicensedClone, "CLONE-01")...).To(HaveStatus(202), "a clone of a licensed library drive needs no request body")
		}
		ofClone.Step(steps.CloneWithoutBody) // what was not sent is not judged
	})

	s.Requirement("CLONE-06", func(lib *Library) {
		scenarios := lib.Scenarios(steps.BiggerClone, steps.LicensedClone)
		scenario := scenarios[0]
		asked := bigger(scenario, "media")
		if scenario.Granted(asked) {
			clone := scenario.Drive(steps.CloneDone)
			for _, field := range []string{"media", "affinities"} {
				if !asked.Asked(field).Exists() {
					continue // the endpoint publishes no other choice
				}
				lib.Expect(clone).To(HaveJSON(field, BeLike(asked.Asked(field))), field+" given in the request is the clone's")
				for entry := range entriesOf(lib, field) {
					lib.Expect(entry).To(HaveJSON(field, BeLike(asked.Asked(field))), field+" given in the request is the clone's in the lists of drives too")
				}
			}
		} else {
			lib.Expect(asked).RelyingOn(lib.ThatRan(steps.SideBySide, "CLONE-07")...).To(HaveStatus(202), "media and affinities can be given in the request")
		}
		for _, clone := range lib.GrantedClones() {
			media := clone.Asked.Get("media")
			if media.Type != gjson.String {
				continue
			}
			told := lib.AppearancesOf(clone, lib.FirstWrite(clone, Written)).Defining("media")
			for _, settled := range []Appearances{told.In(clone.Made), told.AtRest()} {
				lib.Everywhere(settled, HaveJSON("media", BeText(media.Str)), "media given in the request is the clone's in the answer that makes it, and in every one that tells it at rest, until something is done with it", "CLONE-02")
			}
		}
		source, clone := scenarios[1].Source(steps.SourceBefore), scenarios[1].Drive(steps.CloneDone)
		for _, field := range []string{"media", "affinities"} {
			if value := source.JSON().Get(field); value.Exists() && value.Type != gjson.Null { // nothing says what becomes of null
				lib.Expect(clone).To(EqualFields(source, "the clone", "the library drive", field), field+" left out of the request is the source's")
			}
		}
	})

	s.Requirement("CLONE-07", func(lib *Library) {
		scenarios := lib.Scenarios(steps.BiggerClone, steps.SideBySide)
		const mostRounding = 1 << 30
		answer := bigger(scenarios[0], "size")
		if scenarios[0].Granted(answer) {
			asked := answer.Asked("size").Int()
			lib.Expect(scenarios[0].Drive(steps.CloneDone)).To(HaveJSON("size", BeBetween(asked, asked+mostRounding)),
				"the clone is at least as big as asked, rounded up by no more than 1 GiB")
			for entry := range entriesOf(lib, "size") {
				lib.Expect(entry).To(HaveJSON("size", BeBetween(asked, asked+mostRounding)), "the clone is as big in the lists of drives")
			}
		} else {
			lib.Expect(answer).RelyingOn(lib.ThatRan(steps.LicensedClone, "CLONE-01")...).To(HaveStatus(202), "a bigger size is granted")
		}
		sizesTold(lib)
		if same := scenarios[1]; same.Took(steps.FirstClone) { // the library may not say how big the drive is
			answer := same.Step(steps.FirstClone)
			if !same.Granted(answer) {
				lib.Expect(answer).RelyingOn(lib.ThatRan(steps.LicensedClone, "CLONE-01")...).To(HaveStatus(202), "the size of the source is granted")
				return
			}
			asked := answer.Asked("size").Int()
			lib.Expect(same.Drive(steps.FirstDone)).To(HaveJSON("size", BeBetween(asked, asked+mostRounding)),
				"a clone that was asked for with the size of its source has it, rounded up by no more than 1 GiB")
		}
	})

	s.Requirement("CLONE-08", func(lib *Library) {
		scenario := lib.Scenario(steps.Refusals)
		answer := scenario.Step(steps.SmallerSize)
		if answer.Welcome() {
			clone := scenario.Drive(steps.SmallerCloneDone)
			lib.Expect(clone).To(HaveJSON("size", BeWhole(scenario.Cloned(answer).JSON().Get("size").Int())), "a clone is never smaller than its source")
			return
		}
		if lib.Expect(answer).To(Refusing(), "a size below the source's is refused, or the clone is as big as its source") {
			lib.Expect(scenario.List("drives after smaller size")).To(NameNoDrive(answer.Asked("name").String()), "a clone that was refused is not made")
		}
	})

	s.Requirement("CLONE-13", func(lib *Library) {
		scenarios := lib.Scenarios(steps.LicensedClone, steps.SideBySide, steps.UnnamedClones)
		profile := scenarios[0].Step(steps.Profile)
		lib.Require(profile)
		lib.Expect(profile).RelyingOn("AUTH-03").To(HaveStatus(200), "the profile is answered")
		if !lib.Expect(profile).To(HoldAll("clone_naming"), "the profile says how clones are named") {
			return
		}
		naming := profile.JSON().Get("clone_naming")
		named := func(scenario Scenario, asked, done steps.Step) {
			answer := scenario.Step(asked)
			pattern, known := cloneNaming(naming.String(), scenario.Cloned(answer).Name)
			if !known {
				lib.Skip("the profile's clone_naming is %s, which is not documented", Clip(Show(naming)))
			}
			matcher := HaveJSON("name", MatchPattern(pattern, fmt.Sprintf("as clone_naming %s names a clone of %q", naming, scenario.Cloned(answer).Name)))
			for _, step := range []steps.Step{asked, done} {
				lib.Expect(scenario.Drive(step)).To(matcher, "a clone without a name is named by the profile's clone_naming")
			}
		}
		if ofClone := scenarios[1]; ofClone.Took(steps.CloneWithoutBody) {
			named(ofClone, steps.CloneWithoutBody, steps.CloneOfCloneDone)
		}
		named(scenarios[2], steps.EmptyObject, steps.EmptyObjectDone)
		named(scenarios[2], steps.NoBody, steps.NoBodyDone)
		scenarios[1].Step(steps.CloneWithoutBody)
		if again := lib.ProfileAtTheEnd(); lib.Expect(again).UnlessBusy().RelyingOn("AUTH-03", "AUTH-06").To(HaveStatus(200), "when the run is over the profile is still answered") {
			lib.Expect(again).To(HoldAll("clone_naming"), "when the run is over the profile still says how clones are named")
		}
	})

	s.Requirement("CLONE-16", func(lib *Library) {
		scenario := lib.Scenario(steps.Refusals)
		answer := scenario.Step(steps.UnknownUUID)
		lib.Expect(answer).To(HaveStatus(404), "a uuid that nobody has can't be cloned")
		lib.Expect(scenario.List("drives after unknown uuid")).To(NameNoDrive(answer.Asked("name").String()), "a clone that was refused is not made")
	})

	s.Requirement("CLONE-17", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		answer := scenario.Step(steps.SecondClone)
		if without, taken := scenario.Taken(steps.SecondCloneWithoutAvoid); taken { // it may be for what it avoids that it was refused
			answer = without
		}
		lib.Expect(answer).To(HaveStatus(202), "a library drive can be cloned through the drives API too")
	})

	s.Requirement("CLONE-19", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		first, second := scenario.Drive(firstClone(scenario)), scenario.Drive(second(scenario))
		lib.Expect(second).To(HaveJSON("uuid", BeOtherThan(first.UUID)), "two clones of a drive have different uuids")
		for _, step := range []steps.Step{steps.FirstDone, steps.SecondDone} {
			lib.Expect(scenario.Step(step)).To(HaveStatus(200), "both clones are there")
		}
		if !scenario.Heard(steps.DeleteFirst) {
			return // whether the first was deleted
		}
		if gone, taken := scenario.Taken(steps.SecondAfterCDROMs); taken && gone.Status() == 404 {
			return // it went with its server, which ATTACH-09 says
		}
		lib.Expect(scenario.Step(steps.SecondAfterDelete)).To(HaveStatus(200), "the second clone is there when the first was deleted")
	})

	s.Requirement("CLONE-20", func(lib *Library) {
		scenario := lib.Scenario(steps.SideBySide)
		answer := scenario.Step(steps.SecondClone)
		if with, taken := scenario.Taken(steps.SecondCloneWithAvoid); taken { // it may be for the drives API that it was refused
			answer = with
		}
		lib.Expect(answer).To(BeAccepted(), "a clone may avoid another drive")
		// Where no clone of the licensed drive is to be had at all, it is not for what it avoids.
		if made, taken := scenario.Taken(steps.OtherWay); taken && scenario.Granted(made) {
			if both, asked := scenario.LatestAsking(steps.OtherWay, ","+scenario.Drive(second(scenario)).UUID); asked {
				lib.Expect(both).To(BeAccepted(), "a clone may avoid two drives")
			}
		}
	})
}

// sizesTold expects every answer that tells a clone, also while it is copied, to tell a size that it has, or was asked for, or that its
// source has.
func sizesTold(lib *Library) {
	for _, clone := range lib.GrantedClones() {
		sizes := lib.ToldByItself(clone, "size")
		if len(sizes) == 0 {
			continue
		}
		sizes = append(sizes, lib.AskedOf(clone, "size")...)
		for _, parent := range append(lib.Clones(), lib.AsClone(clone.Source)...) {
			if parent.UUID == clone.Source {
				sizes = append(append(sizes, parent.Field("size")), lib.ToldByItself(parent, "size")...)
			}
		}
		told := lib.AppearancesOf(clone, nil).Having("size")
		lib.Everywhere(told, HaveJSON("size", BeAnyOf(sizes, "what GET of the clone tells, what was asked for, or its source's")),
			"a clone has its own size, the one that was asked for, or its source's in every answer that tells it", "CLONE-11")
	}
}

// toldAlike expects every answer that tells a clone to tell what GET of the clone does, or did.
func toldAlike(lib *Library) {
	relying := toldFields(lib)
	for _, clone := range lib.GrantedClones() {
		told := lib.SeenSince(clone, lib.AppearancesOf(clone, nil).ToldByOthers().AtRest())
		if meta := lib.ToldByItself(clone, "meta"); len(meta) > 0 {
			early := lib.AppearancesOf(clone, lib.FirstWrite(clone, Written)).Having("meta")
			for _, source := range lib.AsClone(clone.Source) {
				meta = append(meta, source.Field("meta"))
			}
			lib.Everywhere(early, HaveJSON("meta", TellNothingElse(meta)), "while it is copied, a clone's meta has no values that it has not afterwards", relying["meta"]...)
		}
		for _, field := range []string{"affinities", "tags", "allow_multimount"} {
			values := lib.ToldByItself(clone, field)
			if len(values) == 0 || !values[0].Exists() {
				continue
			}
			for _, parent := range append(lib.Clones(), lib.AsClone(clone.Source)...) {
				if parent.UUID == clone.Source {
					values = append(append(values, parent.Field(field)), lib.ToldByItself(parent, field)...)
				}
			}
			values = append(values, gjson.Parse(`[]`), gjson.Parse(`false`)) // nothing says when it takes over what its source has
			early := lib.AppearancesOf(clone, lib.FirstWrite(clone, Written)).Having(field)
			lib.Everywhere(early, HaveJSON(field, BeAnyOf(append(values, lib.AskedOf(clone, field)...), "nothing yet, what GET of the clone tells afterwards, or what its source has")),
				"what an answer tells of a clone while it is copied is nothing yet, what the clone is afterwards, or what its source is: its "+field, relying[field]...)
		}
		for _, field := range toldOrder {
			values := lib.ToldByItself(clone, field)
			if len(values) == 0 || !values[0].Exists() {
				continue
			}
			lib.Everywhere(told.Having(field), HaveJSON(field, BeAnyOf(values, "what GET of the clone tells")),
				"what an answer tells of a clone is what the clone is by itself, or was: its "+field, relying[field]...)
		}
	}
}

// entriesOf are the entries of the bigger clone in the lists of drives that are to tell a field, once it was done.
func entriesOf(lib *Library, field string) iter.Seq[Drive] {
	return func(yield func(Drive) bool) {
		for _, listed := range lib.ListedClones() {
			entry, is := listed.Entry()
			if listed.Scenario == steps.BiggerClone && is && entry.Tells(field, !listed.Detail) && !yield(entry) {
				return
			}
		}
	}
}

// firstClone is the step that made the first clone: with the size of its source, or, where that is refused, without one.
func firstClone(s Scenario) steps.Step {
	if s.Took(steps.FirstCloneWithoutSize) {
		return steps.FirstCloneWithoutSize
	}
	return steps.FirstClone
}

// second is the step that made the second clone.
func second(s Scenario) steps.Step {
	for _, step := range []steps.Step{steps.SecondCloneWithAvoid, steps.SecondCloneWithoutAvoid} {
		if a, taken := s.Taken(step); taken && a.Welcome() {
			return step
		}
	}
	return steps.SecondClone
}

// bigger is the answer to the request for a bigger clone: the last that asked for the field. Where it is refused with all
// its choices, it is made again with fewer.
func bigger(s Scenario, field string) Answer {
	answer := s.Step(steps.Clone)
	for _, step := range []steps.Step{steps.CloneWithoutLicences, steps.CloneOfSizeAlone} {
		if a, taken := s.Taken(step); taken && a.Asked(field).Exists() && a.Exchange.Number > answer.Exchange.Number {
			answer = s.Step(step)
		}
	}
	return answer
}

// cloneNaming is how a clone of a drive of that name is named where the request names none, by the profile's
// clone_naming. The documentation has x_1, x-2014-06-05 and x-2014-06-05 09:45:56; how the parts are joined is left open. A
// name that ends so already may have its number or its date replaced (Drives: Cloning).
func cloneNaming(naming, name string) (pattern *regexp.Regexp, known bool) {
	const joint, date = `.{0,3}`, `[0-9]{4}-[0-9]{2}-[0-9]{2}`
	ends := map[string]string{
		"NONE": "", "COUNTER": `[^0-9]{0,3}[0-9]+`, "DATE": joint + date, "TIMESTAMP": joint + date + `[ T][0-9]{2}:[0-9]{2}:[0-9]{2}.*`,
	}
	end, known := ends[naming]
	if !known {
		return nil, false
	}
	names := regexp.QuoteMeta(name)
	if own := regexp.MustCompile(end + "$").FindStringIndex(name); own != nil && own[1] > own[0] {
		names += "|" + regexp.QuoteMeta(name[:own[0]])
	}
	return regexp.MustCompile("^(?:" + names + ")" + end + "$"), true
}
