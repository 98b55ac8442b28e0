package judge

import (
	"fmt"
	"slices"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// Provocation is a way to send hostile inputs, each escaped as it is sent, and what the endpoint may answer.
type Provocation struct {
	Inputs  []string
	Read    func(input string) evidence.Read
	Allowed func(input string) AnswerMatch
	Relies  []string // the requirements without which an answer says nothing about hostile input
	Rule    string
}

// mostMinimized is how many inputs of a kind are minimized: where every input does harm, the first ones tell enough.
const mostMinimized = 2

// Provoke sends the inputs. One that does harm is shown by the smallest input that still does.
func (lib *Library) Provoke(p Provocation) {
	minimized := 0
	for _, input := range p.Inputs {
		answer := lib.Answer(p.Read(input)).About(describeInput(p.Read(input)))
		if answer.Pending() {
			continue
		}
		if minimized < mostMinimized && lib.harmed(p, input) {
			minimized++
			if smallest := lib.minimize(input, func(candidate string) (harm, known bool) {
				candidateAnswer := lib.Answer(p.Read(candidate))
				return !candidateAnswer.Pending() && lib.harmed(p, candidate), !candidateAnswer.Pending()
			}); smallest != input {
				answer = lib.Answer(p.Read(smallest)).About(fmt.Sprintf("%s (minimized from %s)", describeInput(p.Read(smallest)), ClipTo(input, 60)))
				input = smallest
			}
		}
		lib.Expect(answer).RelyingOn(p.Relies...).To(p.Allowed(input), p.Rule)
	}
}

// harmed reports whether the input was answered as it must not be.
func (lib *Library) harmed(p Provocation, input string) bool {
	answer := lib.Answer(p.Read(input))
	allowed := p.Allowed(input)
	if answer.Pending() || answer.Incomplete() != "" && !answer.suffered(allowed) {
		return false
	}
	_, holds := allowed.look(answer)
	return !holds
}

func describeInput(read evidence.Read) string { return "GET /" + ClipTo(read.Target(), 120) }

// Answering matches one of the statuses. An endpoint that closes the connection instead of answering, again and again,
// is as one that answers 5xx.
func Answering(codes ...int) AnswerMatch {
	return AnswerMatch{expected: haveStatus{codes}.explain(nil).ExpectedText(), status: true, look: func(a Answer) (string, bool) {
		return statusOrSilence(a), slices.Contains(codes, a.Status())
	}}
}

func statusOrSilence(a Answer) string {
	if a.Status() == 0 {
		return a.Incomplete()
	}
	return statusOf(a)
}

// NotFailing matches any answer but a 5xx.
func NotFailing() AnswerMatch {
	return AnswerMatch{expected: "an answer that is no 5xx", status: true, look: func(a Answer) (string, bool) {
		return statusOrSilence(a), a.Status() > 0 && a.Status() < 500
	}}
}

// Refusing matches any 4xx.
func Refusing() AnswerMatch {
	return AnswerMatch{expected: "a 4xx", status: true, look: func(a Answer) (string, bool) {
		return statusOrSilence(a), a.Status()/100 == 4
	}}
}

// ListingOnly matches 400, 414, and 200 with a list of drives that could all be meant.
func ListingOnly(meant func(Drive) bool) AnswerMatch {
	return AnswerMatch{expected: "200 with none but matching drives, 400 or 414", look: func(a Answer) (string, bool) {
		if a.Status() != 200 {
			return statusOrSilence(a), a.Status() == 400 || a.Status() == 414
		}
		if problem := a.Problem(); problem != "" || !a.isList() {
			return "200 without a list: " + problem, false
		}
		if len(a.Drives()) == 0 {
			return "200 with no drive", true
		}
		surplus := slices.DeleteFunc(slices.Clone(a.Drives()), meant)
		if len(surplus) == 0 {
			return "200 with " + Amount(len(a.Drives())), true
		}
		return "200 with drives that do not match\n" + reports.Finding{Differences: naming("does not match", surplus)}.FoundText(), false
	}}
}
