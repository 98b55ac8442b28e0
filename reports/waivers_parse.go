package reports

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/libdrives/conformance/suites/requirement"
)

// waiverKeys are the keys of a waiver in its file.
func waiverKeys() []string { return []string{"requirement", "reason", "until", "match"} }

// ParseWaivers reads waivers from YAML: a list of mappings with the keys requirement, reason, until and, where not every
// failure of the requirement is meant, match. The file's name stands in the error, which tells all that is wrong at
// once, a line each with its place. A file with nothing but comments has none.
func ParseWaivers(file string, text []byte, catalogue *requirement.Catalogue) ([]Waiver, error) {
	parsed, err := parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0) // some editors begin a file with a mark
	if err != nil {
		return nil, notYAML(file, err)
	}
	entries, err := waiverEntries(file, parsed)
	if err != nil {
		return nil, err
	}
	var errs []error
	var waivers []Waiver
	for _, entry := range entries {
		pairs := pairsOf(entry)
		if len(pairs) == 0 {
			errs = append(errs, fmt.Errorf("%s:%d: not a waiver: give requirement, reason and until, such as `- requirement: OWNER-02`", file, entry.GetToken().Position.Line))
			continue
		}
		w, lines, mistakes := parseWaiver(pairs)
		for _, m := range w.mistakes(catalogue, waivers) {
			if !slices.ContainsFunc(mistakes, func(told mistake) bool { return told.key == m.key }) {
				mistakes = append(mistakes, m)
			}
		}
		for _, m := range mistakes {
			line := m.line
			if line == 0 {
				line = lines[m.key]
			}
			if line == 0 {
				line = w.Line
			}
			errs = append(errs, fmt.Errorf("%s:%d: %s", file, line, m.text))
		}
		waivers = append(waivers, w.tidied())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return waivers, nil
}

// CheckWaivers finds what is wrong with waivers that were not read from a file, all at once.
func CheckWaivers(waivers []Waiver, catalogue *requirement.Catalogue) error {
	var errs []error
	for i, w := range waivers {
		for _, m := range w.mistakes(catalogue, waivers[:i]) {
			errs = append(errs, fmt.Errorf("waiver %d of the list: %s", i+1, m.text))
		}
	}
	return errors.Join(errs...)
}

// mistake is what is wrong with a waiver: about which of its keys, in which line where that is not the key's own.
type mistake struct {
	key, text string
	line      int
}

// mistakes are those of a waiver that follows others.
func (w Waiver) mistakes(catalogue *requirement.Catalogue, before []Waiver) []mistake {
	var found []mistake
	note := func(key, format string, args ...any) {
		found = append(found, mistake{key: key, text: fmt.Sprintf(format, args...)})
	}
	w = w.tidied()
	if w.Requirement == "" {
		note("requirement", "the waiver names no requirement: give its id, such as OWNER-02")
	} else if _, err := catalogue.Lookup(w.Requirement); err != nil {
		note("requirement", "%v", err)
	}
	if w.Reason == "" {
		note("reason", "the waiver of %s has no reason: say why the failure is put up with", visible(w.Requirement))
	}
	if w.Until == "" {
		note("until", "the waiver of %s has no until: give the last day on which the failure is put up with, such as 2027-01-31", visible(w.Requirement))
	} else if _, err := time.Parse(time.DateOnly, w.Until); err != nil {
		note("until", "until is %q: give the last day on which the failure is put up with, such as 2027-01-31", w.Until)
	}
	twice := slices.IndexFunc(before, func(other Waiver) bool {
		other = other.tidied()
		return other.Requirement == w.Requirement && other.Match == w.Match
	})
	if w.Requirement != "" && twice >= 0 {
		first := fmt.Sprintf("number %d", twice+1)
		if line := before[twice].Line; line > 0 {
			first = fmt.Sprintf("in line %d", line)
		}
		note("requirement", "%s is waived twice, the first is %s: leave one out, or tell them apart with match", visible(w.Requirement), first)
	}
	return found
}

// tidied is a waiver as it is compared: the id as in the catalogue, every text in one line.
func (w Waiver) tidied() Waiver {
	w.Requirement = strings.ToUpper(strings.TrimSpace(w.Requirement))
	w.Reason, w.Until, w.Match = oneLine(w.Reason), strings.TrimSpace(w.Until), oneLine(w.Match)
	return w
}

// notYAML keeps the place and the message, and drops the excerpt of the file.
func notYAML(file string, err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", file, located.GetToken().Position.Line, oneLine(located.GetMessage()))
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
func parseWaiver(pairs []*ast.MappingValueNode) (w Waiver, lines map[string]int, wrong []mistake) {
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
			wrong = append(wrong, mistake{nearest, unknown.Error(), line})
			continue
		}
		value, err := plainText(pair.Value)
		if err != nil {
			wrong = append(wrong, mistake{key, key + ": " + err.Error(), line})
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
