package material

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/judge"
)

// drivesOf makes drives of a name, an os and categories each.
func drivesOf(rows ...[3]string) (drives []judge.Drive) {
	for i, row := range rows {
		text := fmt.Sprintf(`{"uuid": "%08d-0000-4000-8000-000000000000", "name": %q, "os": %q, "category": [%s]}`, i, row[0], row[1], row[2])
		drives = append(drives, judge.DriveOf(gjson.Parse(text), nil))
	}
	return drives
}

// TestEachWayReturnsSomethingElse gives each way a library and a query by which it is told, lest one is right after all.
func TestEachWayReturnsSomethingElse(t *testing.T) {
	long := "A name that is so long that no field of any database holds all of it, as far as we know, and more"
	rows := [][3]string{
		{"Linux 1.0", "linux", `"web", "db"`}, {"linux 1.0", "linux", `"web"`}, {" Linux 1.0", "other", `"db", "web"`}, {"Linux 1", "other", ""}, {"Big Linux 1.0", "linux", ""},
		{"Linux", "", ""}, {"1.0", "windows", ""}, {"L/x", "windows", ""}, {"x", "windows", ""}, {"a-b;c.d e", "windows", ""}, {"Linux1.0", "other", ""}, {"c.d e", "x", ""},
		{"1.00", "x", ""}, {"01", "x", ""}, {"1", "x", ""}, {"b;c", "y", ""}, {"a", "y", ""}, {"Gro\u00dfe", "z", ""}, {"Gro?e", "z", ""}, {"LINUX server", "z", ""},
		{long, "linux", ""}, {long + "!", "linux", ""}, {long[:64], "x", ""}, {long[:32], "x", ""}, {long[:20], "x", ""}, {long[:16], "x", ""}, {long[:8], "x", ""},
	}
	for i := range 90 {
		rows = append(rows, [3]string{fmt.Sprintf("Filler %d", i), "linux", ""})
	}
	drives := drivesOf(append(rows, [3]string{"the last", "linux", `"web"`})...)
	var queries [][]Term
	for _, row := range rows {
		queries = append(queries, []Term{Where("name", row[0])})
	}
	queries = append(queries, []Term{Where("category", "web")}, []Term{Where("os", "linux")}, []Term{Where("os", "x")}, []Term{Where("name", "a-b;c.d e")})
	if _, blind := telling(drives, queries, exactWays()); len(blind) > 0 {
		t.Errorf("of the ways with one value, %q are told by none of the queries", names(blind))
	}
	var words [][]Term
	for _, word := range []string{"LINUX", "linux", "Linux", "inux 1", "x 1.0", "INUX", "know", "AND MORE", "LAST", "Filler 8", "holds", "datab", "field", "no field", "that", "so long that"} {
		words = append(words, []Term{Where("name__icontains", word)})
	}
	if _, blind := telling(drives, words, searchWays()); len(blind) > 0 {
		t.Errorf("of the ways to search, %q are told by none of the words", names(blind))
	}
	three := [][]Term{{Where("os", "x", "y", "z")}, {Where("os", "z", "x", "y")}}
	if _, blind := telling(drives, three, severalValuesWays()); len(blind) > 0 {
		t.Errorf("of the ways with several values, %q are told by none", names(blind))
	}
	crossed := drivesOf([3]string{"one", "a", `"p"`}, [3]string{"one", "a", `"q"`}, [3]string{"one", "b", `"p"`}, [3]string{"two", "a", `"p"`})
	triple := [][]Term{{Where("name", "one"), Where("os", "a"), Where("category", "p")}}
	if _, blind := telling(crossed, triple, severalFiltersWays()); len(blind) > 0 {
		t.Errorf("of the ways with several filters, %q are told by none", names(blind))
	}
}

// TestTheFewestQueriesAreChosen leaves out what tells nothing new, and names what nothing tells.
func TestTheFewestQueriesAreChosen(t *testing.T) {
	drives := drivesOf([3]string{"Alpha", "a", ""}, [3]string{"Alpha Two", "a", ""}, [3]string{"Beta", "b", ""}, [3]string{"alpha", "b", ""})
	ways := []Way{
		comparing("prefix", func(text, value string) bool { return len(text) >= len(value) && text[:len(value)] == value }),
		comparing("case", func(text, value string) bool { return text == value || text == SwapCase(value[:1])+value[1:] }),
		comparing("right", func(text, value string) bool { return text == value }),
	}
	candidates := [][]Term{{Where("name", "Beta")}, {Where("name", "alpha")}, {Where("name", "Alpha")}, {Where("name", "Alpha Two")}}
	chosen, blind := telling(drives, candidates, ways)
	if len(chosen) != 1 || chosen[0][0].String() != `name "Alpha"` {
		t.Errorf("chosen are %v, want Alpha alone, which tells both", chosen)
	}
	if !slices.Equal(names(blind), []string{"right"}) {
		t.Errorf("nothing tells %q, want just what is right", names(blind))
	}
}

// TestSpecialCharactersAreAskedFor has each character that means something to URLs, databases or patterns asked for by one value.
func TestSpecialCharactersAreAskedFor(t *testing.T) {
	rows := [][3]string{{"Plain", "a", ""}, {"O'Brien's", "a", ""}, {"It's", "b", ""}, {"C++ Box", "b", ""}, {"100% O'Free & Open", "b", ""}, {`C:\Setup`, "b", ""}}
	if got, want := specialAmong(drivesOf(rows...), "name", specialIn("+")), []string{"100% O'Free & Open"}; !slices.Equal(got, want) {
		t.Errorf("beside a plus %q are asked for, want %q: one value for all that is left, and none with a backslash", got, want)
	}
	if got, want := specialAmong(drivesOf(rows...), "name", 0), []string{"100% O'Free & Open", "C++ Box"}; !slices.Equal(got, want) {
		t.Errorf("%q are asked for, want %q", got, want)
	}
}
