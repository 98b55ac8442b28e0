package judge

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// listAnswer is an answer of the run that is a list in JSON, with the part of it that was asked for.
type listAnswer struct {
	Answer
	query         url.Values
	limit, offset int // -1 where there is no such parameter
}

// mostAsked is up to which limit a page is expected to be as long as was asked for: how many it may hold is left open.
const mostAsked = 100

// listAnswers are the whole answers in JSON to GETs of the list at a path, whoever asked and whatever for, but for those with
// parameters that make no sense. While the plan is made there are none.
func (lib *Library) listAnswers(path string) []listAnswer {
	lib.All = true
	if lib.Planning {
		return nil
	}
	return lib.listAnswersSoFar(path)
}

// listAnswersSoFar are those that are in the record so far.
func (lib *Library) listAnswersSoFar(path string) []listAnswer {
	found := Once(lib.Evaluator, fmt.Sprintf("lists of %s, %d exchanges", path, lib.Record.Len()), func() (found []listAnswer) {
		for _, a := range lib.wholeAnswers() {
			at, query, _ := lib.below(a.Exchange)
			if at != path || a.Exchange.Request.Method != http.MethodGet || a.Status() != http.StatusOK || a.Problem() != "" || !a.isList() {
				continue
			}
			_, text, _ := strings.Cut(a.Exchange.Request.Path(), "?")
			_, unreadable := url.ParseQuery(text)
			limit, sound := asked(query, "limit")
			offset, soundToo := asked(query, "offset")
			if sound && soundToo && unreadable == nil {
				a.lib = nil // what holds on to a body's library holds on to all that it noted
				found = append(found, listAnswer{a, query, limit, offset})
			}
		}
		return found
	})
	answers := slices.Clone(found)
	for i := range answers {
		answers[i].lib = lib
	}
	return answers
}

// asked is the number of a parameter, -1 where it is not there; sound says that it is there once at most, and a number as people
// write it, of a size that a list may have.
func asked(query url.Values, name string) (n int, sound bool) {
	const longest = 4 // figures
	given := query[name]
	switch {
	case len(given) == 0:
		return -1, true
	case len(given) > 1 || len(given[0]) > longest:
		return 0, false
	}
	n, err := strconv.Atoi(given[0])
	return n, err == nil && strconv.Itoa(n) == given[0] && n >= 0
}

// Lists says which lists are meant, by what they were asked for.
type Lists int

// Lists by what they were asked for.
const (
	Anyhow Lists = iota
	ByFilters
	WithoutFilters
)

// of are those of the answers that are meant.
func (which Lists) of(answers []listAnswer) []listAnswer {
	return slices.DeleteFunc(answers, func(a listAnswer) bool {
		filtered := (&Appearance{Query: a.query}).filtered()
		return which == ByFilters && !filtered || which == WithoutFilters && filtered
	})
}

// expectFirst asserts of the answers that they match. The first that does not is the finding.
func (lib *Library) expectFirst(answers []listAnswer, matcher func(listAnswer) types.GomegaMatcher, rule string, relying ...string) {
	for _, a := range answers {
		m := matcher(a)
		if matched, err := m.Match(a.Answer); (!matched || err != nil) && !lib.Expect(a.Answer).RelyingOn(relying...).To(m, rule) {
			return
		}
	}
}

// ExpectNumbers asserts that meta holds limit, offset and total_count as whole numbers in every answer of the run that is a list of
// a path.
func (lib *Library) ExpectNumbers(path, rule string, relying ...string) {
	for _, number := range []string{"limit", "offset", "total_count"} {
		lib.expectFirst(lib.listAnswers(path), func(listAnswer) types.GomegaMatcher { return HaveJSON("meta."+number, BeWhole(0)) }, rule, relying...)
	}
}

// ExpectObjects asserts that every list of a path holds objects that say something.
func (lib *Library) ExpectObjects(path, rule string, relying ...string) {
	lib.expectFirst(lib.listAnswers(path), func(listAnswer) types.GomegaMatcher { return holdObjects() }, rule, relying...)
}

// holdObjects matches a list of which each entry is an object with some field.
func holdObjects() types.GomegaMatcher {
	return listMatch{"objects alone, each with some field", func(listed []Drive) (found []reports.Difference) {
		for _, entry := range listed {
			if says := entry.JSON(); !says.IsObject() || strings.Trim(says.Raw, "{} \t\r\n") == "" {
				found = append(found, inWords("an object", Clip(Show(says))).Differences...)
			}
		}
		return found
	}}
}

// ExpectLimits asserts that meta.limit is the limit that was asked for, and that no more objects came.
func (lib *Library) ExpectLimits(path string, which Lists, rule string, relying ...string) {
	answers := slices.DeleteFunc(which.of(lib.listAnswers(path)), func(a listAnswer) bool { return a.limit < 0 })
	lib.expectFirst(answers, func(a listAnswer) types.GomegaMatcher { return HaveMeta("limit", a.limit) }, rule, relying...)
	answers = slices.DeleteFunc(answers, func(a listAnswer) bool { return a.limit == 0 })
	lib.expectFirst(answers, func(a listAnswer) types.GomegaMatcher { return HoldAtMost(a.limit) }, rule, relying...)
}

// ExpectOffsets asserts that meta.offset is the offset that was asked for, and zero where none was.
func (lib *Library) ExpectOffsets(path string, which Lists, rule string, relying ...string) {
	lib.expectFirst(which.of(lib.listAnswers(path)), func(a listAnswer) types.GomegaMatcher { return HaveMeta("offset", max(0, a.offset)) }, rule, relying...)
}

// ExpectFull asserts that a list holds as many objects as its own limit, offset and total_count leave.
func (lib *Library) ExpectFull(path string, which Lists, rule string, relying ...string) {
	answers := slices.DeleteFunc(which.of(lib.listAnswers(path)), func(a listAnswer) bool {
		_, numbers := a.due()
		return a.limit > mostAsked || !numbers
	})
	lib.expectFirst(answers, func(a listAnswer) types.GomegaMatcher {
		n, _ := a.due()
		return HaveJSON(listCount, BeNumber(int64(n)))
	}, rule, relying...)
}

// due is how many objects the list should hold by what it says itself.
func (a listAnswer) due() (n int, numbers bool) {
	total, counted := WholeNumber(a.TotalCount())
	limit := int64(a.limit)
	if a.limit < 0 {
		var told bool
		limit, told = WholeNumber(a.at("meta.limit"))
		counted = counted && told && limit >= 0
	}
	left := max(0, total-int64(max(0, a.offset)))
	if limit > 0 {
		left = min(left, limit)
	}
	return int(left), counted && total >= 0 && total <= evidence.MostCounted
}

// ExpectAskedInXML asserts that every GET of the run that was answered 200 and that asked for XML, by its header alone, was answered
// in XML.
func (lib *Library) ExpectAskedInXML(rule string, relying ...string) {
	lib.expectAsked(func(x *evidence.Exchange, format string) bool {
		return format == "" && x.Request.Header.Get("Accept") == TypeXML
	}, "XML", rule, relying...)
}

// ExpectAskedByParameter asserts that every GET of the run that was answered 200 and chose its format by the parameter is in that.
func (lib *Library) ExpectAskedByParameter(rule string, relying ...string) {
	for _, format := range []string{"XML", "JSON"} {
		lib.expectAsked(func(_ *evidence.Exchange, chosen string) bool { return chosen == strings.ToLower(format) }, format, rule, relying...)
	}
}

// ExpectAskedInJSON asserts that no GET of the run that was answered 200 and accepts JSON, or says nothing of it, was answered in XML.
func (lib *Library) ExpectAskedInJSON(rule string, relying ...string) {
	lib.expectAsked(func(x *evidence.Exchange, format string) bool {
		accept := x.Request.Header.Get("Accept")
		return format == "" && (accept == "" || accept == TypeJSON) && lib.xmlIn(x)
	}, "JSON", rule, relying...)
}

// xmlIn reports whether an exchange was answered in XML.
func (lib *Library) xmlIn(x *evidence.Exchange) bool {
	return Answer{lib: lib, Exchange: x}.format() == "XML"
}

// expectAsked asserts of the GETs of the run that were answered 200 and asked for a format that they are in it. The first that is not
// is the finding.
func (lib *Library) expectAsked(asks func(x *evidence.Exchange, parameter string) bool, format, rule string, relying ...string) {
	for _, a := range lib.Everything() {
		x := a.Exchange
		if x.Request.Method != http.MethodGet || x.Status() != http.StatusOK || a.format() == format {
			continue
		}
		if asks(x, formatChosen(x)) && !lib.Expect(a).RelyingOn(relying...).To(BeIn(format), rule) {
			return
		}
	}
}

// ExpectLicences asserts of every answer of the run that lists licences that each has its fields and matches.
func (lib *Library) ExpectLicences(fields []string, matcher types.GomegaMatcher, rule string, relying ...string) {
	all := HoldAll(fields...)
	for _, a := range lib.listAnswers(LicensesPath) {
		if a.query.Has("fields") {
			continue
		}
		for _, licence := range a.Drives() {
			licence.Kind, licence.UUID = "licence", licence.Field("name").String()
			for _, m := range []types.GomegaMatcher{all, matcher} {
				if matched, err := m.Match(licence); (!matched || err != nil) && !lib.Expect(licence).RelyingOn(relying...).To(m, rule) {
					return
				}
			}
		}
	}
}

// LicencesAtTheEnd are the licences when the run is over. A body that looks at them has looked at a scenario before.
func (lib *Library) LicencesAtTheEnd() List {
	return List{Lib: lib, Name: "GET /" + LicensesPath + " when the run was over", nth: atTheEnd}.fill(LicensesPath, "").Sound("LIC-03")
}

// ListsAtTheEnd asks for the lists of drives when the run is over in ways in which nothing else asks for them then: what holds of
// every answer is to hold of these. A body that asks for them has looked at a scenario before.
func (lib *Library) ListsAtTheEnd() {
	for _, path := range []string{LibdrivesPath, LibdrivesDetailPath, DrivesPath, DrivesDetailPath} {
		for _, read := range []evidence.Read{{Path: path, Query: "fields=name,uuid,owner,licenses"}, {Path: path, Query: "limit=3&offset=1"}, evidence.Read{Path: path, Query: "fields=name,size&limit=2&offset=1"}.With("Accept", TypeXML)} {
			read.Nth = atTheEnd
			lib.Answer(read)
		}
	}
}

// ToldAlike notes where a list that is asked for several times in a row tells other entries by these fields: what comes and goes is
// told, though nobody is accused of it.
func (lib *Library) ToldAlike(fields []string, lists ...Answer) {
	if slices.ContainsFunc(lists, func(a Answer) bool { return a.Pending() || a.Problem() != "" }) {
		return
	}
	for _, a := range lists[1:] {
		if told(a, fields) != told(lists[0], fields) {
			lib.unstable = append(lib.unstable, fmt.Sprintf("%s tells other entries when it is asked for again (requests %d and %d)", lists[0].name(), lists[0].Exchange.Number, a.Exchange.Number))
			return
		}
	}
}

// told is what a list tells of its entries by some fields, in any order.
func told(a Answer, fields []string) string {
	var entries []string
	for _, entry := range a.Drives() {
		var text strings.Builder
		for _, field := range fields {
			text.WriteString(entry.Field(field).Raw + " ")
		}
		entries = append(entries, text.String())
	}
	slices.Sort(entries)
	return strings.Join(append(entries, a.TotalCount().Raw), "\n")
}
