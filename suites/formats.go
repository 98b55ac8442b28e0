package suites

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/onsi/gomega/types"

	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// ordinary are the answers that every user of the library gets.
func ordinary(lib *Library) []Answer {
	list := lib.ListAt(LibdrivesPath, "", "the list")
	answers := []Answer{lib.Plain(), lib.Answer(Get(LibdrivesDetailPath)), lib.Answer(Get(LibdrivesSchemaPath)), lib.Answer(Get(LicensesPath))}
	for _, drive := range Unique(list.Drives)[:min(2, len(Unique(list.Drives)))] {
		answers = append(answers, lib.Single(drive), lib.ThroughDrives(drive))
	}
	return answers
}

// Data formats: JSON by default, XML for whom asks for it, by a header or by a parameter.
func formats(s *Suite) {
	// accepting is the list asked for with an Accept header, or without any where it is empty.
	accepting := func(lib *Library, query, accept string) Answer {
		about := "the list with Accept " + accept
		if accept == "" {
			about = "the list without an Accept header"
		}
		if query != "" {
			about += " and " + query
		}
		return lib.Answer(Read{Path: LibdrivesPath, Query: query}.With("Accept", accept)).About(about).AnsweredBy("LIST-01")
	}

	s.Requirement("FORMAT-01", func(lib *Library) {
		answers := []Answer{accepting(lib, "", "")}
		for _, drive := range material.Few(lib, 1) {
			answers = append(answers, lib.SingleAs(drive, ""))
			lib.ThroughDrivesAs(drive, "") // what it tells is for OWNER-03
		}
		for _, answer := range answers {
			lib.Expect(answer).ByItsFormat().To(BeIn("JSON"), "without an Accept header the answer is JSON")
			lib.Expect(answer).ByItsFormat().To(HaveType(TypeJSON), "without an Accept header the Content-Type says application/json")
		}
		inOtherWays(lib)
		lib.ExpectAskedInJSON("who accepts JSON, or says nothing of it, gets no XML, in every answer of the run", "FORMAT-03", "FORMAT-05")
		provoked(lib)
		for _, answer := range Besides(answers, lib.Everything()) {
			if !lib.TellsJSON(answer) {
				continue
			}
			lib.Expect(answer).To(HaveOneType(), "an answer has one Content-Type")
			switch {
			case answer.Refused():
				lib.Expect(answer).To(NotBeOfType(TypeHTML), "an error that is told in JSON is not called HTML")
				if lib.IsErrorOfAPI(answer) {
					lib.Expect(answer).To(SayJSON(), "the Content-Type of an error in the API's own form says that it is JSON")
				}
			default:
				lib.Expect(answer).To(HaveType(TypeJSON), "the Content-Type of JSON says application/json in the answers to writes too")
			}
		}
	})

	s.Requirement("FORMAT-02", func(lib *Library) {
		lib.List()
		expectXML(lib, listInXML(lib))
		for _, drive := range material.Few(lib, 3) {
			single := lib.SingleAs(drive, TypeXML).AboutDrive(drive, "as XML")
			expectXML(lib, single)
			lib.Expect(single).ByItsFormat().RelyingOn("GET-01", "GET-03").To(ShowInXML([]Drive{drive}, drive.From), "a drive as XML is the drive of the list")
		}
		inOtherWays(lib)
		// How XML tells the schema is documented nowhere; that every GET has it is.
		published := lib.Answer(Get(LibdrivesSchemaPath).With("Accept", TypeXML)).About("the published schema as XML")
		lib.Expect(published).UnlessBusy().RelyingOn("SCHEMA-01").To(HaveStatus(200), "who accepts application/xml gets the schema, too")
		lib.ExpectAskedInXML("who accepts application/xml gets XML, in every answer of the run", "DETAIL-06", "HIDE-05")
		for _, answer := range lib.Everything() {
			if answer.Status() == 200 && answer.AskedForXML() && answer.TellsXML() && !lib.Expect(answer).RelyingOn("DETAIL-06").To(BeWellFormedXML(), "who asks for XML gets it well-formed, in every answer of the run") {
				break // the others are hardly wrong in another way
			}
		}
	})

	s.Requirement("FORMAT-03", func(lib *Library) {
		for _, accept := range []string{TypeJSON + ", " + TypeXML, TypeXML + ", " + TypeJSON} {
			lib.Expect(accepting(lib, "", accept)).ByItsFormat().To(BeIn("JSON"), "where both types are accepted, JSON is returned")
		}
	})

	s.Requirement("FORMAT-04", func(lib *Library) {
		for _, accept := range []string{"*/*, " + TypeXML, TypeXML + ", */*"} {
			lib.Expect(accepting(lib, "", accept)).ByItsFormat().To(BeIn("XML"), "beside application/xml, */* is ignored")
		}
	})

	s.Requirement("FORMAT-05", func(lib *Library) {
		for _, c := range []struct{ format, query, accept string }{
			{"XML", "format=xml", TypeJSON}, {"XML", "format=xml", ""}, {"XML", "format=xml", TypeXML},
			{"JSON", "format=json", TypeXML}, {"JSON", "format=json", ""}, {"JSON", "format=json", "*/*, " + TypeXML},
		} {
			lib.Expect(accepting(lib, c.query, c.accept)).ByItsFormat().To(BeIn(c.format), "the parameter `format` wins over the Accept header")
		}
		reads := []Read{{Path: LibdrivesDetailPath, Query: "format=xml"}}
		for _, drive := range material.Few(lib, 1) {
			reads = append(reads, Read{Path: LibdrivesPath + url.PathEscape(drive.UUID) + "/", Query: "format=xml"})
			for _, path := range []string{LibdrivesPath, DrivesPath} { // what these tell is for GET-03 and OWNER-03
				lib.Answer(Read{Path: path + url.PathEscape(drive.UUID) + "/", Query: "format=json"}.With("Accept", TypeXML))
			}
		}
		for i, read := range reads {
			answer := lib.Answer(read).About("GET /" + read.Target()).AnsweredBy([]string{"DETAIL-01", "GET-01"}[i])
			lib.Expect(answer).ByItsFormat().To(BeIn("XML"), "the parameter `format` chooses the format of every GET")
		}
		for _, path := range []string{LibdrivesSchemaPath, LicensesPath, DrivesPath, DrivesDetailPath, ServersPath} {
			lib.Answer(Read{Path: path, Query: "format=xml"})
		}
		lib.ExpectAskedByParameter("the parameter `format` chooses the format of every GET, in every answer of the run", "FORMAT-06", "FORMAT-10", "DETAIL-06", "HIDE-05")
	})

	s.Requirement("FORMAT-06", func(lib *Library) {
		for _, accept := range []string{TypeJSON, TypeXML} {
			lib.Expect(accepting(lib, "format=json&format=xml", accept)).ByItsFormat().To(BeIn("XML"), "of two `format` parameters the last one wins")
			lib.Expect(accepting(lib, "format=xml&format=json", accept)).ByItsFormat().To(BeIn("JSON"), "of two `format` parameters the last one wins")
		}
	})

	s.Requirement("FORMAT-07", func(lib *Library) {
		for _, accept := range []string{TypeUnsupported, "application/vnd.libdrives-no-such-type"} {
			lib.Expect(accepting(lib, "", accept)).UnlessBusy().To(HaveStatus(406), "who accepts no supported type gets 406")
		}
		answers := []Answer{lib.Answer(Get(LibdrivesDetailPath).With("Accept", TypeUnsupported)).About("the detail list with Accept " + TypeUnsupported).AnsweredBy("DETAIL-01")}
		for _, drive := range material.Few(lib, 1) {
			answers = append(answers, lib.SingleAs(drive, TypeUnsupported))
		}
		for _, answer := range answers {
			lib.Expect(answer).UnlessBusy().To(HaveStatus(406), "who accepts no supported type gets 406 of the detail list and of a single drive, too")
		}
	})

	s.Requirement("FORMAT-08", compression)

	s.Requirement("FORMAT-09", func(lib *Library) {
		for _, answer := range Complete(append(ordinary(lib), lib.Everything()...)...) {
			if answer.SaysJSON() {
				lib.Expect(answer).To(BeStrictJSON(), "a body is UTF-8 and one JSON value in which no object holds a key twice")
				lib.Expect(answer).To(SayUTF8(), "a body that is UTF-8 is not said to be in another charset")
			}
		}
	})

	s.Requirement("FORMAT-10", func(lib *Library) {
		whole := lib.List()
		inXML := listInXML(lib)
		lib.Expect(inXML).RelyingOn("PAGE-03", "FORMAT-02", "FORMAT-09", "PAGE-02", "LIST-05", "LIST-07").RelyingOn(byParts(lib)...).
			To(TellInXML(toldBy(inXML, whole), whole.Exchange()), "the list as XML tells the drives of the list as JSON, each with the same uuid, name, media, size and number of licences")
		expectUnevenInXML(lib, LibdrivesPath, whole, "FORMAT-02", "PAGE-02", "LIST-05", "LIST-07")
		told := lib.TakenInXML().ListedAt(LibdrivesPath).Unfiltered().Plainly().NotOnPages()
		lib.Everywhere(told, lib.TellAllAsIn(whole), "the list as XML tells each drive as the list in JSON does, in every documented field", "PAGE-03", "FORMAT-02", "FORMAT-09", "LIST-05", "GET-03")
		if !inXML.Pending() && !lib.Large() && len(whole.Parts) == 1 && whole.Parts[0].Problem() == "" {
			lib.Expect(inXML).RelyingOn("PAGE-01", "PAGE-03", "PAGE-04", "PAGE-05", "FORMAT-02", "FORMAT-09").To(TellMetaAsJSON(whole.Parts[0]), "the list as XML has the meta of the list as JSON")
		}
		lib.ExpectCountedInXML(LibdrivesPath, lib.Page(""), "every list of the library in XML counts what the list in JSON does, and tells as many drives as its limit and offset leave", append(byParts(lib), "PAGE-01", "PAGE-02", "PAGE-03", "PAGE-04", "PAGE-05", "PAGE-06", "FORMAT-02", "FORMAT-09", "LIST-05", "LIST-07", "FIELDS-03")...)
		lib.ExpectPlacedInXML(LibdrivesPath, whole, "every list of the library in XML tells its drives in the order of the list in JSON", append(byParts(lib), "PAGE-02", "FORMAT-02", "FORMAT-09", "LIST-05", "LIST-07")...)
		othersInXML(lib)
		lib.ExpectAsDeepInXML("as XML nothing more stands around what is got by itself than around another of its collection, nor around the entries of a list than around those of another list of it", "LIST-02", "FORMAT-02", "FORMAT-09", "OWNER-07")
		lib.Everywhere(lib.AppearancesInXML().Plainly(), HaveJSON("status", BeFilledIn()), "as XML, every answer that tells a drive without chosen fields tells its status, as a text", "PAGE-03", "FORMAT-02", "FORMAT-09", "LIST-03", "LIST-05", "GET-02", "HIDE-05", "OWNER-07", "CLONE-02")
	})
}

// inOtherWays asks for what is no list of the library in XML, and with parameters that it has no use for: whatever else is asked for,
// the format is the one that was asked for. What these answers tell is for others.
func inOtherWays(lib *Library) {
	paths := []string{LibdrivesSchemaPath, LicensesPath}
	for _, drive := range material.Few(lib, 1) {
		for _, path := range []string{LibdrivesPath, DrivesPath} {
			paths = append(paths, path+url.PathEscape(drive.UUID)+"/")
		}
	}
	lib.Answer(Get(LibdrivesSchemaPath).With("Accept", TypeXML)) // the others are asked for so elsewhere
	for _, path := range paths {
		read := Read{Path: path, Query: "fields=name&limit=1"}
		lib.Answer(read)
		lib.Answer(read.With("Accept", TypeXML))
	}
}

// What XML tells of what is no library drive, of fields that do not change by themselves.
var (
	fieldsOfDrives   = []string{"uuid", "resource_uri", "name", "media", "size", "owner", "licenses", "meta", "tags", "affinities", "allow_multimount", "storage_type", "grantees", "snapshots", "mounted_on"}
	fieldsOfClones   = append(slices.Clip(fieldsOfDrives), "jobs") // which an own drive of others' doing has at any time
	fieldsOfLicences = []string{"resource_uri", "name", "long_name", "type", "user_metric", "burstable"}
	fieldsOfServers  = []string{"uuid", "resource_uri", "name", "drives", "mem", "status", "owner"}
	fieldsOfJobs     = []string{"uuid", "resource_uri", "operation", "state", "resources", "data", "children", "created"}
)

// othersInXML expects the account's own drives, in both lists and by themselves, the licences, and what the scenarios looked at, to be
// told by XML as they are by JSON.
func othersInXML(lib *Library) {
	const rule = "as XML, the account's drives and the licences are told as in JSON"
	inBoth := func(read Read, by string, alike func(Answer, ...string) types.GomegaMatcher, fields ...string) {
		told, inXML := lib.Answer(read).About("GET /"+read.Target()), lib.Answer(read.With("Accept", TypeXML)).About("GET /"+read.Target()+" as XML").AnsweredBy(by)
		if !told.Pending() && !inXML.Pending() && told.Problem() == "" {
			lib.Expect(inXML).ByItsFormat().RelyingOn("FORMAT-02", "FORMAT-09", "HIDE-05", "OWNER-06", "PAGE-08", by).To(alike(told, fields...), rule)
		}
	}
	inBoth(Read{Path: DrivesPath, Query: "limit=0"}, "", TellSharedAsJSON, fieldsOfDrives...)
	inBoth(Read{Path: DrivesDetailPath, Query: "limit=0"}, "", TellSharedAsJSON, fieldsOfDrives...)
	inBoth(Get(LicensesPath), "LIC-03", TellAsJSON, fieldsOfLicences...)
	for _, own := range material.TellingOwn(lib, 2) {
		inBoth(Get(DrivesPath+url.PathEscape(own.UUID)+"/"), "", TellAsJSON, fieldsOfDrives...)
	}
	scenarioInXML(lib, steps.LicensedClone, "CLONE-11", steps.CloneDone, steps.CloneInXML, steps.DetailEntry, fieldsOfClones...)
	scenarioInXML(lib, steps.LicensedClone, "CLONE-11", steps.CloneDone, steps.EntryInXML, steps.DetailEntry, fieldsOfClones...)
	scenarioInXML(lib, steps.LicensedClone, "CLONE-11", steps.CloneDone, steps.ListedInXML, steps.DetailEntry, "uuid", "name", "licenses", "media", "size", "meta")
	scenarioInXML(lib, steps.LicensedClone, "CLONE-11", steps.AfterEditMeta, steps.EditedInXML, steps.AfterEditTags, fieldsOfClones...)
	scenarioInXML(lib, steps.LicensedClone, "CLONE-10", steps.Job, steps.JobInXML, "", fieldsOfJobs...)
	scenarioInXML(lib, steps.Attaching, "ATTACH-02", steps.ServerAttached, steps.ServerInXML, steps.FirstServerStill, fieldsOfServers...)
}

// scenarioInXML expects XML to tell what the looks in JSON before and after it both tell.
func scenarioInXML(lib *Library, name steps.Scenario, by string, before, at, after steps.Step, fields ...string) {
	if !lib.Ran(name) {
		return
	}
	scenario := lib.Scenario(name)
	inXML, taken := scenario.Taken(at)
	was, looked := scenario.Taken(before)
	if !taken || !looked || was.Problem() != "" {
		return
	}
	one, defined := was.Defines()
	if !defined {
		return
	}
	same := fields
	if after != "" {
		still, there := scenario.Taken(after)
		if !there || still.Problem() != "" {
			return
		}
		then, listed := still.Defines()
		same = slices.DeleteFunc(slices.Clone(fields), func(field string) bool {
			alike, err := EqualFields(one, "then", "before", field).Match(then)
			return !listed || err != nil || !alike
		})
	}
	if len(same) == 0 {
		return
	}
	relying := append(lib.ThatRan(steps.LicensedClone, "CLONE-18"), "FORMAT-02", "FORMAT-05", "FORMAT-09", "OWNER-06", "PAGE-08", by) // what was deleted may be told still
	lib.Expect(inXML).UnlessBusy().RelyingOn(relying...).AsSuch().To(TellAsDefined(one, "the same in JSON", same...), "as XML, a clone, its job and a server are told as in JSON")
}

// listInXML is the whole list in XML, of a large library its beginning. The order of limit and offset makes this a request of its
// own: nothing else asks for the list by it.
func listInXML(lib *Library) Answer {
	lib.Covers("the list as XML", Stretch)
	return lib.Answer(Read{Path: LibdrivesPath, Query: inOneWay(lib)}.With("Accept", TypeXML)).About("the list as XML").AnsweredBy(atOnceJudgedBy(lib))
}

// inOneWay is a query for these, in an order that makes it one of its own.
func inOneWay(lib *Library) string {
	offset, limit := atOnce(lib)
	return fmt.Sprintf("offset=%d&limit=%d", offset, limit)
}

// atOnce are offset and limit by which a list is asked for in some format of its own: all of it, or the end of that of a large
// library. Of the beginning there are pages enough.
func atOnce(lib *Library) (offset, limit int) {
	if lib.Large() {
		return max(0, len(lib.List().Drives)-Stretch), Stretch // of a library that is only said to be large, all
	}
	return 0, 0
}

// atOnceJudgedBy is the requirement that says that so much of the list is answered with 200.
func atOnceJudgedBy(lib *Library) string {
	if lib.Large() {
		return "PAGE-02" // a page
	}
	return PageJudgedBy("limit=0")
}

// toldBy are the drives of the list that are to be in an answer in XML: all of them, or those of which it tells where it was asked
// for some.
func toldBy(inXML Answer, whole List) []Drive {
	told, err := inXML.ToldInXML()
	if err != nil || !whole.Lib.Large() {
		return whole.Drives
	}
	listed := List{Drives: told}.Index()
	drives := slices.DeleteFunc(slices.Clone(whole.Drives), func(drive Drive) bool { _, is := listed.Get(drive.UUID); return !is })
	if len(drives) < Stretch {
		return whole.Drives[max(0, len(whole.Drives)-Stretch):]
	}
	return drives
}

// byParts are the requirements by which a part of a list of a large library is the same part at any time; none of another library,
// of which whole lists are asked for.
func byParts(lib *Library) []string {
	if lib.Large() {
		return []string{"LIST-07", "PAGE-01", "PAGE-02"}
	}
	return nil
}

// compression: gzip for whom accepts it, and for nobody else.
func compression(lib *Library) {
	whole := lib.List()
	// As in FORMAT-02, the order of the parameters makes these requests of their own.
	offset, limit := atOnce(lib)
	list := Read{Path: LibdrivesPath, Query: fmt.Sprintf("limit=%d&offset=%d", limit, offset)}
	detail := Read{Path: LibdrivesDetailPath, Query: inOneWay(lib)}
	plain := lib.Answer(list.With("Accept-Encoding", "")).About("the list without Accept-Encoding").AnsweredBy(atOnceJudgedBy(lib))
	plainDetail := lib.Answer(detail.With("Accept-Encoding", "")).About("the detail list without Accept-Encoding").AnsweredBy("DETAIL-01")
	for _, answer := range []Answer{plain, plainDetail} {
		lib.Expect(answer).ByItsFormat().To(BeUncompressed(), "an answer is not compressed for whom does not accept it")
	}
	gzipped := lib.Answer(list.With("Accept-Encoding", "gzip;q=1.0, identity;q=0.5")).About("the list with Accept-Encoding gzip").AnsweredBy(atOnceJudgedBy(lib))
	for _, answer := range append([]Answer{gzipped}, whole.Parts...) {
		lib.Expect(answer).ByItsFormat().To(BeUnpackable(), "a compressed answer says gzip and can be unpacked")
	}
	for _, answer := range lib.BadlyCoded() {
		if !lib.Expect(answer).ByItsFormat().To(BeUnpackable(), "a compressed answer says gzip and can be unpacked, in every answer of the run") {
			break // the others are hardly wrong in another way
		}
	}
	lib.Covers("the list by other encodings", len(plain.Drives()))
	if lib.Usable(gzipped) && lib.Usable(plain) {
		lib.Identical(gzipped.AsList(), plain.AsList(), "the unpacked body is the plain one")
	}
	if lib.Usable(plain) && len(whole.Parts) == 1 && !lib.Large() {
		lib.Identical(whole, plain.AsList(), "the unpacked body is the plain one")
	}
	packedBefore(lib, list, gzipped)
}

// packedBefore asks for what was asked for by gzip just before, and now without it: whoever keeps answers may keep the packed one, and
// give it to everybody.
func packedBefore(lib *Library, list Read, gzipped Answer) {
	const rule = "an answer is not compressed for whom does not accept it, though it was for another one before"
	again := func(read Read, before Answer, by string) {
		if !before.Pending() {
			lib.Expect(lib.Answer(read.With("Accept-Encoding", "identity")).About("GET /"+read.Target()+" with Accept-Encoding identity").AnsweredBy(by)).ByItsFormat().To(BeUncompressed(), rule)
		}
	}
	if !lib.Large() {
		again(list, gzipped, "PAGE-03")
	}
	for _, drive := range material.Few(lib, 1) {
		path := url.PathEscape(drive.UUID) + "/"
		again(Get(LibdrivesPath+path), lib.Single(drive), "GET-01")
		again(Get(DrivesPath+path), lib.ThroughDrives(drive), "OWNER-01")
	}
}

// expectXML expects an answer to be well-formed XML and to say so.
func expectXML(lib *Library, answer Answer) {
	lib.Expect(answer).ByItsFormat().To(BeIn("XML"), "who accepts application/xml gets XML")
	lib.Expect(answer).ByItsFormat().To(HaveType(TypeXML), "the Content-Type of XML says application/xml")
	lib.Expect(answer).ByItsFormat().To(BeWellFormedXML(), "XML is well-formed")
}
