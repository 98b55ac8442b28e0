package fleet

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports/yamlfile"
	"github.com/libdrives/conformance/suites/requirement"
)

// Target is an endpoint of a fleet, and how it is judged.
type Target struct {
	Name     string
	URL      string
	Environ  []string // of the process that judges it, the password among it
	Writes   bool     // by its profile
	Clones   int      // its own bound; 0 where it has none
	Warnings []string

	folder string
}

// The keys of a target beside the settings of a run.
const (
	keyName             = "name"
	keyUsernameVariable = "username-variable"
	keyPasswordVariable = "password-variable"
)

// ownSettings are those that a target may have of its own: what is written and shown is the fleet's to say.
func ownSettings() []string {
	return slices.DeleteFunc(settings.RunKeys(), func(name string) bool {
		return name == "config" || name == "failed" || slices.Contains(settings.OutputKeys(), name) || slices.Contains(settings.EmbeddedKeys(), name)
	})
}

// entry is what stands in the file of a target.
type entry struct {
	line   int
	values map[string]string
	lines  map[string]int
}

// ReadTargets reads the YAML list of targets. Settings that a target lacks are those of the environment. The error tells all that is
// wrong, a line each with its place; no password stands in one.
func ReadTargets(file string, environ []string) ([]*Target, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the file of targets can't be read: %w", err)
	}
	entries, err := parseTargets(file, text)
	if err != nil {
		return nil, err
	}
	var targets []*Target
	var errs []error
	for _, e := range entries {
		target, err := e.target(file, environ)
		errs = append(errs, err)
		targets = append(targets, target)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return targets, distinct(targets)
}

func parseTargets(file string, text []byte) ([]entry, error) {
	const hint = ": give a list of targets, such as `- name: ZRH`"
	bodies, err := yamlfile.Parse(file, text, hint)
	if err != nil {
		return nil, err
	}
	if len(bodies) == 0 {
		return nil, fmt.Errorf("%s names no target%s", file, hint)
	}
	list, isList := bodies[0].(*ast.SequenceNode)
	if !isList {
		return nil, fmt.Errorf("%s:%d: not a list of targets: begin each with a dash, such as `- name: ZRH`", file, yamlfile.Line(bodies[0]))
	}
	known := append([]string{keyName, keyUsernameVariable, keyPasswordVariable}, ownSettings()...)
	var entries []entry
	var errs []error
	for _, node := range list.Values {
		e := entry{line: yamlfile.Line(node), values: map[string]string{}, lines: map[string]int{}}
		pairs := yamlfile.Pairs(node)
		if len(pairs) == 0 {
			errs = append(errs, fmt.Errorf("%s:%d: not a target: give name and target, such as `- name: ZRH`", file, e.line))
		}
		for _, pair := range pairs {
			key, line := pair.Key.GetToken().Value, yamlfile.Line(pair.Key)
			if err := e.take(key, line, pair.Value, known); err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", file, line, err))
			}
		}
		entries = append(entries, e)
	}
	return entries, errors.Join(errs...)
}

func (e entry) take(key string, line int, value ast.Node, known []string) error {
	switch {
	case key == "password":
		return errors.New("password: a password does not belong into this file: name the variable that holds it with password-variable")
	case !slices.Contains(known, key):
		if slices.Contains(settings.RunKeys(), key) {
			return fmt.Errorf("%s: it is the fleet's to say, and no target's", key)
		}
		unknown := &requirement.UnknownNameError{Kind: "key", Name: key, Nearest: requirement.Nearest(key, known), Hint: "known are name, password-variable, username-variable and the settings of run"}
		return unknown
	case e.lines[key] > 0:
		return fmt.Errorf("%s: it is given in line %d already", key, e.lines[key])
	}
	text, err := settings.PlainValue(key, value)
	if err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%s: the value is empty: give one, or leave it out", key)
	}
	e.values[key], e.lines[key] = text, line
	return nil
}

// target makes a target of what is given, and proves that a run takes it.
func (e entry) target(file string, environ []string) (*Target, error) {
	at := func(key string) string {
		line := e.lines[key]
		if line == 0 {
			line = e.line
		}
		return fmt.Sprintf("%s:%d: %s", file, line, key)
	}
	var errs []error
	for _, key := range []string{keyName, "target"} {
		if e.values[key] == "" {
			errs = append(errs, fmt.Errorf("%s: it is missing", at(key)))
		}
	}
	given := map[string]string{}
	for key, value := range e.values {
		switch key {
		case keyName:
		case keyUsernameVariable, keyPasswordVariable:
			secret, found := lookup(environ, value)
			if !found || secret == "" {
				errs = append(errs, fmt.Errorf("%s: the variable %s is not set", at(key), value))
			}
			given["LIBDRIVES_"+strings.ToUpper(strings.TrimSuffix(key, "-variable"))] = secret
		default:
			given[settings.Variable(key)] = value
		}
	}
	if e.values[keyUsernameVariable] != "" && e.values["username"] != "" {
		errs = append(errs, fmt.Errorf("%s: username is given too: leave one of them out", at(keyUsernameVariable)))
	}
	if e.values[keyPasswordVariable] != "" && e.values["password-file"] != "" {
		errs = append(errs, fmt.Errorf("%s: password-file is given too: leave one of them out", at(keyPasswordVariable)))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	target := &Target{Name: e.values[keyName], URL: e.values["target"]}
	if given[settings.PasswordVariable] == "" && e.values["password-file"] != "" {
		environ = without(environ, settings.PasswordVariable)
	}
	err := target.prepare(environ, given)
	if err == nil {
		return target, nil
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		for _, key := range slices.Sorted(keys(e.values)) {
			if rest, found := strings.CutPrefix(line, settings.Variable(key)+":"); found {
				line = at(key) + ":" + rest
			}
		}
		if !strings.HasPrefix(line, file) {
			line = fmt.Sprintf("%s:%d: %s: %s", file, e.line, target.Name, line)
		}
		errs = append(errs, errors.New(line))
	}
	return nil, errors.Join(errs...)
}

// prepare makes the environment of the process, and has a run's own settings read from it, so that what is wrong is said before
// anything is sent.
func (t *Target) prepare(environ []string, given map[string]string) error {
	t.Environ = without(environ, "LIBDRIVES_TARGET", "LIBDRIVES_MAX_CLONES")
	for _, output := range settings.OutputKeys() {
		t.Environ = without(t.Environ, settings.Variable(output))
	}
	for _, variable := range slices.Sorted(keys(given)) {
		t.Environ = append(without(t.Environ, variable), variable+"="+given[variable])
	}
	s, err := settings.LoadVariables(t.Environ)
	if err != nil {
		return err
	}
	t.Writes = s.Config.Profile != "" && s.Config.Profile != requirement.ReadProfile && !s.Config.DryRun
	t.Clones, t.Warnings = s.Config.MaxClones, s.Warnings
	return nil
}

// distinct gives each target a folder, and refuses two of one name: their reports could not be told apart.
func distinct(targets []*Target) error {
	var errs []error
	taken := map[string]string{}
	for _, t := range targets {
		t.folder = folderOf(t.Name)
		if t.folder == "" {
			errs = append(errs, fmt.Errorf("the name %q has no letter that a folder could be called by: give another", t.Name))
		}
		if other, twice := taken[t.folder]; twice {
			errs = append(errs, fmt.Errorf("two targets are called %q and %q, which is the same folder: give each a name of its own", other, t.Name))
		}
		taken[t.folder] = t.Name
	}
	return errors.Join(errs...)
}

// folderOf is a name as a folder: what a file system may not take is a dash.
func folderOf(name string) string {
	folder := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	return strings.TrimLeft(folder[:min(len(folder), 80)], ".")
}

// Share are the targets of the share with the index, of so many: every share has as many as any other, but for one.
func Share(targets []*Target, index, of int) []*Target {
	var share []*Target
	for i, t := range targets {
		if i%of == index {
			share = append(share, t)
		}
	}
	return share
}
