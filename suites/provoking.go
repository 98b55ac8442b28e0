package suites

import (
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// provocation is a way to send hostile inputs, each escaped as it is sent, and what the endpoint may answer.
type provocation struct {
	inputs  []string
	read    func(input string) evidence.Read
	allowed func(input string) whole
	relies  []string // the requirements without which an answer says nothing about hostile input
	rule    string
}

// mostShrunk is how many inputs of a kind are shrunk: where every input does harm, the first ones tell enough.
const mostShrunk = 2

// provoke sends the inputs. One that does harm is shown by the smallest input that still does.
func (lib *Library) provoke(p provocation) {
	shrunk := 0
	for _, input := range p.inputs {
		answer := lib.Answer(p.read(input)).about(describeInput(p.read(input)))
		if answer.Pending() {
			continue
		}
		if answer.Status() == 429 {
			lib.busy(answer)
			continue
		}
		if shrunk < mostShrunk && lib.harmed(p, input) {
			shrunk++
			if smallest := lib.shrink(input, func(candidate string) (harm, known bool) {
				candidateAnswer := lib.Answer(p.read(candidate))
				return !candidateAnswer.Pending() && lib.harmed(p, candidate), !candidateAnswer.Pending()
			}); smallest != input {
				answer = lib.Answer(p.read(smallest)).about(fmt.Sprintf("%s (shrunk from %s)", describeInput(p.read(smallest)), clipTo(input, 60)))
				input = smallest
			}
		}
		lib.Expect(answer).RelyingOn(p.relies...).To(p.allowed(input), p.rule)
	}
}

// harmed reports whether the input was answered as it must not be.
func (lib *Library) harmed(p provocation, input string) bool {
	answer := lib.Answer(p.read(input))
	allowed := p.allowed(input)
	if answer.Pending() || answer.Status() == 429 || answer.incomplete() != "" && !allowed.judgesBroken(answer.exchange) {
		return false
	}
	_, holds := allowed.look(answer)
	return !holds
}

func describeInput(read evidence.Read) string { return "GET /" + clipTo(read.Target(), 120) }

// answering matches one of the statuses. An endpoint that closes the connection instead of answering, again and again,
// is as one that answers 5xx.
func answering(codes ...int) whole {
	expected, _ := haveStatus{codes}.explain(nil)
	return whole{expected: expected, suffers: hungUp, look: func(a Answer) (string, bool) {
		return statusOrSilence(a), slices.Contains(codes, a.Status())
	}}
}

func hungUp(x *evidence.Exchange) bool { return x.Response == nil && x.Closed() }

func statusOrSilence(a Answer) string {
	if a.Status() == 0 {
		return a.incomplete()
	}
	return statusOf(a)
}

// notFailing matches any answer but a 5xx.
func notFailing() whole {
	return whole{expected: "an answer that is no 5xx", suffers: hungUp, look: func(a Answer) (string, bool) {
		return statusOrSilence(a), a.Status() > 0 && a.Status() < 500
	}}
}

// refusing matches any 4xx.
func refusing() whole {
	return whole{expected: "a 4xx", suffers: hungUp, look: func(a Answer) (string, bool) {
		return statusOrSilence(a), a.Status()/100 == 4
	}}
}

// listingOnly matches 400, 414, and 200 with a list of drives that could all be meant.
func listingOnly(meant func(Drive) bool) whole {
	return whole{expected: "200 with none but matching drives, 400 or 414", suffers: hungUp, look: func(a Answer) (string, bool) {
		if a.Status() != 200 {
			return statusOrSilence(a), a.Status() == 400 || a.Status() == 414
		}
		if problem := a.problem(); problem != "" || !a.isList() {
			return "200 without a list: " + problem, false
		}
		if len(a.drives()) == 0 {
			return "200 with no drive", true
		}
		surplus := slices.DeleteFunc(slices.Clone(a.drives()), meant)
		if len(surplus) == 0 {
			return "200 with " + amount(len(a.drives())), true
		}
		return "200 with drives that do not match\n" + strings.Join(naming("does not match", surplus), "\n"), false
	}}
}
