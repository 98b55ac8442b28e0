// Package waivers reads the YAML list of failures that are put up with, and drafts one from a report.
//
// It must not know what becomes of a waiver in a run: package reports holds them against results.
package waivers

import (
	"cmp"
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
	return readAll(form[reports.Waiver]{
		keys: waiverKeys(), needed: "requirement, reason and until", such: "requirement: OWNER-02",
		at:     func(w *reports.Waiver, line int) { w.Line = line },
		fields: func(w *reports.Waiver) []*string { return []*string{&w.Requirement, &w.Reason, &w.Until, &w.Match} },
		mistakes: func(w reports.Waiver, before []reports.Waiver) []reports.Mistake {
			return w.Mistakes(catalogue, before)
		},
		tidied: reports.Waiver.Tidied,
	}, file, text)
}

// form is how a kind of waiver is written: with which keys, and into which fields they are read, in the same order.
type form[W any] struct {
	keys         []string
	needed, such string // the keys that every waiver has, and how one begins
	at           func(w *W, line int)
	fields       func(*W) []*string
	tidied       func(W) W
	mistakes     func(w W, before []W) []reports.Mistake
}

// readAll reads a list of waivers of a form.
func readAll[W any](f form[W], file string, text []byte) ([]W, error) {
	entries, err := waiverEntries(file, text, f.such)
	if err != nil {
		return nil, err
	}
	var errs []error
	var waivers []W
	for _, entry := range entries {
		pairs := yamlfile.Pairs(entry)
		if len(pairs) == 0 {
			errs = append(errs, fmt.Errorf("%s:%d: not a waiver: give %s, such as `- %s`", file, yamlfile.Line(entry), f.needed, f.such))
			continue
		}
		var w W
		first := yamlfile.Line(pairs[0].Key)
		if f.at != nil {
			f.at(&w, first)
		}
		lines, mistakes := readKeys(pairs, f.keys, f.fields(&w))
		for _, m := range f.mistakes(w, waivers) {
			if !slices.ContainsFunc(mistakes, func(known reports.Mistake) bool { return known.Key == m.Key }) {
				mistakes = append(mistakes, m)
			}
		}
		for _, m := range mistakes {
			errs = append(errs, fmt.Errorf("%s:%d: %s", file, cmp.Or(m.Line, lines[m.Key], first), m.Text))
		}
		waivers = append(waivers, f.tidied(w))
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
