package requirement

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// UnknownNameError is a name that the catalogue does not have. Green must mean that something was judged, so a mistyped
// name is never a silent nothing.
type UnknownNameError struct {
	Kind    string // "requirement", "profile", "level" …
	Name    string // as given
	Nearest string // the closest known name; empty where none is close
	Hint    string // where the known names are to be found
}

// Error says what is unknown, what comes closest and where to look.
func (e *UnknownNameError) Error() string {
	text := fmt.Sprintf("unknown %s %q", e.Kind, e.Name)
	if e.Nearest != "" {
		text += fmt.Sprintf(": did you mean %q?", e.Nearest)
	}
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

func unknown(kind, name string, known []string, hint string) *UnknownNameError {
	return &UnknownNameError{Kind: kind, Name: name, Nearest: Nearest(name, known), Hint: hint}
}

// Nearest returns the known name closest to the given one, case aside, or "" where none is close enough to be a
// likely slip of the finger: at most a third of the name's letters, and at least two, may differ. Where there is none such, it is
// the shortest that begins with the given one, or else that has it within.
func Nearest(name string, known []string) string {
	best, distance := "", max(2, len(name)/3)+1
	for _, candidate := range known {
		d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(candidate))
		if d < distance {
			best, distance = candidate, d
		}
	}
	const telling = 3 // letters; fewer are in many names
	if best != "" || len(name) < telling {
		return best
	}
	for _, has := range []func(string, string) bool{strings.HasPrefix, strings.Contains} {
		for _, candidate := range known {
			if has(strings.ToLower(candidate), strings.ToLower(name)) && (best == "" || len(candidate) < len(best)) {
				best = candidate
			}
		}
		if best != "" {
			break
		}
	}
	return best
}

// Profile says how far a run may go; see DESIGN: effects and profiles.
type Profile string

// The profiles, mildest first.
const (
	ReadProfile  Profile = "read"  // requirements of effect read
	WriteProfile Profile = "write" // read and write
	FullProfile  Profile = "full"  // read, write and probe
)

// ParseProfile reads a profile's name.
func ParseProfile(name string) (Profile, error) {
	known := []string{string(ReadProfile), string(WriteProfile), string(FullProfile)}
	if slices.Contains(known, name) {
		return Profile(name), nil
	}
	return "", unknown("profile", name, known, "known are read, write, full")
}

// Allows reports whether a run of the profile judges requirements of the effect.
func (p Profile) Allows(e Effect) bool {
	switch p {
	case FullProfile:
		return true
	case WriteProfile:
		return e != Probe
	default:
		return e == Read
	}
}

// ParseLevel reads a level's name.
func ParseLevel(name string) (Level, error) {
	known := []string{string(Must), string(Should), string(May)}
	if slices.Contains(known, name) {
		return Level(name), nil
	}
	return "", unknown("level", name, known, "known are must, should, may")
}

// Select returns, in catalogue order, the requirements that a comma-separated expression names: ids (OWNER-02), areas
// (LIC) and levels (must). Each name adds to the selection; an empty expression selects everything. The case of names
// does not matter. Every unknown name is reported, each with the nearest known one.
func (c *Catalogue) Select(expression string) ([]Requirement, error) {
	if strings.TrimSpace(expression) == "" {
		return c.All(), nil
	}
	wanted := map[string]bool{}
	var errs []error
	for name := range strings.SplitSeq(expression, ",") {
		name = strings.TrimSpace(name)
		if name == "" {
			errs = append(errs, fmt.Errorf("selection %q has an empty name between its commas", expression))
			continue
		}
		matched := false
		for _, r := range c.requirements {
			if strings.EqualFold(name, r.ID) || strings.EqualFold(name, r.Area) || strings.EqualFold(name, string(r.Level)) {
				wanted[r.ID], matched = true, true
			}
		}
		if !matched {
			errs = append(errs, unknown("requirement, area or level", name, c.names(), "list shows them all"))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(c.All(), func(r Requirement) bool { return !wanted[r.ID] }), nil
}

// Named returns the requirements that a name stands for: one by its id, or all of an area. The case does not matter.
func (c *Catalogue) Named(name string) ([]Requirement, error) {
	if strings.TrimSpace(name) == "" {
		return nil, errors.New("the name is empty: give an id such as OWNER-02 or an area such as OWNER")
	}
	var named []Requirement
	for _, r := range c.requirements {
		if strings.EqualFold(strings.TrimSpace(name), r.ID) || strings.EqualFold(strings.TrimSpace(name), r.Area) {
			named = append(named, r)
		}
	}
	if len(named) > 0 {
		return named, nil
	}
	known := c.ids()
	for _, a := range c.areas {
		known = append(known, a.Name)
	}
	return nil, unknown("requirement or area", name, known, "list shows them all")
}

func (c *Catalogue) names() []string {
	names := c.ids()
	for _, a := range c.areas {
		names = append(names, a.Name)
	}
	for _, l := range Levels() {
		names = append(names, string(l))
	}
	return names
}

// Labels are those of the requirement's Ginkgo spec: level, effect, area and id.
func (r Requirement) Labels() []string {
	return []string{string(r.Level), string(r.Effect), r.Area, r.ID}
}

// KnownLabels checks that a Ginkgo label filter names only labels that some requirement has, so that a mistyped label
// is an error and not a filter that selects nothing. Regular expressions (/…/) are left to Ginkgo.
func (c *Catalogue) KnownLabels(filter string) error {
	known := append(c.names(), string(Read), string(Write), string(Probe))
	var errs []error
	for label := range strings.FieldsFuncSeq(expressionless.ReplaceAllString(filter, " "), func(r rune) bool {
		return strings.ContainsRune("()&|!,", r)
	}) {
		label = strings.TrimSpace(label)
		if label != "" && !slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, label) }) {
			errs = append(errs, unknown("label", label, known, "labels are ids, areas, levels and effects"))
		}
	}
	return errors.Join(errs...)
}

var expressionless = regexp.MustCompile(`/(?:[^/\\]|\\.)*/`)
