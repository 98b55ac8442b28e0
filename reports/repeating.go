package reports

import (
	"slices"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// Repeat is the line of curl that repeats an exchange of the finding, and shows what the finding is about: the status and the
// headers, too, where it is one of them.
func (f Finding) Repeat(x *evidence.Exchange) string { return Repeat(x, f) }

// Repeat is the line of Finding.Repeat for an exchange that shows several findings.
func Repeat(x *evidence.Exchange, findings ...Finding) string {
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.isAboutHead() }) {
		return x.Request.CurlShowingHeaders()
	}
	return x.Request.Curl()
}

// isAboutHead says whether the finding is about a status or a header.
func (f Finding) isAboutHead() bool {
	return slices.ContainsFunc(f.Differences, func(d Difference) bool { return d.In == InHeader || d.In == InStatus })
}

// Start is the command line that serves the embedded reference endpoint as it was, so that what was asked can be repeated; empty with a
// target, and where the report does not hold all that shaped it.
func (r *Report) Start() string {
	reference := r.Configuration.Reference
	if !r.Embedded || reference == nil || reference.Own {
		return ""
	}
	_, address, found := strings.Cut(r.Target, "://")
	if !found {
		return ""
	}
	address, _, _ = strings.Cut(address, "/")
	words := []string{r.Tool.Name, "reference", "--listen", address}
	for _, option := range []struct{ flag, value string }{
		{"--fault", strings.Join(reference.Faults, ",")}, {"--library", reference.Library}, {"--drives", positive(reference.Drives)},
		{"--latency", reference.Latency}, {"--clone-time", reference.CloneTime},
		{"--seed", unusual(r.Configuration.Seed)},
	} {
		if option.value != "" {
			words = append(words, option.flag, option.value)
		}
	}
	return strings.Join(words, " ")
}

func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// unusual is a seed that is not the one of every run.
func unusual(seed uint64) string {
	if seed <= 1 {
		return ""
	}
	return strconv.FormatUint(seed, 10)
}
