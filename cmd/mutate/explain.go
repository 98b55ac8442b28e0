package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"
)

//go:embed explained.yaml
var explained []byte

// explanation says why a mutant may survive.
type explanation struct {
	ID     string `yaml:"id"`     // the requirement
	Line   string `yaml:"line"`   // a regular expression that the assertion's line matches; without one, all of the spec's are meant
	Reason string `yaml:"reason"` // why that is no defect

	line *regexp.Regexp
}

func (e explanation) title() string {
	if e.Line == "" {
		return e.ID
	}
	return fmt.Sprintf("%s at %q", e.ID, e.Line)
}

// loadExplained reads the list of explanations.
func loadExplained(text []byte) ([]explanation, error) {
	var list []explanation
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&list); err != nil {
		return nil, fmt.Errorf("explained.yaml can't be read: %w", err)
	}
	var errs []error
	for i, e := range list {
		if e.ID == "" || e.Reason == "" {
			errs = append(errs, fmt.Errorf("explained.yaml, entry %d: it needs an id and a reason", i+1))
		}
		line, err := regexp.Compile(e.Line)
		if err != nil {
			errs = append(errs, fmt.Errorf("explained.yaml, entry %d: %w", i+1, err))
		}
		list[i].line = line
	}
	return list, errors.Join(errs...)
}

// excuse gives survivors the reasons that explain them, counts those left without one, and returns the explanations that
// explain nothing though what they are about was tried.
func excuse(survivors []survivor, list []explanation, each bool, tried []string) (bare int, stale []explanation) {
	used := make([]bool, len(list))
	for i := range survivors {
		s := &survivors[i]
		for j, e := range list {
			if e.ID == s.id && (e.Line != "") == each && e.line.MatchString(s.line) {
				s.reason, used[j] = e.Reason, true
			}
		}
		if s.reason == "" {
			bare++
		}
	}
	for j, e := range list {
		if !used[j] && (e.Line != "") == each && slices.Contains(tried, e.ID) {
			stale = append(stale, e)
		}
	}
	return bare, stale
}
