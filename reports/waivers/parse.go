// Package waivers reads the YAML list of failures that are put up with, and drafts one from a report.
//
// It must not know what becomes of a waiver in a run: package reports holds them against results.
package waivers

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/yamlfile"
	"github.com/libdrives/conformance/suites/requirement"
)

// waiverKeys are the keys of a waiver in its file.
func waiverKeys() []string { return []string{"requirement", "reason", "until", "match"} }

// Parse reads waivers from YAML: a list of mappings with the keys requirement, reason, until and, where not every
// failure of the requirement is meant, match. The file's name stands in the error, which tells all that is wrong at
// once, a line each with its place. A file with nothing but comments has none.
func Parse(file string, text []byte, catalogue *requirement.Catalogue) ([]reports.Waiver, error) {
	entries, err := waiverEntries(file, text, "requirement: OWNER-02")
	if err != nil {
		return nil, err
	}
	var errs []error
	var waivers []reports.Waiver
	for _, entry := range entries {
		pairs := yamlfile.Pairs(entry)
		if len(pairs) == 0 {
			errs = append(errs, fmt.Errorf("%s:%d: not a waiver: give requirement, reason and until, such as `- requirement: OWNER-02`", file, yamlfile.Line(entry)))
			continue
		}
		w := reports.Waiver{Line: yamlfile.Line(pairs[0].Key)}
		lines, mistakes := readKeys(pairs, waiverKeys(), []*string{&w.Requirement, &w.Reason, &w.Until, &w.Match})
		for _, m := range w.Mistakes(catalogue, waivers) {
			if !slices.ContainsFunc(mistakes, func(known reports.Mistake) bool { return known.Key == m.Key }) {
				mistakes = append(mistakes, m)
			}
		}
		for _, m := range mistakes {
			line := m.Line
			if line == 0 {
				line = lines[m.Key]
			}
			if line == 0 {
				line = w.Line
			}
			errs = append(errs, fmt.Errorf("%s:%d: %s", file, line, m.Text))
		}
		waivers = append(waivers, w.Tidied())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return waivers, nil
}

// waiverEntries are the entries of the file's one list.
func waiverEntries(file string, text []byte, such string) ([]ast.Node, error) {
	bodies, err := yamlfile.Parse(file, text, ": give a list of waivers, such as list --format waivers prints")
	if err != nil || len(bodies) == 0 {
		return nil, err
	}
	list, isList := bodies[0].(*ast.SequenceNode)
	if !isList {
		return nil, fmt.Errorf("%s:%d: not a list of waivers: begin each with a dash, such as `- %s`", file, yamlfile.Line(bodies[0]), such)
	}
	return list.Values, nil
}

// readKeys reads the keys of one entry into the fields, and tells in which line each of them stands and which are none or
// can't be read.
func readKeys(pairs []*ast.MappingValueNode, keys []string, fields []*string) (lines map[string]int, wrong []reports.Mistake) {
	lines = map[string]int{}
	for _, pair := range pairs {
		key, line := pair.Key.GetToken().Value, yamlfile.Line(pair.Key)
		i := slices.Index(keys, key)
		if i < 0 {
			// That the key which was meant is missing need not be reported as well.
			nearest := requirement.Nearest(key, keys)
			unknown := &requirement.UnknownNameError{Kind: "key", Name: key, Nearest: nearest, Hint: "known are " + strings.Join(keys, ", ")}
			wrong = append(wrong, reports.Mistake{Key: nearest, Text: unknown.Error(), Line: line})
			continue
		}
		value, err := yamlfile.Plain(pair.Value)
		if err != nil {
			wrong = append(wrong, reports.Mistake{Key: key, Text: fmt.Sprintf("%s: %v: give plain text", key, err), Line: line})
		}
		*fields[i], lines[key] = value, line
	}
	return lines, wrong
}
