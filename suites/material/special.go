package material

import (
	"fmt"
	"math/bits"
	"strings"

	"github.com/libdrives/conformance/suites/judge"
)

// special are the characters of printable ASCII that mean something to URLs, databases, patterns or markup. A comma and a backslash
// mean something to filters: other values have these.
const special = "!\"#$%&'()*+-./:;<=>?@[]^_`{|}~"

// specialIn is which of these a text holds, a bit for each.
func specialIn(text string) (held uint32) {
	for i, c := range []byte(special) {
		if strings.IndexByte(text, c) >= 0 {
			held |= 1 << i
		}
	}
	return held
}

// specialValues are a few values of a filter that takes a whole one which together hold every special character that the library's
// values have and those that are asked for anyway have not. Of values that hold the same ones it is that which fewest drives have.
func specialValues(lib *judge.Library, filter string, anyway []string) []string {
	held := specialIn(strings.Join(anyway, ""))
	return judge.MemoizeText(lib, fmt.Sprintf("special values of %s beside %x", filter, held), func(drives []judge.Drive) []string {
		return specialAmong(drives, filter, held)
	})
}

// specialAmong are those of some drives, held what is asked for anyway.
func specialAmong(drives []judge.Drive, filter string, held uint32) (chosen []string) {
	values, count := discriminating(drives, filter)
	var unlike []string // of each set of special characters one value
	at := map[uint32]int{}
	for _, value := range values {
		holds := specialIn(value)
		place, known := at[holds]
		switch {
		case holds == 0:
		case !known:
			at[holds] = len(unlike)
			unlike = append(unlike, value)
		case count[value] < count[unlike[place]]:
			unlike[place] = value
		}
	}
	for {
		best, most := "", 0
		for _, value := range unlike {
			if fresh := bits.OnesCount32(specialIn(value) &^ held); fresh > most {
				best, most = value, fresh
			}
		}
		if most == 0 {
			return chosen
		}
		chosen, held = append(chosen, best), held|specialIn(best)
	}
}

// specialWords are up to most search words with special characters: what stands in a name from the first of these to the last, and
// the letters beside them, in other case.
func specialWords(lib *judge.Library, most int) []string {
	return judge.MemoizeText(lib, fmt.Sprintf("%d special words", most), func(drives []judge.Drive) (words []string) {
		for _, name := range specialValues(lib, "name", nil) {
			first, last := strings.IndexAny(name, special), strings.LastIndexAny(name, special)
			word := SwapCase(strings.TrimSpace(name[max(0, first-1):min(len(name), last+2)]))
			if matchesSome(drives, Where("name__icontains", word)) && !foldsDifferently(drives, word) {
				words = append(words, word)
			}
		}
		return firstDistinct(words, most)
	})
}

// NamesWithBackslash are up to most names with a backslash that stands before no comma.
func NamesWithBackslash(lib *judge.Library, most int) []string {
	var names []string
	for _, drive := range lib.List().Drives {
		if strings.Contains(drive.Name, `\`) && !strings.HasSuffix(drive.Name, `\`) && plain(strings.ReplaceAll(drive.Name, `\`, "")) {
			names = append(names, drive.Name)
		}
	}
	return firstDistinct(names, most)
}

// InEitherSpelling are the queries for a value with a backslash that stands before no comma: by itself, and escaped by another one.
// Which of the two finds it is left open.
func InEitherSpelling(filter, value string) [2]string {
	return [2]string{FilterQuery(filter, value), FilterQuery(filter, strings.ReplaceAll(value, `\`, `\\`))}
}
