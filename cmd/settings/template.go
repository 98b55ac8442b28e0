package settings

import (
	"fmt"
	"io"
	"strings"
)

// WriteTemplate writes a configuration file that holds every setting with what it means, each as a comment but for those that
// values has.
func WriteTemplate(w io.Writer, values map[string]string) error {
	var b strings.Builder
	b.WriteString("# Settings of libdrives-conformance: run --config FILE, or LIBDRIVES_CONFIG, reads them. A flag and an environment\n" +
		"# variable beat them. Take the # away from what you need. The password does not belong into this file: put it into\n" +
		"# LIBDRIVES_PASSWORD, or into a file of its own that password-file names.\n")
	for _, group := range Groups() {
		title := "\n# " + group + "\n"
		for _, s := range table() {
			if s.group != group || s.name == "config" || s.name == "failed" {
				continue
			}
			b.WriteString(title)
			title = ""
			for _, row := range wrapped(s.usage, templateWidth) {
				b.WriteString("\n#   " + row)
			}
			if value, given := values[s.name]; given {
				fmt.Fprintf(&b, "\n%s: %s\n", s.name, yamlText(value))
				continue
			}
			fmt.Fprintf(&b, "\n# %s: %s\n", s.name, s.example())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const templateWidth = 100

// example is a value that the setting takes, the usual one where there is one.
func (s setting) example() string {
	switch {
	case s.isSwitch():
		return "true"
	case s.name == "timeout" || s.name == "settle-timeout": // whose usual value is told in words
		return "30m"
	case s.initial != "":
		return s.initial
	case len(s.choices) > 0:
		return s.choices[0]
	}
	if value, known := map[string]string{
		"URL": "https://host/api/2.0/", "NAME": "me@example.com", "FILE": "file", "DIR": "reports", "N": "10", "NAMES": "LIC,OWNER-02", "EXPR": `'must && LIC'`,
		"DURATION": "10s", "NAME=VALUE": "X-Tenant=7",
	}[s.value]; known {
		return value
	}
	return s.value
}

// yamlText is a text as YAML takes it, whatever it holds.
func yamlText(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// wrapped are the rows of a text.
func wrapped(text string, width int) []string {
	var rows []string
	row := ""
	for _, word := range strings.Fields(text) {
		if row != "" && len(row)+1+len(word) > width {
			rows = append(rows, row)
			row = ""
		}
		row = strings.TrimSpace(row + " " + word)
	}
	return append(rows, row)
}
