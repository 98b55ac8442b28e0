// Package waivers reads the YAML list of failures that are put up with, and drafts one from a report.
//
// It must not know what becomes of a waiver in a run: package reports holds them against results.
package waivers

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/requirement"
)

// waiverKeys are the keys of a waiver in its file.
func waiverKeys() []string { return []string{"requirement", "reason", "until", "match"} }

// Parse reads waivers from YAML: a list of mappings with the keys requirement, reason, until and, where not every
// failure of the requirement is meant, match. The file's name stands in the error, which tells all that is wrong at
// once, a line each with its place. A file with nothing but comments has none.
func Parse(file string, text []byte, catalogue *requirement.Catalogue) ([]reports.Waiver, error) {
	parsed, err := parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0) // some editors begin a file with a mark
	if err != nil {
		return nil, notYAML(file, err)
	}
	entries, err := waiverEntries(file, parsed)
	if err != nil {
		return nil, err
	}
	var errs []error
	var waivers []reports.Waiver
	for _, entry := range entries {
		pairs := pairsOf(entry)
		if len(pairs) == 0 {
			errs = append(errs, fmt.Errorf("%s:%d: not a waiver: give requirement, reason and until, such as `- requirement: OWNER-02`", file, entry.GetToken().Position.Line))
			continue
		}
		w, lines, mistakes := parseWaiver(pairs)
		for _, m := range w.Mistakes(catalogue, waivers) {
			if !slices.ContainsFunc(mistakes, func(told reports.Mistake) bool { return told.Key == m.Key }) {
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

// notYAML keeps the place and the message, and drops the excerpt of the file.
func notYAML(file string, err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", file, located.GetToken().Position.Line, show.OneLine(located.GetMessage()))
	}
	return fmt.Errorf("%s is not YAML: give a list of waivers, such as list --format waivers prints", file)
}

// waiverEntries are the entries of the file's one list.
func waiverEntries(file string, parsed *ast.File) ([]ast.Node, error) {
	var entries []ast.Node
	lists := 0
	for _, document := range parsed.Docs {
		switch body := document.Body.(type) {
		case nil, *ast.CommentGroupNode, *ast.NullNode:
		case *ast.SequenceNode:
			entries, lists = append(entries, body.Values...), lists+1
		default:
			return nil, fmt.Errorf("%s:%d: not a list of waivers: begin each with a dash, such as `- requirement: OWNER-02`", file, body.GetToken().Position.Line)
		}
	}
	if lists > 1 {
		return nil, fmt.Errorf("%s has several documents (---): which one counts?", file)
	}
	return entries, nil
}

// pairsOf are the keys and values of one entry; none where it is no mapping.
func pairsOf(entry ast.Node) []*ast.MappingValueNode {
	switch entry := entry.(type) {
	case *ast.MappingNode:
		return entry.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{entry}
	}
	return nil
}

// parseWaiver reads one entry, and tells in which line each of its keys stands and which are none or can't be read.
func parseWaiver(pairs []*ast.MappingValueNode) (w reports.Waiver, lines map[string]int, wrong []reports.Mistake) {
	w.Line = pairs[0].Key.GetToken().Position.Line
	fields := map[string]*string{"requirement": &w.Requirement, "reason": &w.Reason, "until": &w.Until, "match": &w.Match}
	lines = map[string]int{}
	for _, pair := range pairs {
		key, line := pair.Key.GetToken().Value, pair.Key.GetToken().Position.Line
		field, known := fields[key]
		if !known {
			// That the key which was meant is missing need not be told as well.
			nearest := requirement.Nearest(key, waiverKeys())
			unknown := &requirement.UnknownNameError{Kind: "key", Name: key, Nearest: nearest, Hint: "known are " + strings.Join(waiverKeys(), ", ")}
			wrong = append(wrong, reports.Mistake{Key: nearest, Text: unknown.Error(), Line: line})
			continue
		}
		value, err := plainText(pair.Value)
		if err != nil {
			wrong = append(wrong, reports.Mistake{Key: key, Text: key + ": " + err.Error(), Line: line})
		}
		*field, lines[key] = value, line
	}
	return w, lines, wrong
}

// plainText takes a value as text. One that is left empty is told where it is missed.
func plainText(node ast.Node) (string, error) {
	switch value := node.(type) {
	case *ast.StringNode:
		return value.Value, nil
	case *ast.LiteralNode:
		return value.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return value.GetToken().Value, nil
	case *ast.NullNode:
		return "", nil
	}
	return "", fmt.Errorf("%s: give plain text", strings.ToLower(node.Type().String()))
}
