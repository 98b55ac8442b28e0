package suites

import (
	"fmt"

	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Robustness: input that makes no sense is refused or found nothing for. It never makes the endpoint fail, and never shows
// more than was asked for.
func robustness(s *Suite) {
	s.Requirement("ROBUST-01", func(lib *Library) {
		for _, path := range []string{LibdrivesPath, DrivesPath} {
			inputs := material.HostileUUIDs(material.RandomUUID(lib))
			if path == LibdrivesPath {
				inputs = append(inputs, material.MadeUUIDs(lib, 12)...)
			} else {
				inputs = inputs[:8] // the drives API is looked at for library drives only
			}
			lib.Provoke(Provocation{
				Inputs:  inputs,
				Read:    func(uuid string) Read { return Get(path + uuid + "/") },
				Allowed: refusedUnlessNormalized,
				Rule:    "a malformed uuid answers 4xx",
			})
		}
	})

	s.Requirement("ROBUST-02", func(lib *Library) {
		limit := "limit="
		if lib.Large() { // of which an odd limit may list all
			whole := lib.ListAt(LibdrivesPath, "", "the list")
			lib.Await(whole)
			limit = fmt.Sprintf("offset=%d&limit=", max(0, len(whole.Drives)-1))
		}
		for _, query := range []string{limit, "limit=1&offset="} {
			lib.Provoke(Provocation{
				Inputs:  append(material.HostileNumbers(), material.MadeNumbers(lib, 10)...),
				Read:    func(number string) Read { return Read{Path: LibdrivesPath, Query: query + number} },
				Allowed: func(string) AnswerMatch { return Answering(200, 400) },
				Relies:  []string{"PAGE-07"}, // an odd offset may be one past the end
				Rule:    "a limit or offset that makes no sense answers 200 or 400",
			})
		}
		for _, answer := range lib.OddLimits() { // CLONE-21 asks when the run is over
			lib.Expect(answer).RelyingOn("PAGE-07").To(Answering(200, 400), "a limit that makes no sense answers 200 or 400, whenever it is asked for")
		}
	})

	s.Requirement("ROBUST-03", func(lib *Library) {
		for _, filter := range []string{"name", "name__icontains", "uuid", "os", "arch", "image_type", "category", "distribution", "version"} {
			inputs := material.HostileValues()
			if filter == "name" || filter == "name__icontains" {
				inputs = append(inputs, material.MadeValues(lib, 10)...)
			} else {
				inputs = inputs[:4] // one of each kind
			}
			lib.Provoke(Provocation{
				Inputs: inputs,
				Read: func(value string) Read {
					return Read{Path: LibdrivesPath, Query: filter + "=" + value}
				},
				Allowed: func(value string) AnswerMatch { return ListingOnly(material.AnyReading(lib, filter, value)) },
				Relies:  append(exactOf(material.Where(filter)), "FILTER-16"),
				Rule:    "a filter value that makes no sense answers 200, 400 or 414, and no drive that does not match",
			})
		}
	})

	s.Requirement("ROBUST-04", func(lib *Library) {
		scenario := lib.Scenario(steps.HostileClones)
		scenario.Step(steps.HostileBody.Nth(1))
		for n := 1; scenario.Took(steps.HostileBody.Nth(n)); n++ {
			step := steps.HostileBody.Nth(n)
			answer := scenario.Step(step)
			if !scenario.RefusedForItsState(step, RefuseAsInvalid()) {
				lib.Expect(SmallestFailing(scenario, step, answer)).To(RefuseAsInvalid(), "a clone request that can't be understood answers 400 with a validation error")
			}
			lib.NothingMade(scenario, step)
		}
		wrongTypesRefused(lib)
	})

	s.Requirement("ROBUST-05", func(lib *Library) {
		scenario := lib.Scenario(steps.UnknownActions)
		for _, step := range []steps.Step{steps.UnknownAction, steps.UnknownActionThroughDrives, steps.ActionThatBeginsAsAnother, steps.NoAction} {
			if !scenario.RefusedForItsState(step, Answering(400, 404, 405)) {
				lib.Expect(scenario.Step(step)).To(Answering(400, 404, 405), "an unknown action answers 400, 404 or 405")
			}
			lib.NothingMade(scenario, step)
		}
	})

	s.Requirement("ROBUST-06", func(lib *Library) {
		names, words := material.NamesBeyondASCII(lib, 4), material.WordsBeyondASCII(lib, 4)
		lib.Among("drive with a name beyond ASCII", len(names) > 0, "name")
		for _, name := range names {
			expectFiltered(lib, []string{"FILTER-05"}, material.Where("name", name))
		}
		for _, word := range words {
			expectFiltered(lib, []string{"FILTER-06"}, material.Where("name__icontains", word))
		}
		for _, word := range material.WordsInOtherCase(lib, 3) {
			t := material.Where("name__icontains", word)
			lib.Expect(lib.ListAt(LibdrivesPath, t.Query(), "the list with "+t.Query())).RelyingOn("FILTER-06").
				To(ListAtLeast(material.Fitting(lib, t), lib.List(), "the drives of "+t.String()), "a search finds letters beyond ASCII in whatever case they are")
		}
		for _, exact := range exactFilters {
			if exact.field != "name" {
				for _, value := range material.ValuesBeyondASCII(lib, exact.field, 2) {
					expectFiltered(lib, []string{exact.id}, material.Where(exact.field, value))
				}
			}
		}
		expectOwnFiltered(lib, "name", true, 1, "HIDE-01", "HIDE-02", "HIDE-05", "FILTER-05")
		expectOwnFiltered(lib, "name__contains", true, 1, "HIDE-01", "HIDE-02", "HIDE-05", "FILTER-06")
	})

	s.Requirement("ROBUST-07", func(lib *Library) {
		unknown := Get(DrivesPath + material.RandomUUID(lib) + "/") // elsewhere than in the library, and in another format
		answers := append(provoked(lib), lib.Answer(Get(LibdrivesPath).By(LongPassword)), lib.Answer(unknown.With("Accept", TypeXML)))
		for _, answer := range Complete(append(answers, lib.Everything()...)...) {
			if answer.Refused() {
				lib.Expect(answer).To(RepeatNoCredentials(lib.Echoes(answer)), "an error answer does not repeat the credentials that were sent")
				continue
			}
			lib.Expect(answer).To(lib.NotRepeatPassword(), "no answer has the account's password in a header")
		}
	})

	s.Requirement("ROBUST-08", func(lib *Library) {
		const rule = "a library drive is mounted on servers of the account, as far as it tells"
		library, servers := lib.List(), lib.Servers()
		known := lib.ServersTold()
		for _, server := range servers.Drives {
			known.Add(server.UUID, server.Name)
		}
		for _, drive := range library.Drives {
			lib.Expect(drive).Comparing(servers).To(HaveJSON("mounted_on", MountedOn(known)), rule)
		}
		for _, drive := range Unique(append(MountedDrives(library, 8), material.Few(lib, 8)...)) {
			for _, answer := range []Answer{lib.Single(drive), lib.ThroughDrives(drive)} {
				lib.Expect(answer).Comparing(servers).To(HaveJSON("mounted_on", MountedOn(known)), rule)
			}
		}
		told := lib.Appearances().Of(library.Index()).MountedAllTheWhile(lib)
		lib.Everywhere(told, HaveJSON("mounted_on", MountedOn(known)), rule+", in every answer")
		if own := lib.ListAt(DrivesPath, "", "GET /"+DrivesPath); AccountOf(own) != "" { // else nobody knows whether it is the account
			licensed := lib.Appearances().Of(library.Index()).Having("licenses")
			lib.Everywhere(licensed, HaveJSON("licenses", NameNoUser(AccountOf(own))), "a licence of a library drive names no other account, in every answer")
		}
	})
}

// refusedUnlessNormalized matches a 4xx. Where a front end may take the input for the path of something else, or for
// another way to write a uuid, only a failure is wrong.
func refusedUnlessNormalized(segment string) AnswerMatch {
	if !material.MustBeRefused(segment) {
		return NotFailing()
	}
	return Refusing()
}

// wrongTypesRefused expects nothing of an edit or a resize of a clone of the run's to be carried out that is refused, and a field of a
// wrong type not to be taken over by one that is not: it may be left aside. They were tried where a login by cookies made a clone.
func wrongTypesRefused(lib *Library) {
	if !lib.Ran(steps.Session) {
		return
	}
	scenario := lib.Scenario(steps.Session)
	after, looked := scenario.Taken(steps.AfterWrongTypes)
	for _, step := range []steps.Step{steps.EditOfWrongType, steps.ResizeOfWrongType} {
		answer, taken := scenario.Taken(step)
		switch {
		case !taken || lib.Unheard(answer):
		case !answer.Welcome():
			lib.Expect(answer).To(Refusing(), "an edit and a resize by a definition that has a number for the media are refused, or leave it aside")
			if looked && after.Status() == 200 && after.Problem() == "" {
				lib.Expect(after).To(HaveJSON("name", BeOtherThan(answer.Asked("name").String())), "of an edit or a resize that is refused nothing is carried out")
			}
		case looked && !lib.Unheard(after):
			lib.Expect(after).RelyingOn(lib.ThatRan(steps.LicensedClone, "CLONE-11")...).To(HaveJSON("media", BeOneOf("disk", "cdrom")), "an edit and a resize by a definition that has a number for the media are refused, or leave it aside")
		}
	}
}
