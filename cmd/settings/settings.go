package settings

import (
	"errors"
	"fmt"
	"strings"

	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// Settings are what a run is given.
type Settings struct {
	Config      suites.Config
	JUnit       string   // file of the JUnit report, or - for standard output; empty where none is wanted, as with the others
	JSON        string   // file of the JSON report
	HTML        string   // file of the HTML report
	Markdown    string   // file of the Markdown report
	HAR         string   // file of the HAR archive of every exchange
	Metrics     string   // file of the report in the text format of Prometheus
	Record      string   // file that keeps the whole collection, for judge
	OutputDir   string   // folder of those files that have no name of their own; empty where there is none
	Annotations string   // for whom the failures are printed as annotations: github, or empty
	CI          CI       // the server that it runs on, or CINone
	JobSummary  string   // file to which the Markdown report is added for that server; empty where there is none
	BlindSpots  bool     // say what the run would not have noticed
	Quiet       bool     // no progress; only failures and the closing line
	Verbose     bool     // tell every requirement, and every finding whole
	Color       Color    // when to colour; auto has become never where NO_COLOR is set or the terminal is dumb
	Dumb        bool     // the terminal can't move its cursor: progress is plain lines
	Warnings    []string // what is allowed but unwise, a line each
	Notes       []string // what was given and has no effect, a line each

	passwordFile string
	configFile   string
	failedFile   string
	dash         string // before the names of flags
	waiversFile  string
	baselineFile string
	libraryFile  string
	sources      map[string]source // where each given setting came from
	given        map[string]given  // each as it was given
}

// Color says when output is coloured.
type Color string

// When output is coloured.
const (
	ColorAuto   Color = "auto"
	ColorAlways Color = "always"
	ColorNever  Color = "never"
)

// rank orders the places that a setting can come from; the highest wins.
type rank int

const (
	fromFile rank = iota + 1
	fromVariable
	fromFlag
)

// source is where a value came from: "--sample", "LIBDRIVES_SAMPLE" or "run.yaml:3: sample".
type source struct {
	name string
	rank rank
}

type given struct {
	source
	value string
}

// passwordVariable is the one setting that is neither a flag nor a key.
const passwordVariable = "LIBDRIVES_PASSWORD"

// Load reads the settings from the flags, from the environment (as of os.Environ) and from the configuration file that
// one of them names. The error tells everything that is wrong, a line each; it is always the user's to put right.
func (f *Flags) Load(environ []string) (Settings, error) {
	s := Settings{Color: ColorAuto, dash: f.dash, sources: map[string]source{}, given: map[string]given{}}
	values := map[string]given{}
	variables, err := fromEnvironment(environ)
	errs := []error{err}
	merge(values, variables)
	merge(values, f.fromFlags())
	if config, named := values["config"]; named {
		inFile, err := fromConfig(config.value)
		errs = append(errs, err)
		merge(values, inFile)
	}
	if !f.narrow && f.values["failed"] != nil {
		errs = append(errs, s.readFailed(values))
	}
	for _, setting := range table() {
		v, found := values[setting.name]
		if !found || f.narrow && f.values[setting.name] == nil {
			continue
		}
		s.sources[setting.name], s.given[setting.name] = v.source, v
		if err := setting.assign(&s, v.value); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", v.source.name, err))
		}
	}
	s.Config.Reference.Seed = s.Config.Seed
	s.nameOutputs(f.values["record"] != nil)
	if !f.narrow {
		errs = append(errs, s.password(environ))
	}
	errs = append(errs, s.readLibrary())
	if f.values["waivers"] != nil { // else the command judges nothing, and needs neither
		errs = append(errs, s.readWaivers(), s.readBaseline())
	}
	errs = append(errs, s.contradictions())
	noColor, _ := lookup(environ, "NO_COLOR")
	if (noColor != "" || Dumb(environ)) && s.Color == ColorAuto {
		s.Color = ColorNever
	}
	s.Dumb = Dumb(environ)
	if err := errors.Join(errs...); err != nil {
		return Settings{}, err
	}
	f.recognize(&s, environ)
	return s, nil
}

// Dumb reports whether the environment says that the terminal knows no colours and can't move its cursor.
func Dumb(environ []string) bool {
	terminal, _ := lookup(environ, "TERM")
	return terminal == "dumb"
}

// merge keeps of each setting the value that came from the higher place.
func merge(values, further map[string]given) {
	for name, v := range further {
		if known, found := values[name]; !found || v.rank > known.rank {
			values[name] = v
		}
	}
}

func (f *Flags) fromFlags() map[string]given {
	values := map[string]given{}
	for name, v := range f.values {
		if len(v.given) > 0 {
			values[name] = given{source{f.dash + name, fromFlag}, v.value()}
		}
	}
	return values
}

// fromEnvironment reads the LIBDRIVES_ variables. One that no setting has is an error: it may be a slip that would
// otherwise change what is judged without a word.
func fromEnvironment(environ []string) (map[string]given, error) {
	settings := table()
	known := []string{passwordVariable}
	byVariable := map[string]string{}
	for _, s := range settings {
		known = append(known, variable(s.name))
		byVariable[variable(s.name)] = s.name
	}
	values := map[string]given{}
	var errs []error
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "LIBDRIVES_") || name == passwordVariable {
			continue
		}
		if setting, found := byVariable[name]; found {
			values[setting] = given{source{name, fromVariable}, value}
			continue
		}
		errs = append(errs, unknown("environment variable", name, known))
	}
	return values, errors.Join(errs...)
}

func variable(setting string) string {
	return "LIBDRIVES_" + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

func lookup(environ []string, name string) (value string, found bool) {
	// The last one counts, as for a process that is started with the environment.
	for _, entry := range environ {
		if key, v, _ := strings.Cut(entry, "="); key == name {
			value, found = v, true
		}
	}
	return value, found
}

func unknown(kind, name string, known []string) error {
	if nearest := requirement.Nearest(name, known); nearest != "" {
		return fmt.Errorf("unknown %s %s: did you mean %s?", kind, name, nearest)
	}
	return fmt.Errorf("unknown %s %s (run --help shows all settings)", kind, name)
}

// contradictions are settings that are right each by itself but not together.
func (s *Settings) contradictions() error {
	var errs []error
	for _, setting := range table() {
		from, found := s.sources[setting.name]
		switch {
		case !found:
		case setting.only == withTarget && s.Config.Target == "":
			errs = append(errs, fmt.Errorf("%s: there is no target to use it for: give --target, or leave it out to judge the embedded reference endpoint", from.name))
		case setting.only == embedded && s.Config.Target != "":
			errs = append(errs, fmt.Errorf("%s: it shapes the embedded reference endpoint, but %s names another to judge: leave one of them out", from.name, s.sources["target"].name))
		}
	}
	if s.Quiet && s.Verbose {
		errs = append(errs, fmt.Errorf("%s and %s contradict each other: leave one of them out", s.sources["quiet"].name, s.sources["verbose"].name))
	}
	if s.Config.InsecureSkipVerify && s.Config.CAFile != "" {
		errs = append(errs, fmt.Errorf("%s and %s contradict each other: no certificate is checked with the first", s.sources["insecure-skip-verify"].name, s.sources["ca-file"].name))
	}
	return errors.Join(errs...)
}
