package main_test

import (
	"os"
	"strings"
	"testing"
)

// benchFile holds the table that make bench wrote last, and benchReadme quotes it.
const (
	benchFile   = "../../suites/BENCH.md"
	benchReadme = "../../README.md"
)

// TestTheReadmeQuotesTheBenchTable: what the README says of times and memory is what make bench measured last, and nothing where
// it was not run yet.
func TestTheReadmeQuotesTheBenchTable(t *testing.T) {
	want := ""
	if table, err := os.ReadFile(benchFile); err == nil {
		want = quoted(string(table))
	}
	if _, found, _ := quotation(t); found != want {
		t.Errorf("the README says of times and memory\n%s\nand %s says\n%s", found, benchFile, want)
	}
}

// quotation is the part of the README that make bench writes, between what stands before and after it.
func quotation(t *testing.T) (before, quoted, after string) {
	t.Helper()
	readme, err := os.ReadFile(benchReadme)
	if err != nil {
		t.Fatalf("the README can't be read: %v", err)
	}
	const begin, end = "<!-- make bench writes this -->\n", "<!-- and no more -->\n"
	before, rest, begun := strings.Cut(string(readme), begin)
	quoted, after, ended := strings.Cut(rest, end)
	if !begun || !ended {
		t.Fatalf("the README has no part between %q and %q", begin, end)
	}
	return before + begin, quoted, end + after
}

// quoted is the table as the README has it.
func quoted(table string) string {
	var lines []string
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "|") {
			lines = append(lines, line)
		}
	}
	machine, rows, _ := strings.Cut(strings.Join(lines, ""), "|")
	return "\n## Time and memory\n\n`make bench` measures the program from outside, and what it is compared with beside it, and writes\n" +
		"[suites/BENCH.md](suites/BENCH.md). The last time:\n\n" + machine + "\n|" + rows + "\n"
}
