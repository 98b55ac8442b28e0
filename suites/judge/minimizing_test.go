package judge

import (
	"strings"
	"testing"
)

// mostRounds is how many rounds of the plan an input may take: fewer than a run has.
const mostRounds = 24

func TestMinimizingFindsTheSmallest(t *testing.T) {
	for _, c := range []struct {
		input string
		harms func(string) bool
		want  string
	}{
		{strings.Repeat("a", 8192), func(s string) bool { return len(s) > 4096 }, strings.Repeat("a", 4097)},
		{"%27%20OR%20%271%27%3D%271", func(s string) bool { return strings.Contains(s, "%27") && strings.Contains(s, "%3D") }, "%27%3D"},
		{"abc%00def", func(s string) bool { return strings.Contains(s, "%00") }, "%00"},
		{"x%D0%B4y", func(s string) bool { return strings.Contains(s, "%D0%B4") }, "%D0%B4"},
		{"abc", func(s string) bool { return s == "abc" }, "abc"},
		{"a" + strings.Repeat("b", 30) + "c", func(s string) bool { return strings.HasPrefix(s, "a") && strings.HasSuffix(s, "c") }, "ac"},
		{"", func(string) bool { return true }, ""},
	} {
		asked, rounds := map[string]bool{}, 0
		for {
			rounds++
			var fresh []string
			got := (&Library{}).minimize(c.input, func(s string) (bool, bool) {
				if !asked[s] {
					fresh = append(fresh, s)
				}
				return asked[s] && c.harms(s), asked[s]
			})
			if len(fresh) == 0 {
				if got != c.want {
					t.Errorf("%.20q is minimized to %.20q, want %.20q", c.input, got, c.want)
				}
				break
			}
			for _, s := range fresh {
				asked[s] = true
			}
		}
		if rounds > mostRounds || len(asked) > 200 {
			t.Errorf("%.20q took %d rounds and %d requests", c.input, rounds, len(asked))
		}
	}
}
