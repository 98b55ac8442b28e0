package board

import (
	"fmt"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Conclusion says in one line how many endpoints conform.
func (b *Board) Conclusion() string {
	if len(b.Endpoints) == 0 {
		return "no endpoint was judged"
	}
	counts := map[string]int{}
	for _, e := range b.Endpoints {
		counts[e.Newest().state()]++
	}
	all := show.Plural(len(b.Endpoints), "endpoint")
	if counts["good"] == len(b.Endpoints) {
		return all + ": all conform, as far as they were judged"
	}
	text := fmt.Sprintf("%d of %s %s", counts["bad"], all, map[bool]string{true: "does not conform", false: "do not conform"}[counts["bad"] == 1])
	if n := counts["unsure"]; n > 0 {
		text += fmt.Sprintf("; of %d it is not known", n)
	}
	return text
}
