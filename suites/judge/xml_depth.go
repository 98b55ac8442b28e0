package judge

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// What stands around a thing in XML. How elements are called is left open, and so is whether the root is the thing itself; each
// collection may have a way of its own. But a definition is the body, and an entry of a list is among its `objects`: what stands around
// one of a collection more than around its others is no part of that.

// inDepth are answers in XML that are of one kind, with how deep each tells what it is of.
type inDepth struct {
	answers []Answer
	depths  []int
}

// ExpectAsDeepInXML asserts that as XML each thing that is got by itself stands no deeper in its document than any other of its
// collection, and the entries of each list no deeper than those of any other list of it.
func (lib *Library) ExpectAsDeepInXML(rule string, relying ...string) {
	depths := lib.depthsInXML()
	for _, kind := range slices.Sorted(maps.Keys(depths)) {
		told := depths[kind]
		for i, answer := range told.answers {
			least := slices.Index(told.depths, slices.Min(told.depths))
			if !lib.Expect(answer).RelyingOn(relying...).To(beNoDeeper(told.depths[i], told.depths[least], told.answers[least]), rule) {
				break // the others are hardly wrong in another way
			}
		}
	}
}

func beNoDeeper(depth, least int, other Answer) AnswerMatch {
	return AnswerMatch{expected: fmt.Sprintf("%d elements around it, as in %s", least, other.name()), look: func(Answer) (string, bool) {
		return fmt.Sprintf("%d elements around it", depth), depth <= least
	}}
}

// depthsInXML are the answers of the run in XML to GET of one thing, and of a list, of which all fields were asked for, by their
// collection and which of the two they are.
func (lib *Library) depthsInXML() map[string]*inDepth {
	depths := map[string]*inDepth{}
	for _, answer := range lib.Everything() {
		path, query, _ := lib.below(answer.Exchange)
		collection, one, _ := strings.Cut(path, "/")
		if answer.Exchange.Request.Method != http.MethodGet || answer.Status() != http.StatusOK || !answer.TellsXML() || !slices.Contains(collectionsInXML[:], collection) {
			continue
		}
		kind := collection + " as a list"
		switch {
		case query.Has("fields"):
			continue
		case uuidForm.MatchString(strings.TrimSuffix(one, "/")):
			kind = collection + " by itself"
		case one != "" && one != "detail/":
			continue
		}
		root, err := answer.xmlTree()
		if depth, told := depthOf(root, 0); err == nil && told { // that it is well-formed is for FORMAT-02 to say
			of := depths[kind]
			if of == nil {
				of = &inDepth{}
				depths[kind] = of
			}
			of.answers, of.depths = append(of.answers, answer), append(of.depths, depth)
		}
	}
	return depths
}

// collectionsInXML are those whose things have a uuid or an address.
var collectionsInXML = [...]string{"libdrives", "drives", "servers", "jobs", "licenses"}

// depthOf is how deep below an element the nearest one stands that has a uuid or an address.
func depthOf(v gjson.Result, at int) (depth int, told bool) {
	if v.IsObject() && idOf(v) != "" {
		return at, true
	}
	below := at + 1
	if v.IsArray() {
		below = at // elements of one name
	}
	if v.IsObject() || v.IsArray() {
		v.ForEach(func(_, inside gjson.Result) bool {
			if d, is := depthOf(inside, below); is && (!told || d < depth) {
				depth, told = d, true
			}
			return true
		})
	}
	return depth, told
}
