package junit_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The two schemas that JUnit files are validated against, as rules: what people who run xmllint would see. The XSD
// files themselves are not kept here.

// form says what an XML element may look like.
type form struct {
	required map[string]func(string) bool
	optional map[string]func(string) bool
	children string // a regular expression over the children's names, each followed by a space
	text     bool
}

func anyText(string) bool { return true }

func matches(pattern string) func(string) bool {
	return regexp.MustCompile("^(?:" + pattern + ")$").MatchString
}

func isInt(s string) bool {
	_, err := strconv.ParseInt(s, 10, 32)
	return err == nil
}

func isToken(s string) bool { return s == strings.Join(strings.Fields(s), " ") }

func isName(s string) bool { return s != "" && isToken(s) }

func isLocalTime(s string) bool {
	_, err := time.Parse("2006-01-02T15:04:05", s)
	return err == nil && matches(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}`)(s)
}

type checks = map[string]func(string) bool

var (
	isDecimal      = matches(`[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)`)
	isSurefireTime = matches(`(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?`)
)

// ant is JUnit.xsd of windyroad/JUnit-Schema. Its skipped is of any type, so no form is kept for it.
var ant = map[string]form{
	"testsuites": {children: `(testsuite )*`},
	"testsuite": {
		required: checks{"name": isName, "package": isToken, "id": isInt, "timestamp": isLocalTime, "hostname": isName,
			"tests": isInt, "failures": isInt, "errors": isInt, "time": isDecimal},
		optional: checks{"skipped": isInt},
		children: `properties (testcase )*system-out system-err `,
	},
	"properties": {children: `(property )*`},
	"property":   {required: checks{"name": isName, "value": anyText}},
	"testcase":   {required: checks{"name": isToken, "classname": isToken, "time": isDecimal}, children: `((skipped|error|failure) )?`},
	"failure":    {required: checks{"type": anyText}, optional: checks{"message": anyText}, text: true},
	"error":      {required: checks{"type": anyText}, optional: checks{"message": anyText}, text: true},
	"system-out": {text: true},
	"system-err": {text: true},
}

// jenkins is junit-10.xsd of the xunit plugin.
var jenkins = map[string]form{
	"testsuites": {
		optional: checks{"name": anyText, "time": isSurefireTime, "tests": anyText, "failures": anyText, "errors": anyText},
		children: `(testsuite )*`,
	},
	"testsuite": {
		required: checks{"name": anyText, "tests": anyText, "failures": anyText, "errors": anyText},
		optional: checks{"group": anyText, "time": isSurefireTime, "skipped": anyText, "timestamp": anyText, "hostname": anyText,
			"id": anyText, "package": anyText, "file": anyText, "log": anyText, "url": anyText},
		children: `((testsuite|properties|testcase|system-out|system-err) )*`,
	},
	"properties": {children: `(property )*`},
	"property":   {required: checks{"name": anyText, "value": anyText}},
	"testcase": {
		required: checks{"name": anyText}, optional: checks{"time": anyText, "classname": anyText, "group": anyText},
		children: `((skipped|error|failure|rerunFailure|rerunError|flakyFailure|flakyError|system-out|system-err) )*`,
	},
	"failure":    {optional: checks{"type": anyText, "message": anyText}, text: true},
	"error":      {optional: checks{"type": anyText, "message": anyText}, text: true},
	"skipped":    {optional: checks{"type": anyText, "message": anyText}, text: true},
	"system-out": {text: true},
	"system-err": {text: true},
}

// node is a parsed element.
type node struct {
	name       string
	Attributes map[string]string
	children   []*node
	text       string
}

// parseXML reads a document strictly: only what XML 1.0 allows, and one root.
func parseXML(document string) (*node, error) {
	decoder := xml.NewDecoder(strings.NewReader(document))
	top := &node{}
	stack := []*node{top}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		parent := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			child := &node{name: t.Name.Local, Attributes: map[string]string{}}
			for _, a := range t.Attr {
				if _, twice := child.Attributes[a.Name.Local]; twice {
					return nil, fmt.Errorf("%s has attribute %s twice", child.name, a.Name.Local)
				}
				child.Attributes[a.Name.Local] = a.Value
			}
			parent.children = append(parent.children, child)
			stack = append(stack, child)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			parent.text += string(t)
		}
	}
	if len(top.children) != 1 {
		return nil, fmt.Errorf("the document has %d roots", len(top.children))
	}
	return top.children[0], nil
}

// violations says where a tree departs from a schema.
func (n *node) violations(schema map[string]form) []string {
	f, known := schema[n.name]
	if !known {
		return nil // of any type
	}
	var found []string
	say := func(format string, values ...any) { found = append(found, n.name+": "+fmt.Sprintf(format, values...)) }
	for name := range f.required {
		if _, there := n.Attributes[name]; !there {
			say("attribute %s is required", name)
		}
	}
	for name, value := range n.Attributes {
		check := f.required[name]
		if check == nil {
			check = f.optional[name]
		}
		switch {
		case check == nil:
			say("attribute %s is not allowed", name)
		case !check(value):
			say("attribute %s=%q is not of its type", name, value)
		}
	}
	var order strings.Builder
	for _, child := range n.children {
		order.WriteString(child.name + " ")
		found = append(found, child.violations(schema)...)
	}
	if !matches(f.children)(order.String()) {
		say("children %q, allowed are %q", order.String(), f.children)
	}
	if !f.text && strings.TrimSpace(n.text) != "" {
		say("text %q is not allowed", n.text)
	}
	return found
}

// Named returns the descendants of a name, in document order.
func (n *node) Named(name string) []*node {
	var found []*node
	for _, child := range n.children {
		if child.name == name {
			found = append(found, child)
		}
		found = append(found, child.Named(name)...)
	}
	return found
}
