package settings

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/libdrives/conformance/reports/yamlfile"
)

// fromConfig reads the configuration file: one mapping from the names of settings to values.
func fromConfig(file string) (map[string]given, error) {
	if strings.TrimSpace(file) == "" {
		return nil, nil // the empty value is reported where it is assigned
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the configuration file can't be read: %w", err)
	}
	return readConfig(file, content)
}

// readConfig reads the text of the configuration file.
func readConfig(file string, content []byte) (map[string]given, error) {
	entries, err := topLevel(file, content)
	if err != nil {
		return nil, err
	}
	known := map[string]setting{}
	var names []string
	for _, s := range table() {
		known[s.name] = s
		names = append(names, s.name)
	}
	values := map[string]given{}
	var errs []error
	for _, entry := range entries {
		key := entry.Key.GetToken().Value
		line := fmt.Sprintf("%s:%d", file, yamlfile.Line(entry.Key))
		from := source{line + ": " + key, fromFile}
		s, found := known[key]
		switch {
		case key == "password":
			errs = append(errs, fmt.Errorf("%s: a password does not belong into this file: put it into LIBDRIVES_PASSWORD, or into a file of its own that password-file names", from.name))
		case key == "config":
			errs = append(errs, fmt.Errorf("%s: a configuration file can't name another: use --config or LIBDRIVES_CONFIG", from.name))
		case !found:
			errs = append(errs, fmt.Errorf("%s: %w", line, unknown("key", key, names)))
		default:
			value, err := scalar(entry.Value, s)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", from.name, err))
				continue
			}
			values[key] = given{from, value}
		}
	}
	return values, errors.Join(errs...)
}

// topLevel are the entries of the file's one mapping; a file with nothing but comments has none.
func topLevel(file string, content []byte) ([]*ast.MappingValueNode, error) {
	bodies, err := yamlfile.Parse(file, content, "")
	if err != nil || len(bodies) == 0 {
		return nil, err
	}
	switch bodies[0].(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return yamlfile.Pairs(bodies[0]), nil
	}
	return nil, fmt.Errorf("%s:%d: not a mapping of settings to values, such as `target: https://host/api/2.0/`", file, yamlfile.Line(bodies[0]))
}

// scalar takes the value of a setting as text. A setting that may be given several times may be a list in YAML too.
func scalar(node ast.Node, s setting) (string, error) {
	switch value := node.(type) {
	case *ast.NullNode:
		return "", errors.New("the value is empty: give one, or leave the setting out")
	case *ast.SequenceNode:
		if !s.list && s.name != "select" {
			return "", errors.New("a list: give one value")
		}
		var items []string
		for _, item := range value.Values {
			text, err := scalar(item, setting{})
			if err != nil {
				return "", err
			}
			items = append(items, text)
		}
		return strings.Join(items, ","), nil
	}
	text, err := yamlfile.Plain(node)
	if err != nil {
		return "", fmt.Errorf("%w: give a plain value", err)
	}
	return text, nil
}
