package main

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// pages are the topics of help, a Markdown page each. The same pages are in .github/docs, where the README leads to them.
//
//go:embed topics/*.md
var pages embed.FS

// topic is a page of help that is about no single command.
type topic struct{ name, about string }

// topics are in the order in which help lists them. What they are about is in the first line of their page.
func topics() []topic {
	var all []topic
	for _, name := range []string{"verdicts", "profiles", "safety", "waivers", "ci", "importers", "clients", "fleet", "reports", "endpoint", "install"} {
		page, err := pages.ReadFile("topics/" + name + ".md")
		if err != nil {
			continue // a test says that each is there
		}
		title, _, _ := strings.Cut(string(page), "\n")
		all = append(all, topic{name, strings.TrimPrefix(title, "# ")})
	}
	return all
}

func topicNames() []string {
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
	}
	return names
}

// writeTopic writes a page for a terminal: without the marks by which Markdown makes links and headings.
func writeTopic(w io.Writer, name string) error {
	page, err := pages.ReadFile("topics/" + name + ".md")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, plainPage(string(page)))
	return err
}

var (
	linkOfPage = regexp.MustCompile(`\[([^\]]+)\]\([^)]+\)`)
	fenceLine  = regexp.MustCompile("^`{3,}[a-z]*$")
)

func plainPage(markdown string) string {
	var b strings.Builder
	fence := ""
	for line := range strings.Lines(markdown) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case fence != "" && line == fence:
			fence = ""
		case fence != "":
			fmt.Fprintln(&b, strings.TrimRight("    "+line, " "))
		case fenceLine.MatchString(line):
			fence = strings.TrimRight(line, "abcdefghijklmnopqrstuvwxyz")
		case strings.HasPrefix(line, "#"):
			fmt.Fprintln(&b, strings.ToUpper(strings.TrimLeft(line, "# ")))
		case strings.HasPrefix(line, "|--"), line == "| | |":
		default:
			line = linkOfPage.ReplaceAllString(line, "$1")
			fmt.Fprintln(&b, strings.NewReplacer("**", "", `\_`, "_", `\*`, "*").Replace(line))
		}
	}
	return b.String()
}
