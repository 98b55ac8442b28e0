package suites

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// Everything is every whole answer of the run, whoever asked for it: some rules hold of all that an endpoint says. While
// the plan is made it is empty, for what others will ask is not known yet; so a spec that looks at everything also asks
// for a few answers of its own, lest there is nothing to look at when it is selected alone.
func (lib *Library) Everything() []Answer {
	lib.all = true
	if lib.planning {
		return nil
	}
	answers := slices.Clone(once(lib.bench, fmt.Sprintf("everything, %d exchanges", lib.record.Len()), func() (answers []Answer) {
		all := lib.record.All()
		// Which of many requests was answered first differs from run to run, and must not show in what is told of them.
		slices.SortStableFunc(all, func(a, b *evidence.Exchange) int {
			return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Take, b.Take))
		})
		for _, x := range all {
			if x.Response != nil && x.Failure == "" {
				answers = append(answers, Answer{exchange: x, subject: fmt.Sprintf("%s %s (exchange %d)", x.Request.Method, clipTo(x.Request.Path(), 200), x.Number)})
			}
		}
		return answers
	}))
	for i := range answers {
		answers[i].lib = lib
	}
	return answers
}

// refused reports whether the answer is an error, the client's or the endpoint's.
func (a Answer) refused() bool { return a.Status() >= 400 }

// header is a header of the response; empty where there is none.
func (a Answer) header(name string) string {
	if a.exchange == nil || a.exchange.Response == nil {
		return ""
	}
	return strings.Join(a.exchange.Response.Header.Values(name), ", ")
}

// body is the response's body as it came, unpacked.
func (a Answer) body() []byte {
	if a.exchange == nil || a.exchange.Response == nil {
		return nil
	}
	return a.exchange.Response.Body
}

// clipTo keeps a shown text short.
func clipTo(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}

// ordinary are the answers that every user of the library gets.
func (lib *Library) ordinary() []Answer {
	list := lib.Whole(libdrivesPath, "", "the list")
	answers := []Answer{lib.Plain(), lib.Answer(evidence.Get(libdrivesDetailPath)), lib.Answer(evidence.Get(libdrivesSchemaPath)), lib.Answer(evidence.Get(licensesPath))}
	for _, drive := range unique(list.Drives)[:min(2, len(unique(list.Drives)))] {
		answers = append(answers, lib.Single(drive), lib.ThroughDrives(drive))
	}
	return answers
}

// provoked are the answers to requests that a sound endpoint refuses, each for another reason: no credentials, no such
// drive, a uuid that is none, no format, a limit that is none.
func (lib *Library) provoked() []Answer {
	list := evidence.Get(libdrivesPath)
	return []Answer{
		lib.Answer(list.By(evidence.Nobody)),
		lib.Answer(evidence.Get(libdrivesPath + lib.randomUUID() + "/")),
		lib.Answer(evidence.Get(libdrivesPath + "not-a-uuid/")),
		lib.Answer(list.With("Accept", unsupportedType)),
		lib.Answer(evidence.Get(libdrivesPath + "?limit=-1")),
	}
}
