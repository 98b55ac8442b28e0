package judge

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Defining are those that are to have a field: whole definitions, and what shows the field where only some were asked for or
// are listed.
func (told Appearances) Defining(field string) Appearances {
	return told.where(func(a *Appearance) bool {
		_, chosen := a.Query["fields"]
		brief := a.Listed && a.Path == DrivesPath
		return !chosen && !brief || a.Field(field).Exists()
	})
}

// Showing are those that have a field, null included.
func (told Appearances) Showing(field string) Appearances {
	return told.where(func(a *Appearance) bool { return a.Field(field).Exists() })
}

// Show reports whether one of them has a field, null included.
func (told Appearances) Show(field string) bool {
	for range told.Showing(field).each {
		return true
	}
	return false
}

// FirstText is the first text that a field of them has; empty where none has one.
func (told Appearances) FirstText(field string) string {
	for a := range told.each {
		if text := a.JSON().Get(field); text.Type == gjson.String && text.Str != "" {
			return text.Str
		}
	}
	return ""
}

// ListedAt are the entries of the list at a path.
func (told Appearances) ListedAt(path string) Appearances {
	return told.inAnswers(func(a *Appearance) bool { return a.Listed && a.Path == path })
}

// NotListedAt are all but those.
func (told Appearances) NotListedAt(path string) Appearances {
	return told.inAnswers(func(a *Appearance) bool { return !a.Listed || a.Path != path })
}

// Since are those of answers to requests from one on.
func (told Appearances) Since(x *evidence.Exchange) Appearances {
	return told.inAnswers(func(a *Appearance) bool { return x == nil || a.From.Number >= x.Number })
}

// beginsProbing is the first request of the scenario that tries what is not allowed on the library; nil where there is none.
func (lib *Library) beginsProbing() *evidence.Exchange {
	return Once(lib.Evaluator, fmt.Sprintf("first forbidden method, %d exchanges", lib.Record.Len()), func() *evidence.Exchange {
		all := lib.Record.All()
		if at := slices.IndexFunc(all, func(x *evidence.Exchange) bool {
			return x.Step.Scenario == string(steps.ForbiddenMethods) && !reads(x)
		}); at >= 0 {
			return all[at]
		}
		return nil
	})
}

// firstHarm is the number of the first request that harmed the library; 0 where none did.
func (lib *Library) firstHarm() int {
	first := 0
	for _, harm := range lib.Harm {
		if harm.Exchange != nil && (first == 0 || harm.Exchange.Number < first) {
			first = harm.Exchange.Number
		}
	}
	return first
}

// ThatRan are those of the requirements that a scenario shows, where it was run: what fails because of it is theirs to say. A
// scenario that was not run is not run for this.
func (lib *Library) ThatRan(scenario steps.Scenario, ids ...string) []string {
	if _, ran := lib.Outcomes[scenario]; !ran {
		return nil
	}
	return ids
}

// Ran reports whether a scenario was run, or found that there is nothing to run it with.
func (lib *Library) Ran(scenario steps.Scenario) bool {
	_, ran := lib.Outcomes[scenario]
	return ran && !lib.Planning
}

// Unmoved are the documented fields of a library drive that nothing that a customer does changes.
func (lib *Library) Unmoved() []string {
	return slices.DeleteFunc(slices.Clone(lib.Fields), func(field string) bool {
		return slices.Contains([]string{"status", "jobs", "mounted_on", "favourite"}, field)
	})
}

// StaysAsItWas asserts of a library drive that what the answers to one and the same request say of it before and after a
// write is the same, up to the first harm that a probe did. After the forbidden methods began, that they change nothing is
// for METHOD-08 to say. Of the answers that say otherwise the first is the finding, which says how many more there are.
func (lib *Library) StaysAsItWas(uuid string, write *evidence.Exchange, rule string, relying ...string) {
	type pair struct {
		*Appearance
		same types.GomegaMatcher
	}
	before := map[string]*Appearance{}
	var compared, wrong []pair
	harm, probing := lib.firstHarm(), lib.beginsProbing()
	told := lib.appearancesOf(uuid).ByGet().where(func(a *Appearance) bool {
		return strings.HasPrefix(a.Path, LibdrivesPath) || !a.Listed && strings.EqualFold(a.Path, DrivesPath+uuid+"/")
	})
	for one := range told.each {
		kept := *one
		a := &kept
		_, chosen := a.Query["fields"]
		if chosen || harm > 0 && a.From.Number > harm {
			continue
		}
		at := strings.TrimPrefix(a.From.Request.Path(), lib.BasePath) + fmt.Sprint(a.From.Request.As)
		was, seen := before[at]
		if !seen || a.From.Number < write.Number {
			before[at] = a
			continue
		}
		fields := lib.Unmoved()
		if strings.HasPrefix(a.Path, DrivesPath) { // whose it is there is for OWNER-02 to say
			fields = slices.DeleteFunc(fields, func(field string) bool { return field == "owner" })
		}
		one := pair{a, EqualFields(was, "the library drive then", "the library drive before", fields...)}
		compared = append(compared, one)
		if same, err := one.same.Match(a.Drive); !same || err != nil {
			wrong = append(wrong, one)
		}
	}
	if len(wrong) == 0 && len(compared) > 0 {
		wrong = compared[len(compared)-1:]
	}
	for i, one := range wrong {
		relies := relying
		if probing != nil && one.From.Number > probing.Number {
			relies = slices.Concat(relying, lib.ThatRan(steps.ForbiddenMethods, "METHOD-08"))
		}
		told := *one.Appearance
		told.more = len(wrong) - i - 1
		if !lib.Expect(told).RelyingOn(relies...).UnlessCorrected(Scenario{lib: lib}).AsSuch().To(one.same, rule) {
			return
		}
	}
}

// UsedDrives are the library drives that a write of the run names, each with the first that does, in the order of the record.
func (lib *Library) UsedDrives() (used []Drive, by []*evidence.Exchange) {
	library := Unique(lib.List().Drives)
	first := map[string]*evidence.Exchange{}
	for _, x := range lib.Record.All() {
		if reads(x) || x.Step.Scenario == "" || x.Unsent {
			continue
		}
		text := x.Request.Path() + string(x.Request.Body)
		for _, drive := range library {
			if drive.UUID != "" && first[drive.UUID] == nil && (strings.Contains(text, drive.UUID) || strings.Contains(text, url.PathEscape(drive.UUID))) {
				first[drive.UUID] = x
				used = append(used, drive)
			}
		}
	}
	slices.SortStableFunc(used, func(a, b Drive) int { return cmp.Compare(first[a.UUID].Number, first[b.UUID].Number) })
	for _, drive := range used {
		by = append(by, first[drive.UUID])
	}
	return used, by
}

// atTheEnd numbers the requests for what is looked at when the run is over, so that none that came before serves for it.
const atTheEnd = 40

// ListAtTheEnd is the whole library when the scenarios are over and what they made was removed. A body that looks at it has
// looked at a scenario before, lest it is asked for at the beginning.
func (lib *Library) ListAtTheEnd() List {
	return List{Lib: lib, Name: "the list when the run was over", nth: atTheEnd}.fill(LibdrivesPath, "").Sound("LIST-01", "LIST-02")
}

// DetailListAtTheEnd is the detail list of then.
func (lib *Library) DetailListAtTheEnd() List {
	return List{Lib: lib, Name: "the detail list when the run was over", nth: atTheEnd}.fill(LibdrivesDetailPath, "").Sound("DETAIL-01", "DETAIL-02")
}

// OptionsAtTheEnd is the answer of then to OPTIONS of what is below the library's path, or of the list.
func (lib *Library) OptionsAtTheEnd(below string) Answer {
	return lib.Answer(evidence.Read{Method: http.MethodOptions, Path: LibdrivesPath + below, Nth: atTheEnd}).About("OPTIONS /" + LibdrivesPath + below + " when the run was over")
}

// UnsupportedAtTheEnd is the answer of then to who accepts a type that the endpoint does not have.
func (lib *Library) UnsupportedAtTheEnd() Answer {
	read := evidence.Read{Path: LibdrivesPath, Query: "limit=1"}.With("Accept", TypeUnsupported)
	read.Nth = atTheEnd
	return lib.Answer(read).About("the list with Accept " + TypeUnsupported + " when the run was over")
}

// OddLimitAtTheEnd is the answer of then to a limit that makes no sense; of a large library by an offset that leaves little of it.
func (lib *Library) OddLimitAtTheEnd() Answer {
	read := evidence.Read{Path: LibdrivesPath, Query: "limit=-1", Nth: atTheEnd}
	if lib.Large() {
		read.Query = fmt.Sprintf("offset=%d&limit=-1", max(0, len(lib.List().Drives)-1))
	}
	return lib.Answer(read).About("the list with " + read.Query + " when the run was over")
}

// ProfileAtTheEnd is the profile of then.
func (lib *Library) ProfileAtTheEnd() Answer {
	read := evidence.Get("profile/")
	read.Nth = atTheEnd
	return lib.Answer(read).About("the profile when the run was over")
}

// KeptOutAtTheEnd are the answers of then to who has no credentials, to what there is to read of the library and of a drive of it. The
// schema, the licences and the account's own lists are asked for so, too.
func (lib *Library) KeptOutAtTheEnd(drive Drive) (answers []Answer) {
	one := url.PathEscape(drive.UUID) + "/"
	ask := func(target string) Answer {
		read := evidence.Get(target).By(evidence.Nobody)
		read.Nth = atTheEnd
		return lib.Answer(read).About("GET /" + target + " without credentials when the run was over")
	}
	for _, target := range []string{LibdrivesSchemaPath, LicensesPath + "?limit=1", DrivesPath + "?limit=1", DrivesDetailPath + "?limit=1", ServersPath + "?limit=1"} {
		ask(target)
	}
	for _, path := range []string{LibdrivesPath, LibdrivesDetailPath, LibdrivesPath + one, DrivesPath + one} { // those of AUTH-01
		answers = append(answers, ask(path))
	}
	return answers
}

// InXMLAtTheEnd asks then for a drive, for the schema and for the licences as XML: FORMAT-02 looks at every answer to who asks so.
func (lib *Library) InXMLAtTheEnd(drive Drive) {
	one := url.PathEscape(drive.UUID) + "/"
	for _, path := range []string{LibdrivesPath + one, DrivesPath + one, LibdrivesSchemaPath, LicensesPath} {
		read := evidence.Get(path).With("Accept", TypeXML)
		read.Nth = atTheEnd
		lib.Answer(read)
	}
}

// SinglesAtTheEnd are a drive by itself and through the drives API of then.
func (lib *Library) SinglesAtTheEnd(drive Drive) (single, through Answer) {
	at := func(read Read) Read {
		read.Nth = atTheEnd
		return read
	}
	single = lib.Answer(at(lib.Single(drive).asked())).AboutDrive(drive, "when the run was over").JudgedBy("GET-01")
	through = lib.Answer(at(lib.ThroughDrives(drive).asked())).AboutDrive(drive, "when the run was over, through the drives API").JudgedBy("OWNER-01")
	return single, through
}

// CarryLicencesOf matches a definition that carries the licences of a library drive.
func CarryLicencesOf(source Drive) types.GomegaMatcher {
	return match{
		expected: "licences: " + LicenceNames(source.JSON()),
		holds:    func(v gjson.Result) bool { return carriesLicencesOf(v, source.JSON()) },
		found:    func(v gjson.Result) string { return "licences: " + licencesShown("", DriveOf(v, nil), source).shown },
	}
}
