package html_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// page is what a browser makes of a page.
type page struct{ *html.Node }

func parsed(t testing.TB, text string) page {
	t.Helper()
	node, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("the page can't be parsed: %v", err)
	}
	return page{node}
}

// elements are those of a name, or all where it is empty.
func (p page) elements(name string) []page {
	var list []page
	for n := range p.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			list = append(list, page{n})
		}
	}
	return list
}

func (p page) attribute(name string) string {
	for _, a := range p.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func (p page) id(id string) (page, bool) {
	for _, e := range p.elements("") {
		if e.attribute("id") == id {
			return e, true
		}
	}
	return page{}, false
}

func (p page) text() string {
	var b strings.Builder
	for n := range p.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// words is the text of an element, a space between its words whatever element they are in.
func (p page) words() string {
	var words []string
	for n := range p.Descendants() {
		if n.Type == html.TextNode {
			words = append(words, strings.Fields(n.Data)...)
		}
	}
	return strings.Join(words, " ")
}

// unbalanced says where an element is closed that was not opened last, or not closed at all.
func unbalanced(written string) string {
	z := html.NewTokenizer(strings.NewReader(written))
	void := []atom.Atom{atom.Meta, atom.Link, atom.Input, atom.Br, atom.Hr, atom.Img}
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Sprintf("%v are not closed", open)
			}
			return ""
		case html.StartTagToken:
			if token := z.Token(); !slices.Contains(void, token.DataAtom) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			token := z.Token()
			if len(open) == 0 || open[len(open)-1] != token.Data {
				return fmt.Sprintf("</%s> closes none of %v", token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
}
