package selftest

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/fixtures/generated"
)

// first is which requirements are asked first of a fault of which no table says what it breaks. It decides no verdict, only what it
// costs: where they do not notice the fault, all are asked.
type first struct {
	place     string // how the fault's place begins, or its field where that begins with ", "
	condition string // what the condition contains; empty for any
	ids       string // requirements and areas, as run --select takes them
}

// askedFirst is looked through in order; the first that fits counts. Of a read by itself a few hundredths of a second of processor
// time are enough, of one scenario a tenth, of all requirements a second.
var askedFirst = []first{
	{", request", "", "AUTH"},
	{", header", "", "ROBUST-07,FORMAT-08,AUTH-04"},
	{", filter", "", "FILTER,DETAIL-05"},
	{", fields", "", "FIELDS,DETAIL-04,OWNER-06,FORMAT-10"},
	{", page", "", "PAGE,DETAIL-03"},
	{", format", "", "FORMAT,DETAIL-06"},
	{"401 ", "", "AUTH,ERROR,FORMAT-09,ROBUST-07"},
	{"library list, mounted_on", "", "ROBUST-08,GET-03,DETAIL-02,DETAIL-03,PAGE-02,FIELDS-03,FORMAT-10,FORMAT-09"},
	{"detail list of the library, mounted_on", "", "ROBUST-08,DETAIL,FORMAT-09"},
	{"single library drive, mounted_on", "", "ROBUST-08,GET,FORMAT-09"},
	{"library drive through drives, mounted_on", "", "ROBUST-08,OWNER,FORMAT-09"},
	{"library list", "with fields", "FIELDS,DETAIL-04,FORMAT-09"},
	{"library list", "under a filter", "FILTER-01,FILTER-06,DETAIL-05,FORMAT-09"},
	{"library list", "in XML", "FORMAT,DETAIL-06"},
	{"library list", "after", "CLONE-15,CLONE-21,METHOD-08,LIST-03,GET-03,DETAIL-02,LIC-02"},
	{"library list", "", "LIST,GET-03,DETAIL-02,DETAIL-03,PAGE,FORMAT-09"},
	{"detail list of the library", "with fields", "DETAIL-04,FORMAT-09"},
	{"detail list of the library", "under a filter", "DETAIL-05,FORMAT-09"},
	{"detail list of the library", "in XML", "DETAIL-06,FORMAT-10"},
	{"detail list of the library", "after", "CLONE-15,CLONE-21,DETAIL-02"},
	{"detail list of the library", "", "DETAIL-01,DETAIL-02,DETAIL-03,FORMAT-09"},
	{"single library drive", "in XML", "FORMAT"},
	{"single library drive", "after", "CLONE-15,CLONE-21,METHOD-08,GET-02,GET-03"},
	{"single library drive", "", "GET,FORMAT-09"},
	{"library drive through drives", "in XML", "FORMAT"},
	{"library drive through drives", "after", "OWNER-02,OWNER-03,OWNER-07,CLONE-21,ATTACH-06"},
	{"library drive through drives", "", "OWNER,FORMAT-09"},
	{"list of drives", "", "PAGE-08,OWNER-06,HIDE,FORMAT-09,FORMAT-10,CLONE-05,CLONE-10,CLONE-11,CLONE-18,CLONE-22,LIC-04"},
	{"detail list of drives", "", "PAGE-08,OWNER-06,LIC-11,CLONE-03,CLONE-10,CLONE-11,CLONE-18,FORMAT-09,FORMAT-10"},
	{"single drive, mounted_on", "", "PAGE-08,FORMAT-10,ATTACH-09"},
	{"single drive", "of the first drive", "PAGE-08,OWNER-06"},
	{"single drive", "of the last drive", "PAGE-08,OWNER-06,CLONE-02,CLONE-11,CLONE-23"},
	{"single drive", "of drives that are no clones", "PAGE-08,OWNER-06"},
	{"single drive", "in XML", "FORMAT-10"},
	{"edit's answer, licenses", "", "LIC-05,LIC-06,LIC-07,LIC-14,CLONE-02,FORMAT-09"},
	{"edit's answer", "", "CLONE-02,CLONE-03,CLONE-10,CLONE-11,CLONE-22,CLONE-24,LIC-05,FORMAT-09"},
	{"resize's answer", "", "CLONE-02,CLONE-03,CLONE-07,CLONE-10,CLONE-11,CLONE-22,CLONE-24,LIC-08,FORMAT-09"},
	{"answer to cloning through drives", "", "CLONE-02,CLONE-04,CLONE-17,ERROR-04,FORMAT-09"},
	{"job", "", "CLONE-10,CLONE-25,CLONE-27,FORMAT-09,FORMAT-10"},
	{"licence list", "", "LIC-02,LIC-03,LIC-16,PAGE-08,FORMAT-09,FORMAT-10"},
	{"list of servers", "", "PAGE-08,ATTACH-02"},
	{"single server", "", "ATTACH,FORMAT-09,FORMAT-10"},
	{"server write's answer", "", "ATTACH,FORMAT-09"},
	{"answer to a new server", "", "ATTACH,FORMAT-09"},
	{"answer to a server's edit", "", "ATTACH,FORMAT-09"},
	{"published schema", "", "SCHEMA,FORMAT-09"},
	{"profile", "", "CLONE-13,FORMAT-09"},
	{"OPTIONS", "", "METHOD-09,METHOD-14,LIC-16"},
	{"login's answer", "", "AUTH-06,FORMAT-09"},
	{"error", "", "ERROR,FORMAT-09,ROBUST-04,ROBUST-05,ROBUST-07,METHOD,CLONE-16,GET-05"},
	{"deleting", "", "CLONE-18,METHOD-12,METHOD-15,ATTACH-08"},
	{"making a server", "", "ATTACH"},
	{"editing a server", "", "ATTACH"},
	{"cloning a server", "", "ATTACH"},
	{"", "", "CLONE-02,CLONE-03,CLONE-05,CLONE-09,CLONE-10,CLONE-11,CLONE-14,CLONE-22,CLONE-24,CLONE-25,CLONE-26,LIC-04,LIC-08,LIC-14,FORMAT-09,FORMAT-10"},
}

// selectionsFor are by which requirements a fault is judged, one after the other until one notices it; nil is all.
func selectionsFor(fault generated.Fault) [][]string {
	if len(fault.Breaks) > 0 {
		return [][]string{fault.Breaks, nil}
	}
	at := slices.IndexFunc(askedFirst, func(f first) bool { return f.fits(fault) })
	return [][]string{{askedFirst[at].ids}, nil}
}

func (f first) fits(fault generated.Fault) bool {
	if !strings.Contains(fault.Condition, f.condition) {
		return false
	}
	_, field, _ := strings.Cut(fault.Place, ", ")
	switch {
	case strings.HasPrefix(f.place, ", "):
		return strings.HasPrefix(field, f.place[2:])
	case f.place == "error":
		return fault.Place[0] == '4'
	}
	return strings.HasPrefix(fault.Place, f.place)
}
