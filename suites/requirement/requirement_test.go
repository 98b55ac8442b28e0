package requirement_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/requirement"
)

func load(t *testing.T) *requirement.Catalogue {
	t.Helper()
	catalogue, err := requirement.Load()
	if err != nil {
		t.Fatalf("the built-in catalogue must load: %v", err)
	}
	return catalogue
}

func TestTheCatalogueHoldsEveryRequirementOnce(t *testing.T) {
	catalogue := load(t)
	if got := len(catalogue.All()); got != 171 {
		t.Errorf("the catalogue has %d requirements, the API description has 171", got)
	}
	if got := len(catalogue.Areas()); got != 17 {
		t.Errorf("the catalogue has %d areas, the API description has 17", got)
	}
	if first := catalogue.Areas()[0]; first.Name != "LIST" || first.Title != "Listing library drives" {
		t.Errorf("the first area is %+v, it should be LIST: areas keep the documentation's order", first)
	}
	r, err := catalogue.Lookup("owner-02")
	if err != nil || r.ID != "OWNER-02" || r.Area != "OWNER" || r.Level != requirement.Must || r.Effect != requirement.Read {
		t.Errorf("Lookup(owner-02) = %+v, %v; it should find OWNER-02, a must that only reads", r, err)
	}
}

func TestSelect(t *testing.T) {
	catalogue := load(t)
	for expression, want := range map[string]string{
		"OWNER-02":             "OWNER-02",
		"HIDE,OWNER-02":        "OWNER-02 HIDE-01 HIDE-02 HIDE-03 HIDE-04 HIDE-05",
		" owner-02 , HIDE-01 ": "OWNER-02 HIDE-01",
		"OWNER-02,OWNER-02":    "OWNER-02",
	} {
		selected, err := catalogue.Select(expression)
		if err != nil {
			t.Errorf("Select(%q) failed: %v", expression, err)
			continue
		}
		var ids []string
		for _, r := range selected {
			ids = append(ids, r.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("Select(%q) = %s, want %s (catalogue order, each once)", expression, got, want)
		}
	}
	if all, err := catalogue.Select(""); err != nil || len(all) != 171 {
		t.Errorf("an empty selection gives %d requirements and error %v, it should give all 171", len(all), err)
	}
	if musts, err := catalogue.Select("must"); err != nil || len(musts) == 0 || len(musts) == 171 {
		t.Errorf("the level must selects %d requirements and error %v, it should select some and not all", len(musts), err)
	}
}

func TestAMistypedNameIsAnErrorWithTheNearestKnownOne(t *testing.T) {
	catalogue := load(t)
	for expression, nearest := range map[string]string{
		"ONWER-02": "OWNER-02", "LICC": "LIC", "LIST-01,musst": "must", "OWNER-99": "OWNER-0",
	} {
		_, err := catalogue.Select(expression)
		var unknown *requirement.UnknownNameError
		if !errors.As(err, &unknown) || !strings.HasPrefix(unknown.Nearest, nearest) {
			t.Errorf("Select(%q) gives %v, it should suggest %s", expression, err, nearest)
		}
	}
	if _, err := catalogue.Select("LIST,,HIDE"); err == nil {
		t.Error("an empty name between commas must be an error: it may be a variable that was not set")
	}
	if _, err := catalogue.Select("LISTT,HIDDE"); err == nil || !strings.Contains(err.Error(), "LISTT") || !strings.Contains(err.Error(), "HIDDE") {
		t.Errorf("two mistyped names give %v, the error should name both", err)
	}
	if _, err := requirement.ParseProfile("ful"); err == nil || !strings.Contains(err.Error(), `"full"`) {
		t.Errorf("profile ful gives %v, it should suggest full", err)
	}
	if _, err := requirement.ParseLevel("most"); err == nil || !strings.Contains(err.Error(), `"must"`) {
		t.Errorf("level most gives %v, it should suggest must", err)
	}
}

func TestGatesAndProfiles(t *testing.T) {
	for _, c := range []struct {
		gate, level requirement.Level
		want        bool
	}{
		{requirement.Must, requirement.Must, true}, {requirement.Must, requirement.Should, false},
		{requirement.Should, requirement.Must, true}, {requirement.Should, requirement.May, false},
		{requirement.May, requirement.May, true},
	} {
		if got := c.gate.Gates(c.level); got != c.want {
			t.Errorf("a gate at %s fails on %s: %v, want %v", c.gate, c.level, got, c.want)
		}
	}
	if requirement.ReadProfile.Allows(requirement.Write) || requirement.WriteProfile.Allows(requirement.Probe) {
		t.Error("a profile must not allow an effect beyond its own: production accounts depend on it")
	}
	if !requirement.FullProfile.Allows(requirement.Probe) || !requirement.WriteProfile.Allows(requirement.Read) {
		t.Error("a profile must allow every effect up to its own")
	}
}

func TestParseRefusesADamagedCatalogue(t *testing.T) {
	const head = "edition: 2\nareas: {LIST: Listing}\nrequirements:\n"
	for name, entry := range map[string]string{
		"id out of form": `  - {id: LIST-1, level: must, effect: read, source: s, states: s}`,
		"unknown area":   `  - {id: LISTS-01, level: must, effect: read, source: s, states: s}`,
		"unknown level":  `  - {id: LIST-01, level: musst, effect: read, source: s, states: s}`,
		"unknown effect": `  - {id: LIST-01, level: must, effect: reed, source: s, states: s}`,
		"no statement":   `  - {id: LIST-01, level: must, effect: read, source: s, states: ""}`,
		"widened before": `  - {id: LIST-01, level: must, effect: read, source: s, states: s, widened: 1}`,
		"widened later":  `  - {id: LIST-01, level: must, effect: read, source: s, states: s, widened: 3}`,
		"unknown key":    `  - {id: LIST-01, level: must, effect: read, source: s, states: s, stats: s}`,
		"id twice":       "  - {id: LIST-01, level: must, effect: read, source: s, states: s}\n  - {id: LIST-01, level: must, effect: read, source: s, states: s}",
	} {
		if _, err := requirement.Parse([]byte(head + entry + "\n")); err == nil {
			t.Errorf("%s: Parse accepts it, it must refuse it", name)
		}
	}
	const sound = "areas: {LIST: Listing}\nrequirements:\n  - {id: LIST-01, level: must, effect: read, source: s, states: s, widened: 2}\n"
	if c, err := requirement.Parse([]byte("edition: 2\n" + sound)); err != nil || c.Edition() != 2 {
		t.Errorf("a catalogue of edition 2 with a statement that was widened then must be read: %v", err)
	}
	if _, err := requirement.Parse([]byte(sound)); err == nil {
		t.Error("a catalogue without an edition must be refused: reports of it could not be compared")
	}
}
