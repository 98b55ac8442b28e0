package settings

import (
	"github.com/goccy/go-yaml/ast"
	"github.com/spf13/pflag"
)

// PasswordVariable is the variable that holds the password.
const PasswordVariable = passwordVariable

// Variable is the environment variable of a setting.
func Variable(setting string) string { return variable(setting) }

// LoadVariables reads the settings of a run that is given no flags.
func LoadVariables(environ []string) (Settings, error) {
	return Bind(pflag.NewFlagSet("run", pflag.ContinueOnError)).Load(environ)
}

// RunKeys are the names of all settings of a run.
func RunKeys() []string {
	var names []string
	for _, s := range table() {
		names = append(names, s.name)
	}
	return names
}

// OutputKeys are the names of the settings that say what is written and shown.
func OutputKeys() []string {
	var names []string
	for _, s := range table() {
		if s.group == Output {
			names = append(names, s.name)
		}
	}
	return names
}

// EmbeddedKeys are the names of the settings that shape the embedded reference endpoint.
func EmbeddedKeys() []string {
	var names []string
	for _, s := range table() {
		if s.only == embedded {
			names = append(names, s.name)
		}
	}
	return names
}

// PlainValue is the value of a setting in YAML as text; a setting that may be given several times may be a list.
func PlainValue(key string, node ast.Node) (string, error) {
	for _, s := range table() {
		if s.name == key {
			return scalar(node, s)
		}
	}
	return scalar(node, setting{})
}
