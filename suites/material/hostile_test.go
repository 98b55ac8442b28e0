package material

import (
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/judge"
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
		if got := MustBeRefused(segment); got != want {
			t.Errorf("MustBeRefused(%q) = %v, want %v", segment, got, want)
		}
	}
}

// seeded is a library of which just the seed is known.
func seeded(seed uint64) *judge.Library {
	return &judge.Library{Evaluator: &judge.Evaluator{Seed: seed}}
}

func TestHostileInputsAreManyAndRepeatable(t *testing.T) {
	const uuid = "1d073798-c90c-44da-aadb-279c986a50c0"
	for _, kind := range []struct {
		name   string
		inputs []string
		least  int
	}{{"uuids", HostileUUIDs(uuid), 40}, {"numbers", HostileNumbers(), 20}, {"values", HostileValues(), 30}} {
		if len(kind.inputs) < kind.least {
			t.Errorf("%d %s, want %d", len(kind.inputs), kind.name, kind.least)
		}
		if len(firstDistinct(kind.inputs, len(kind.inputs))) != len(kind.inputs) {
			t.Errorf("some of the %s are there twice", kind.name)
		}
	}
	made := func(seed uint64) []string {
		lib := seeded(seed)
		return slices.Concat(MadeUUIDs(lib, 12), MadeNumbers(lib, 10), MadeValues(lib, 10))
	}
	if one := made(1); !slices.Equal(one, made(1)) || slices.Equal(one, made(2)) || len(one) != 32 {
		t.Errorf("the seed does not choose the inputs: %q", one)
	}
	for _, input := range MadeUUIDs(seeded(3), 200) {
		if !MustBeRefused(input) {
			t.Errorf("%q is made as a uuid that must be refused", input)
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
