package settings

import (
	"flag"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// GroupAnnotation is the annotation of a pflag.Flag that names its group in help.
const GroupAnnotation = "group"

// Flags are the settings that were given as flags. Bind or BindGoTest makes them; Load reads them after the flag set was
// parsed.
type Flags struct {
	dash   string
	values map[string]*flagValue
	narrow bool // settings that are none of these flags are left aside, wherever they are given
	byCI   bool // the CI server is recognized where none is named
}

// Bind defines the flags of a run.
func Bind(set *pflag.FlagSet) *Flags {
	flags := &Flags{dash: "--", values: map[string]*flagValue{}, byCI: true}
	for _, s := range table() {
		flags.define(set, s).Annotations = map[string][]string{GroupAnnotation: {s.group}}
	}
	return flags
}

// BindReference defines the flags that shape the reference endpoint, for the command that serves it.
func BindReference(set *pflag.FlagSet) *Flags {
	flags := &Flags{dash: "--", values: map[string]*flagValue{}}
	for _, s := range table() {
		if s.group == Reference || s.name == "seed" {
			flags.define(set, s)
		}
	}
	return flags
}

// BindCleanup defines the flags of the command that removes what earlier runs left: how to reach the endpoint, and where
// the journal is.
func BindCleanup(set *pflag.FlagSet) *Flags {
	flags := &Flags{dash: "--", values: map[string]*flagValue{}}
	for _, s := range table() {
		if s.group == Endpoint || slices.Contains([]string{"concurrency", "rate", "request-timeout", "settle-timeout", "journal", "quiet", "color", "config"}, s.name) {
			if s.name == "journal" {
				s.usage = "follow this journal, which the run was given or named; default every one in the user's own folder of a run against the target"
			}
			flags.define(set, s)
		}
	}
	return flags
}

// BindCheck defines the flags of the command that looks whether a run can do its work. Other settings of the run, wherever they are
// given, are left aside.
func BindCheck(set *pflag.FlagSet) *Flags {
	flags := &Flags{dash: "--", values: map[string]*flagValue{}}
	for _, s := range table() {
		if s.group == Endpoint || slices.Contains([]string{"profile", "max-clones", "rate", "request-timeout", "config"}, s.name) {
			flags.define(set, s)
		}
	}
	return flags
}

// BindJudge defines the flags of the command that judges a record: what counts, and what is written. Settings of the run
// that may stand in the environment or the configuration file are left aside, for the record says how the run was made.
func BindJudge(set *pflag.FlagSet) *Flags {
	flags := &Flags{dash: "--", values: map[string]*flagValue{}, narrow: true, byCI: true}
	for _, s := range table() {
		judging := s.group == Output && s.name != "journal" && s.name != "record"
		if slices.Contains([]string{"level", "select", "label-filter"}, s.name) {
			s.initial, s.usage = "", s.usage+"; default as in the run"
		}
		if judging || slices.Contains([]string{"level", "strict", "select", "label-filter", "waivers", "baseline", "blind-spots", "config"}, s.name) {
			flags.define(set, s).Annotations = map[string][]string{GroupAnnotation: {s.group}}
		}
	}
	return flags
}

// short are the letters of the flags that are typed most. There is none for the password's file: -p would invite a password.
func short() map[string]string {
	return map[string]string{"target": "t", "username": "u", "select": "s", "output-dir": "o", "verbose": "v"}
}

func (f *Flags) define(set *pflag.FlagSet, s setting) *pflag.Flag {
	value := &flagValue{setting: s}
	f.values[s.name] = value
	defined := set.VarPF(value, s.name, short()[s.name], s.usage)
	if s.isSwitch() {
		defined.NoOptDefVal = "true"
	}
	return defined
}

// BindGoTest defines the flags of a run for a test binary: all but those whose names belong to go test itself, which
// are given by their variables or in the configuration file.
func BindGoTest(set *flag.FlagSet) *Flags {
	flags := &Flags{dash: "-", values: map[string]*flagValue{}}
	for _, s := range table() {
		if ofGoTest(s.name) {
			continue
		}
		value := &flagValue{setting: s}
		flags.values[s.name] = value
		set.Var(value, s.name, s.usage)
	}
	return flags
}

// ofGoTest reports whether go test takes a flag of that name for itself, so that it never reaches the test binary.
func ofGoTest(name string) bool {
	return slices.Contains(strings.Fields(`
		a args asan asmflags bench benchmem benchtime blockprofile blockprofilerate buildmode buildvcs c compiler count cover
		covermode coverpkg coverprofile cpu cpuprofile exec failfast fullpath fuzz fuzzminimizetime fuzztime gccgoflags
		gcflags installsuffix json ldflags linkshared list memprofile memprofilerate mod modcacherw modfile msan
		mutexprofile mutexprofilefraction n o outputdir overlay p parallel pgo pkgdir race run short shuffle skip tags
		timeout toolexec trace trimpath v vet work x`), name)
}

// flagValue keeps what a flag was given. It takes everything: what is wrong with a value is said by Load, in the same
// words as of a variable or of a key in the configuration file.
type flagValue struct {
	setting setting
	given   []string
}

func (v *flagValue) String() string {
	if len(v.given) == 0 {
		return v.setting.initial
	}
	return v.value()
}

// value joins what a repeated flag was given; of others the last one counts.
func (v *flagValue) value() string {
	if v.setting.list {
		return strings.Join(v.given, ",")
	}
	return v.given[len(v.given)-1]
}

// Set keeps a value.
func (v *flagValue) Set(given string) error {
	v.given = append(v.given, given)
	return nil
}

// Type is what stands for the value in help. pflag writes a switch without one where its type is bool.
func (v *flagValue) Type() string {
	if v.setting.isSwitch() {
		return "bool"
	}
	return v.setting.value
}

// IsBoolFlag tells package flag that the flag needs no value.
func (v *flagValue) IsBoolFlag() bool { return v.setting.isSwitch() }

// Choices returns, for each setting whose values are a fixed set, the values; for shell completion.
func Choices() map[string][]string {
	choices := map[string][]string{}
	for _, s := range table() {
		if len(s.choices) > 0 {
			choices[s.name] = s.choices
		}
	}
	return choices
}
