package selftest

import (
	"slices"
	"testing"

	"github.com/libdrives/conformance/fixtures/generated"
	"github.com/libdrives/conformance/suites/requirement"
)

func TestEachEntryOfWhatIsAskedFirstIsAskedOfSomeFault(t *testing.T) {
	t.Parallel()
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatalf("the catalogue must load: %v", err)
	}
	asked := make([]bool, len(askedFirst))
	for _, fault := range generated.All(1) {
		if len(fault.Breaks) > 0 {
			continue
		}
		at := slices.IndexFunc(askedFirst, func(f first) bool { return f.fits(fault) })
		if at < 0 {
			t.Fatalf("nothing is asked first of %s", fault.Name())
		}
		asked[at] = true
	}
	for i, f := range askedFirst {
		if !asked[i] {
			t.Errorf("the entry %+v is asked of no fault, or an earlier one is asked of all of its faults", f)
		}
		if selected, err := catalogue.Select(f.ids); err != nil || len(selected) == 0 {
			t.Errorf("%q selects %d requirements: %v", f.ids, len(selected), err)
		}
	}
}
