package settings

import (
	"regexp"
	"slices"
	"strings"
)

// Again are the words of a command line that asks for the same endpoint in the same way once more, without what chooses
// requirements and without outputs: what was given as flags, and what came from a report. What stands in a variable or in the
// configuration file is still there, and is not repeated.
func (s *Settings) Again() []string {
	return s.repeat(func(setting setting) bool {
		choosing := slices.Contains([]string{"select", "label-filter", "failed", "baseline", "dry-run"}, setting.name)
		return !choosing && (setting.group != Output || setting.name == "journal")
	})
}

// AgainForCleanup are likewise those that reach the endpoint and find what a run left.
func (s *Settings) AgainForCleanup() []string {
	return s.repeat(func(setting setting) bool {
		return setting.group == Endpoint || setting.name == "config" || setting.name == "journal"
	})
}

func (s *Settings) repeat(wanted func(setting) bool) []string {
	var words []string
	for _, setting := range table() {
		value, found := s.given[setting.name]
		if !found || value.rank != fromFlag || value.value == setting.initial || !wanted(setting) {
			continue
		}
		if setting.isSwitch() {
			words = append(words, "--"+setting.name+map[bool]string{true: "", false: "=" + value.value}[value.value == "true"])
			continue
		}
		shown := Quoted(value.value)
		if setting.name == "header" { // a value may be a secret
			shown = "NAME=VALUE"
		}
		words = append(words, "--"+setting.name, shown)
	}
	return words
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Quoted is a word as a POSIX shell takes it.
func Quoted(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
