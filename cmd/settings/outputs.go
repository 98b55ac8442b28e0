package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/files"
	"github.com/libdrives/conformance/reports/har"
	"github.com/libdrives/conformance/reports/html"
	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/junit"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/metrics"
	"github.com/libdrives/conformance/suites"
)

// output is a file that a run writes: which setting asked for it, where to, and how.
type output struct {
	setting, file string
	write         func(io.Writer, *suites.Result) error
}

// stdout is the name by which standard output is asked for.
const stdout = "-"

// nameOutputs gives the files that are wanted in a folder their usual names.
func (s *Settings) nameOutputs(recording bool) {
	if s.OutputDir == "" {
		return
	}
	for _, o := range []struct {
		setting, usual string
		file           *string
	}{
		{"junit", "report.xml", &s.JUnit}, {"json", "report.json", &s.JSON}, {"html", "report.html", &s.HTML},
		{"markdown", "report.md", &s.Markdown}, {"har", "report.har", &s.HAR}, {"metrics", "report.prom", &s.Metrics}, {"record", "run.jsonl", &s.Record},
	} {
		if *o.file == "" && (recording || o.setting != "record") {
			*o.file = filepath.Join(s.OutputDir, o.usual)
			s.sources[o.setting] = s.sources["output-dir"]
		}
	}
}

// ToStdout reports whether standard output is for a report: what is told to people goes to standard error then.
func (s *Settings) ToStdout() bool {
	return slices.ContainsFunc(s.outputs(), func(o output) bool { return o.file == stdout })
}

func (s *Settings) outputs() []output {
	of := func(write func(io.Writer, *reports.Report) error) func(io.Writer, *suites.Result) error {
		return func(w io.Writer, result *suites.Result) error { return write(w, result.Report) }
	}
	var wanted []output
	for _, o := range []output{
		{"junit", s.JUnit, of(junit.Write)},
		{"json", s.JSON, of(json.Write)},
		{"html", s.HTML, of(html.Write)},
		{"markdown", s.Markdown, of(markdown.Write)},
		{"har", s.HAR, func(w io.Writer, result *suites.Result) error {
			return har.Write(w, result.Report, result.Record.All())
		}},
		{"metrics", s.Metrics, of(metrics.Write)},
		{"record", s.Record, func(w io.Writer, result *suites.Result) error { return result.WriteRecord(w) }},
	} {
		if o.file != "" && !(o.setting == "markdown" && s.asksForJobSummary()) {
			wanted = append(wanted, o)
		}
	}
	return wanted
}

// Files are the settings that ask for a file, as they were given.
func (s *Settings) Files() []string {
	var given []string
	for _, o := range s.outputs() {
		given = append(given, s.name(o.setting))
	}
	return given
}

// CheckOutputs proves before anything is done that every file can be written, and that none is written over another or
// over what is read: the settings' own files, and those that are named. Only the baseline may be written anew, for it was
// read before. The error names the setting.
func (s *Settings) CheckOutputs(inputs ...string) error {
	var errs []error
	written := map[string]string{}
	all := s.outputs()
	if s.Config.Journal != "" {
		all = append(all, output{setting: "journal", file: s.Config.Journal})
	}
	for _, o := range all {
		if o.file == stdout {
			if other, taken := written[stdout]; taken {
				errs = append(errs, fmt.Errorf("%s: standard output takes one report, and has that of %s: name a file", o.setting, s.name(other)))
			}
			if o.setting == "journal" {
				errs = append(errs, errors.New("journal: standard output is no journal, for nothing can be read from it: name a file"))
			}
			written[stdout] = o.setting
			continue
		}
		for _, input := range append(inputs, s.passwordFile, s.configFile, s.waiversFile, s.libraryFile, s.failedFile, s.Config.CAFile, s.Config.CertFile, s.Config.KeyFile) {
			if input != "" && resolved(input) == resolved(o.file) && !special(o.file) {
				errs = append(errs, fmt.Errorf("%s: %s is what is read: name another file", o.setting, o.file))
			}
		}
		if other, taken := written[resolved(o.file)]; taken && !special(o.file) {
			errs = append(errs, fmt.Errorf("%s: %s is written by %s already: name another file", o.setting, o.file, s.name(other)))
		}
		written[resolved(o.file)] = o.setting
		if err := files.CheckWritable(o.file); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", o.setting, err))
		}
	}
	if s.asksForJobSummary() {
		if err := files.CheckWritable(s.Markdown); err != nil {
			errs = append(errs, fmt.Errorf("markdown: %w", err))
		}
	}
	return s.Locate(errors.Join(errs...))
}

// name is where a setting came from, or its own name.
func (s *Settings) name(setting string) string {
	if from, found := s.sources[setting]; found {
		return from.name
	}
	return setting
}

// WriteOutputs writes every file that is wanted of a run that began, and goes on where one can't be written. It tells of
// each that was, and of each in which a secret of the run would have stood. What is asked for as - goes to out. A baseline is not
// replaced by a run that is worse: else the same run would be green once more.
func (s *Settings) WriteOutputs(result *suites.Result, out io.Writer, note func(line string)) error {
	var errs []error
	for _, o := range s.outputs() {
		if o.file == stdout {
			removed, err := files.StreamClean(out, result.Record.Redactor(), func(w io.Writer) error { return o.write(w, result) })
			if err != nil {
				errs = append(errs, fmt.Errorf("the report can't be written to standard output: %w", err))
			}
			s.noteRemoved(removed, "standard output", note)
			continue
		}
		if o.setting == "json" && s.baselineFile != "" && resolved(o.file) == resolved(s.baselineFile) && result.Report.Baseline.Fails() {
			o.file = besides(o.file)
			note(fmt.Sprintf("the baseline %s stays as it is, for this run is worse", absolute(s.baselineFile)))
		}
		removed, err := files.WriteClean(o.file, result.Record.Redactor(), func(w io.Writer) error { return o.write(w, result) })
		if err != nil {
			errs = append(errs, fmt.Errorf("the report can't be written: %w", err))
			continue
		}
		s.noteRemoved(removed, o.file, note)
		if !s.Quiet {
			note("wrote " + absolute(o.file)) // go test works in another folder than it was called in
		}
	}
	return errors.Join(append(errs, s.addToJobSummary(result, note))...)
}

func (s *Settings) noteRemoved(removed int, file string, note func(line string)) {
	if removed > 0 {
		note(fmt.Sprintf("warning: a secret of the run would have stood in %s in %d places; it was removed there (please report it)", file, removed))
	}
}

// besides is the name of the report of a run that is worse than its baseline: report.worse.json beside report.json.
func besides(baseline string) string {
	extension := filepath.Ext(baseline)
	return strings.TrimSuffix(baseline, extension) + ".worse" + extension
}

// special reports whether a path is a device or pipe, to which several may write.
func special(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular()
}

func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// SameFile reports whether two names lead to one file, which two reports can't share.
func SameFile(a, b string) bool { return resolved(a) == resolved(b) && !special(a) }

// resolved is where a path leads, however it is written: links are followed as far as they are there.
func resolved(path string) string {
	whole := absolute(path)
	if target, err := filepath.EvalSymlinks(whole); err == nil {
		return target
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(whole)); err == nil {
		return filepath.Join(folder, filepath.Base(whole))
	}
	return whole
}
