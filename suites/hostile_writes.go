package suites

import (
	"fmt"

	"github.com/onsi/gomega/types"
)

// Robustness of writes: a request that can't be understood is refused, and nothing is made.
func hostileWrites(s *Suite) {
	s.Requirement("ROBUST-04", func(lib *Library) {
		story := lib.Story(hostileClones)
		story.Step("hostile body 1")
		for n := 1; story.Took(fmt.Sprintf("hostile body %d", n)); n++ {
			step := fmt.Sprintf("hostile body %d", n)
			answer := story.Step(step)
			lib.Expect(smallestFailing(story, step, answer)).To(refuseAsInvalid(), "a clone request that can't be understood answers 400 with a validation error")
			lib.nothingMade(story, step)
		}
	})

	s.Requirement("ROBUST-05", func(lib *Library) {
		story := lib.Story(unknownAction)
		for _, step := range []string{"unknown action", "unknown action through drives", "action that begins as another", "no action"} {
			lib.Expect(story.Step(step)).To(answering(400, 404, 405), "an unknown action answers 400, 404 or 405")
			lib.nothingMade(story, step)
		}
	})
}

// smallestFailing is the answer to the smallest part of a body that the endpoint fails at, as it does at the whole. What
// it carries out is not sent again.
func smallestFailing(story Story, step string, whole Answer) Answer {
	if !failed(whole) {
		return whole
	}
	smallest := whole
	for n := 1; story.Took(fmt.Sprintf("%s smaller %d", step, n)); n++ {
		smaller, _ := story.taken(fmt.Sprintf("%s smaller %d", step, n))
		if failed(smaller) && sizeBesideName(smaller) < sizeBesideName(smallest) {
			smallest = smaller
		}
	}
	if smallest.exchange != whole.exchange {
		smallest.subject += fmt.Sprintf(" (shrunk from %s)", clipTo(string(whole.exchange.Request.Body), 60))
	}
	return smallest
}

// sizeBesideName is the length of a body but for the name that the suite gave, which has more digits the later it is.
func sizeBesideName(a Answer) int { return len(ownName.ReplaceAll(a.exchange.Request.Body, nil)) }

// failed reports whether the endpoint failed at a request instead of refusing it.
func failed(a Answer) bool { return a.Status() >= 500 || hungUp(a.exchange) }

// refuseAsInvalid matches a 400 with errors of the type validation.
func refuseAsInvalid() types.GomegaMatcher {
	return whole{expected: "400 with a validation error", suffers: hungUp, look: func(a Answer) (string, bool) {
		if a.Status() != 400 {
			return statusOrSilence(a), false
		}
		_, holds := HaveErrorType("validation").(whole).look(a)
		return statusOf(a), holds
	}}
}
