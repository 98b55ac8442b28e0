package settings_test

import (
	"slices"
	"strings"
	"testing"
)

func TestWhatIsRepeatedIsWhatWasGivenAsFlags(t *testing.T) {
	s := mustLoad(t, []string{"LIBDRIVES_PASSWORD=x", "LIBDRIVES_RATE=5"}, "--target", "https://host/api/2.0/", "--username", "O'Brien & sons", "--profile", "full",
		"--insecure-skip-verify", "--sample", "200", "--select", "LIC", "--json", "report.json", "--quiet", "--journal", "j")
	want := `--target https://host/api/2.0/ --username 'O'\''Brien & sons' --insecure-skip-verify --profile full --journal j`
	if got := strings.Join(s.Again(), " "); got != want {
		t.Errorf("the run is repeated by %q, it should be %q: no variable, no default, no choice and no report", got, want)
	}
	want = `--target https://host/api/2.0/ --username 'O'\''Brien & sons' --insecure-skip-verify --journal j`
	if got := strings.Join(s.AgainForCleanup(), " "); got != want {
		t.Errorf("what it left is found by %q, it should be %q", got, want)
	}
	if s := mustLoad(t, nil, "--fault", "size-zero", "--fault", "list-answers-203"); !slices.Equal(s.Again(), []string{"--fault", "size-zero,list-answers-203"}) {
		t.Errorf("the faults are repeated by %q", s.Again())
	}
}
