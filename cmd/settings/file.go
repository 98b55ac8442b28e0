package settings

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// fromConfig reads the configuration file: one mapping from the names of settings to values.
func fromConfig(file string) (map[string]given, error) {
	if strings.TrimSpace(file) == "" {
		return nil, nil // the empty value is told where it is assigned
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the configuration file can't be read: %w", err)
	}
	return readConfig(file, content)
}

// readConfig reads the text of the configuration file.
func readConfig(file string, content []byte) (map[string]given, error) {
	parsed, err := parser.ParseBytes(bytes.TrimPrefix(content, []byte("\ufeff")), 0) // some editors begin a file with a mark
	if err != nil {
		return nil, syntaxError(file, err)
	}
	entries, err := topLevel(file, parsed)
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
		place := fmt.Sprintf("%s:%d", file, entry.Key.GetToken().Position.Line)
		from := source{place + ": " + key, fromFile}
		s, found := known[key]
		switch {
		case key == "password":
			errs = append(errs, fmt.Errorf("%s: a password does not belong into this file: put it into LIBDRIVES_PASSWORD, or into a file of its own that password-file names", from.name))
		case key == "config":
			errs = append(errs, fmt.Errorf("%s: a configuration file can't name another: use --config or LIBDRIVES_CONFIG", from.name))
		case !found:
			errs = append(errs, fmt.Errorf("%s: %w", place, unknown("key", key, names)))
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

// syntaxError keeps the place and the message, and drops the excerpt of the file, which may hold anything.
func syntaxError(file string, err error) error {
	var located yaml.Error
	if errors.As(err, &located) && located.GetToken() != nil {
		return fmt.Errorf("%s:%d: %s", file, located.GetToken().Position.Line, located.GetMessage())
	}
	return fmt.Errorf("%s is not YAML", file)
}

// topLevel returns the entries of the file's one mapping; a file with nothing but comments has none.
func topLevel(file string, parsed *ast.File) ([]*ast.MappingValueNode, error) {
	var entries []*ast.MappingValueNode
	for _, document := range parsed.Docs {
		switch body := document.Body.(type) {
		case nil, *ast.CommentGroupNode, *ast.NullNode:
		case *ast.MappingNode:
			entries = append(entries, body.Values...)
		case *ast.MappingValueNode:
			entries = append(entries, body)
		default:
			return nil, fmt.Errorf("%s:%d: not a mapping of settings to values, such as `target: https://host/api/2.0/`", file, body.GetToken().Position.Line)
		}
	}
	if len(parsed.Docs) > 1 && len(entries) > 0 {
		return nil, fmt.Errorf("%s has several documents (---): which one counts?", file)
	}
	return entries, nil
}

// scalar takes the value of a setting as text. A setting that may be given several times may be a list in YAML too.
func scalar(node ast.Node, s setting) (string, error) {
	switch value := node.(type) {
	case *ast.StringNode:
		return value.Value, nil
	case *ast.LiteralNode:
		return value.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return value.GetToken().Value, nil
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
	return "", fmt.Errorf("%s: give a plain value", strings.ToLower(node.Type().String()))
}
