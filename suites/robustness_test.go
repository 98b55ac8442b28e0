package suites

import (
	"slices"
	"strings"
	"testing"
)

func TestWhichUUIDsMustBeRefused(t *testing.T) {
	const uuid = "1d073798-c90c-44da-aadb-279c986a50c0"
	for segment, want := range map[string]bool{
		"1": true, uuid[:35]: true, uuid + "0": true, "%zz": true, "%": true, "%ff": true, uuid[:8] + "%00" + uuid[8:]: true, "null": true,
		"%D0%B4%D0%B8%D1%81%D0%BA": true, "*": true,
		// These may be taken for a uuid, or for the path of something else.
		uuid: false, strings.ToUpper(uuid): false, strings.ReplaceAll(uuid, "-", ""): false, "%7B" + uuid + "%7D": false, "urn:uuid:" + uuid: false,
		uuid + "%00": false, "%20" + uuid: false, "": false, "%00": false, ".": false, "..": false, "%2e%2e": false, "../" + uuid: false,
		"..%2f" + uuid: false, "..%5c": false, uuid + ";x": false, "detail": false, "schema%00": false, uuid + "%3Fx": false, "..%252f": false,
	} {
		if got := mustBeRefused(segment); got != want {
			t.Errorf("mustBeRefused(%q) = %v, want %v", segment, got, want)
		}
	}
}

func TestHostileInputsAreManyAndRepeatable(t *testing.T) {
	const uuid = "1d073798-c90c-44da-aadb-279c986a50c0"
	for _, kind := range []struct {
		name   string
		inputs []string
		least  int
	}{{"uuids", hostileUUIDs(uuid), 40}, {"numbers", hostileNumbers(), 20}, {"values", hostileValues(), 30}} {
		if len(kind.inputs) < kind.least {
			t.Errorf("%d %s, want %d", len(kind.inputs), kind.name, kind.least)
		}
		if len(firstDistinct(kind.inputs, len(kind.inputs))) != len(kind.inputs) {
			t.Errorf("some of the %s are there twice", kind.name)
		}
	}
	made := func(seed uint64) []string {
		lib := &Library{bench: &bench{seed: seed}}
		return slices.Concat(lib.madeUUIDs(12), lib.madeNumbers(10), lib.madeValues(10))
	}
	if one := made(1); !slices.Equal(one, made(1)) || slices.Equal(one, made(2)) || len(one) != 32 {
		t.Errorf("the seed does not choose the inputs: %q", one)
	}
	for _, input := range (&Library{bench: &bench{seed: 3}}).madeUUIDs(200) {
		if !mustBeRefused(input) {
			t.Errorf("%q is made as a uuid that must be refused", input)
		}
	}
}

func TestShrinkingFindsTheSmallest(t *testing.T) {
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
			got := (&Library{}).shrink(c.input, func(s string) (bool, bool) {
				if !asked[s] {
					fresh = append(fresh, s)
				}
				return asked[s] && c.harms(s), asked[s]
			})
			if len(fresh) == 0 {
				if got != c.want {
					t.Errorf("%.20q is shrunk to %.20q, want %.20q", c.input, got, c.want)
				}
				break
			}
			for _, s := range fresh {
				asked[s] = true
			}
		}
		if rounds > maxRounds-8 || len(asked) > 200 {
			t.Errorf("%.20q took %d rounds and %d requests", c.input, rounds, len(asked))
		}
	}
}

func TestAValueMayBeReadInSeveralWays(t *testing.T) {
	for value, want := range map[string]string{
		"x%00y": "x", "a%2Cb": "b", `a%5C%2Cb`: "a,b", "%20x%20": "x", "a+b": "a b", "%ffx": "x", "%zz": "%zz", `%27`: "'",
	} {
		if readings, anything := readingsOf(value); !slices.Contains(readings, want) || anything {
			t.Errorf("%q is read as %q, want %q among it", value, readings, want)
		}
	}
	for _, value := range []string{"%00x", "%20", "%ff", "a,,b", "%5C"} {
		if _, anything := readingsOf(value); !anything {
			t.Errorf("%q can be read as nothing, which every name contains", value)
		}
	}
}
