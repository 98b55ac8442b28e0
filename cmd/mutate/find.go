package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
)

// source is a file of the suite, and what stands in it.
type source struct {
	name  string // its path below suites, as in a place
	text  []byte
	specs []spec
	sites []site
	named []spec     // ids that stand in the file as texts, such as in the table that a loop makes specs of
	loops []position // calls of Suite.Requirement whose id is worked out
}

// position is where something stands.
type position struct {
	offset int
	at     string // file:line
}

// spec is a call of Suite.Requirement.
type spec struct {
	id string
	at string // file:line

	offset int // of the id, where the call itself does not say it
}

// site is where an assertion is made: the end of lib.Expect(…).RelyingOn(…).To(…). That a helper's assertion belongs to the
// spec that calls it shows when it runs; see assertion.go.txt.
type site struct {
	at   string // file:line; two assertions of one line are one site
	line string // its text, trimmed
	to   int    // the offset of the method's name
	open int    // the offset just behind the parenthesis that follows
}

// taker is the method that stands in for Assertion.To in the mutated build.
const taker = "ToUnlessTakenOut"

// find looks for specs and assertions. Every call of a method To counts as one, for the assertion that it ends may have
// begun elsewhere; where it is another type's, the mutated build fails and says where.
func find(name string, text []byte) (*source, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &source{name: name, text: text}
	lines := bytes.Split(text, []byte("\n"))
	at := func(p token.Pos) string { return fmt.Sprintf("%s:%d", name, set.Position(p).Line) }
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, isLiteral := n.(*ast.BasicLit); isLiteral {
			if text, isText := literal(lit); isText && identifier.MatchString(text) {
				s.named = append(s.named, spec{id: text, offset: set.Position(lit.Pos()).Offset})
			}
		}
		call, method := methodCall(n)
		if call == nil {
			return true
		}
		switch {
		case method.Sel.Name == "Requirement" && len(call.Args) == 2:
			if id, isText := literal(call.Args[0]); isText {
				s.specs = append(s.specs, spec{id: id, at: at(call.Pos())})
			} else {
				s.loops = append(s.loops, position{set.Position(call.Pos()).Offset, at(call.Pos())})
			}
		case method.Sel.Name == "To":
			position := set.Position(method.Sel.Pos())
			s.sites = append(s.sites, site{
				at: at(method.Sel.Pos()), line: string(bytes.TrimSpace(lines[position.Line-1])),
				to: position.Offset, open: set.Position(call.Lparen).Offset + 1,
			})
		}
		return true
	})
	return s, err
}

var identifier = regexp.MustCompile(`^[A-Z]+-[0-9]{2}$`)

// fromLoops are the specs, of those that are missing, that a loop makes of a table: the loop that follows the table, or
// the first of the file.
func (s *source) fromLoops(missing map[string]bool) []spec {
	var found []spec
	for _, named := range s.named {
		if !missing[named.id] || len(s.loops) == 0 {
			continue
		}
		loop := s.loops[0]
		if i := slices.IndexFunc(s.loops, func(l position) bool { return l.offset > named.offset }); i > 0 {
			loop = s.loops[i]
		}
		found = append(found, spec{id: named.id, at: loop.at})
		delete(missing, named.id)
	}
	return found
}

// methodCall is n where it is the call of a method, or of another package's function.
func methodCall(n ast.Node) (*ast.CallExpr, *ast.SelectorExpr) {
	call, isCall := n.(*ast.CallExpr)
	if !isCall {
		return nil, nil
	}
	method, isMethod := call.Fun.(*ast.SelectorExpr)
	if !isMethod {
		return nil, nil
	}
	return call, method
}

func literal(x ast.Expr) (string, bool) {
	lit, isLiteral := x.(*ast.BasicLit)
	if !isLiteral || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// rewrite makes every assertion one that can be taken out. What it asserts about is still worked out, so that the file
// compiles and the same requests are made. No line is added, so that places stay what they are.
func (s *source) rewrite() []byte {
	var b bytes.Buffer
	done := 0
	for _, site := range inOrder(s.sites) {
		b.Write(s.text[done:site.to])
		b.WriteString(taker)
		b.Write(s.text[site.to+len("To") : site.open])
		fmt.Fprintf(&b, "%q, ", site.at)
		done = site.open
	}
	b.Write(s.text[done:])
	return b.Bytes()
}
