package judge

import (
	"regexp"

	"github.com/libdrives/conformance/suites/minimize"
)

// unit is the least part of an escaped input: an escaped character beyond ASCII, an escape, or a character.
var unit = regexp.MustCompile(`(?:%[c-fC-F][0-9a-fA-F])(?:%[89abAB][0-9a-fA-F])+|%[0-9a-fA-F]{2}|(?s:.)`)

// mostAtOnce is how many candidates are asked for at once: each round of requests costs a round trip.
const mostAtOnce = 15

// minimize looks for the smallest part of an input that still does harm. Candidates that were not sent yet are wanted by
// being looked at, and the search goes on when the body runs again; meanwhile it returns the smallest known.
func (lib *Library) minimize(input string, harms func(candidate string) (harm, known bool)) string {
	return minimize.Search{AtOnce: mostAtOnce, Harms: harms}.Smallest(unit.FindAllString(input, -1))
}
