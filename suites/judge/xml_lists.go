package judge

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// Lists in XML are counted as those in JSON are: by their meta, and by the drives that they tell.

// listsInXML are the lists of a path in XML, asked for without a filter, that reads of the round were answered before the run began to
// write.
func (lib *Library) listsInXML(path string) (found []listAnswer) {
	lib.All, lib.Compares = true, true
	if lib.Planning && !lib.Settled {
		return nil
	}
	first := lib.beganToWrite()
	for _, a := range lib.wholeAnswers() {
		at, query, _ := lib.below(a.Exchange)
		limit, sound := asked(query, "limit")
		offset, soundToo := asked(query, "offset")
		isList := at == path && a.Exchange.Request.Method == http.MethodGet && a.Status() == http.StatusOK && sound && soundToo && a.format() == "XML"
		if isList && !(&Appearance{Query: query}).filtered() && lib.isOfThisRound(a.Exchange, first) {
			found = append(found, listAnswer{a, query, limit, offset})
		}
	}
	return found
}

// ExpectCountedInXML asserts that every list of a path in XML counts as many as a list in JSON does, and tells as many drives as its
// limit and offset leave of these. How meta is told in XML is left open: where it is not as in JSON, nothing is judged.
func (lib *Library) ExpectCountedInXML(path string, one Answer, rule string, relying ...string) {
	total, counted := WholeNumber(one.TotalCount())
	if one.Pending() || !counted {
		return
	}
	lib.expectTaken(lib.listsInXML(path), one, func(a listAnswer) types.GomegaMatcher { return a.countInXML(total) }, rule, relying...)
}

// ExpectPlacedInXML asserts that every list of a path in XML that was asked for with all fields tells its drives in the order of the
// whole list. Which drives it tells is for others to say.
func (lib *Library) ExpectPlacedInXML(path string, whole List, rule string, relying ...string) {
	if whole.Pending || whole.part != nil {
		return
	}
	places := make(map[string]int, len(whole.Drives))
	for i, drive := range whole.Drives {
		places[drive.UUID] = i
	}
	answers := slices.DeleteFunc(lib.listsInXML(path), func(a listAnswer) bool { return a.query.Has("fields") })
	lib.expectTaken(answers, whole, func(listAnswer) types.GomegaMatcher { return inOrderOf(places, whole.Name) }, rule, relying...)
}

// inOrderOf matches XML that tells the drives that have a place in the order of these.
func inOrderOf(places map[string]int, there string) AnswerMatch {
	return AnswerMatch{expected: "the drives in the order of " + there, look: func(x Answer) (string, bool) {
		told, _ := x.ToldInXML() // what is no XML, or not well-formed, is for FORMAT-02 to say
		before := -1
		for _, drive := range told {
			at, listed := places[drive.UUID]
			if listed && at < before {
				return fmt.Sprintf("%s behind one that stands after it", drive.Title()), false
			}
			if listed {
				before = at
			}
		}
		return "that order", true
	}}
}

// countInXML matches the list where its total_count is this one and the drives are as many as are due then.
func (a listAnswer) countInXML(total int64) AnswerMatch {
	due := int64(-1)
	root, err := a.xmlTree()
	meta := Members(Members(root)["meta"])
	limit, told := numberIn(meta["limit"])
	if a.limit >= 0 {
		limit, told = int64(a.limit), true
	}
	whole := !a.query.Has("fields") || strings.Contains(a.query.Get("fields"), "uuid") // else no drive is told apart
	if whole && told && limit >= 0 && limit <= mostAsked {
		due = max(0, total-int64(max(0, a.offset)))
		if limit > 0 {
			due = min(due, limit)
		}
	}
	expected := fmt.Sprintf("total_count %d", total)
	if due >= 0 {
		expected += ", and " + Amount(int(due))
	}
	return AnswerMatch{expected: expected, look: func(x Answer) (string, bool) {
		drives, broken := x.XML()
		counts, there := numberIn(meta["total_count"])
		if err != nil || broken != nil || !there { // that it is well-formed is for FORMAT-02 to say
			return "no XML with a total_count", true
		}
		return fmt.Sprintf("total_count %d, and %s", counts, Amount(len(drives))), counts == total && (due < 0 || int64(len(drives)) == due)
	}}
}

// numberIn is the number that an element of XML holds.
func numberIn(element gjson.Result) (n int64, is bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(element.String()), 10, 64)
	return n, err == nil && element.Type == gjson.String
}
