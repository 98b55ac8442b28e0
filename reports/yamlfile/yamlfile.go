// Package yamlfile reads small YAML files that people write, so that whatever is wrong in one can be said with its place.
//
// It must not know what the files are about.
package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/libdrives/conformance/reports/internal/show"
)

// Parse reads the text of a file into its documents' bodies, those without anything left out. An error has the place and
// the message, and not the excerpt of the file, which may hold anything; hint says what the file should be.
func Parse(file string, text []byte, hint string) ([]ast.Node, error) {
	parsed, err := parser.ParseBytes(bytes.TrimPrefix(text, []byte("\ufeff")), 0) // some editors begin a file with a mark
	if err != nil {
		var located yaml.Error
		if errors.As(err, &located) && located.GetToken() != nil {
			return nil, fmt.Errorf("%s:%d: %s", file, located.GetToken().Position.Line, show.OneLine(located.GetMessage()))
		}
		return nil, fmt.Errorf("%s is not YAML%s", file, hint)
	}
	var bodies []ast.Node
	for _, document := range parsed.Docs {
		switch document.Body.(type) {
		case nil, *ast.CommentGroupNode, *ast.NullNode:
		default:
			bodies = append(bodies, document.Body)
		}
	}
	if len(bodies) > 1 {
		return nil, fmt.Errorf("%s has several documents (---): which one counts?", file)
	}
	return bodies, nil
}

// Pairs are the keys and values of a mapping; none of anything else.
func Pairs(node ast.Node) []*ast.MappingValueNode {
	switch node := node.(type) {
	case *ast.MappingNode:
		return node.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}
	}
	return nil
}

// Line is where something stands.
func Line(node ast.Node) int { return node.GetToken().Position.Line }

// Plain is a value as text; empty where it is left out. The error says what it is where it is no plain value.
func Plain(node ast.Node) (string, error) {
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
	return "", errors.New(strings.ToLower(node.Type().String()))
}
