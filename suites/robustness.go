package suites

import (
	"github.com/libdrives/conformance/suites/collect"
	"github.com/libdrives/conformance/suites/evidence"
)

// Robustness: input that makes no sense is refused or found nothing for. It never makes the endpoint fail, and never shows
// more than was asked for.
func robustness(s *Suite) {
	s.Requirement("ROBUST-01", func(lib *Library) {
		for _, path := range []string{libdrivesPath, drivesPath} {
			inputs := hostileUUIDs(lib.randomUUID())
			if path == libdrivesPath {
				inputs = append(inputs, lib.madeUUIDs(12)...)
			} else {
				inputs = inputs[:8] // the drives API is looked at for library drives only
			}
			lib.provoke(provocation{
				inputs:  inputs,
				read:    func(uuid string) collect.Read { return collect.Get(path + uuid + "/") },
				allowed: refusedUnlessNormalized,
				rule:    "a malformed uuid answers 4xx",
			})
		}
	})

	s.Requirement("ROBUST-02", func(lib *Library) {
		for _, query := range []string{"limit=", "limit=1&offset="} {
			lib.provoke(provocation{
				inputs:  append(hostileNumbers(), lib.madeNumbers(10)...),
				read:    func(number string) collect.Read { return collect.Read{Path: libdrivesPath, Query: query + number} },
				allowed: func(string) whole { return answering(200, 400) },
				relies:  []string{"PAGE-07"}, // an odd offset may be one past the end
				rule:    "a limit or offset that makes no sense answers 200 or 400",
			})
		}
	})

	s.Requirement("ROBUST-03", func(lib *Library) {
		for _, filter := range []string{"name", "name__icontains", "uuid", "os", "arch", "image_type", "category", "distribution", "version"} {
			inputs := hostileValues()
			if filter == "name" || filter == "name__icontains" {
				inputs = append(inputs, lib.madeValues(10)...)
			} else {
				inputs = inputs[:4] // one of each kind
			}
			lib.provoke(provocation{
				inputs:  inputs,
				read:    func(value string) collect.Read { return collect.Read{Path: libdrivesPath, Query: filter + "=" + value} },
				allowed: func(value string) whole { return answeringOnlyMatches(filter, value) },
				relies:  append(exactOf(term{filter: filter}), "FILTER-16"),
				rule:    "a filter value that makes no sense answers 200, 400 or 414, and no drive that does not match",
			})
		}
	})

	s.Requirement("ROBUST-06", func(lib *Library) {
		names, words := lib.namesBeyondASCII(4), lib.wordsBeyondASCII(4)
		lib.Among("drive with a name beyond ASCII", len(names) > 0)
		for _, name := range names {
			lib.expectFiltered([]string{"FILTER-05"}, term{"name", []string{name}})
		}
		for _, word := range words {
			lib.expectFiltered([]string{"FILTER-06"}, term{"name__icontains", []string{word}})
		}
	})

	s.Requirement("ROBUST-07", func(lib *Library) {
		answers := append(lib.provoked(), lib.Answer(collect.Get(libdrivesPath).By(evidence.WrongPassword)))
		answers = append(answers, lib.Everything()...)
		seen := map[*evidence.Exchange]bool{}
		for _, answer := range answers {
			if !answer.Pending() && answer.refused() && !seen[answer.exchange] && answer.incomplete() == "" {
				seen[answer.exchange] = true
				lib.look(answer.exchange)
				lib.Expect(answer).To(RepeatNoCredentials(lib.echoes(answer)), "an error answer does not repeat the credentials that were sent")
			}
		}
	})
}
