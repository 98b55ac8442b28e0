package judge

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/minimize"
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

// units are the least parts of an escaped input: an escaped character beyond ASCII, an escape, or a character.
func units(input string) []string {
	var parts []string
	for at := 0; at < len(input); {
		length := unitLength(input[at:])
		parts = append(parts, input[at:at+length])
		at += length
	}
	return parts
}

func unitLength(text string) int {
	first, escaped := unescaped(text)
	if !escaped {
		_, length := utf8.DecodeRuneInString(text)
		return length
	}
	const escape = len("%c3")
	length := escape
	for first >= 0xc0 {
		if next, more := unescaped(text[length:]); !more || next&0xc0 != 0x80 {
			break
		}
		length += escape
	}
	return length
}

// unescaped is the byte that an escape at the beginning of a text stands for.
func unescaped(text string) (b byte, escaped bool) {
	if len(text) < 3 || text[0] != '%' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[1:3], 16, 8)
	return byte(n), err == nil
}

// mostAtOnce is how many candidates are asked for at once: each round of requests costs a round trip.
const mostAtOnce = 15

// minimize looks for the smallest part of an input that still does harm. Candidates that were not sent yet are wanted by
// being looked at, and the search goes on when the body runs again; meanwhile it returns the smallest known.
func (lib *Library) minimize(input string, harms func(candidate string) (harm, known bool)) string {
	return minimize.Search{AtOnce: mostAtOnce, Harms: harms}.Smallest(units(input))
}
