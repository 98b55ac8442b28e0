package settings

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/json"
)

// readFailed takes from the report of an earlier run what failed it, and how that run was made, as if both had been given as flags.
// What is given in another way beats it, but for what is chosen.
func (s *Settings) readFailed(values map[string]given) error {
	v, found := values["failed"]
	if !found || strings.TrimSpace(v.value) == "" {
		return nil // the empty value is reported where it is assigned
	}
	for _, other := range []string{"select", "label-filter"} {
		if beside, both := values[other]; both {
			return fmt.Errorf("%s and %s contradict each other: the first chooses what failed in the report; leave one of them out", v.name, beside.name)
		}
	}
	report, err := json.ReadFile(v.value)
	if err != nil {
		return fmt.Errorf("%s: %w", v.name, err)
	}
	var failed []string
	for _, result := range report.Results {
		if result.FailsTheRun() {
			failed = append(failed, result.Requirement.ID)
		}
	}
	if len(failed) == 0 {
		return fmt.Errorf("%s: nothing in %s failed the run, so there is nothing to judge again: %s", v.name, v.value, report.Conclusion())
	}
	_, elsewhere := values["target"]
	for name, value := range asTheRunWas(report, elsewhere) {
		if _, otherwise := values[name]; !otherwise && value != "" {
			values[name] = given{source{v.name, fromFlag}, value}
		}
	}
	values["select"] = given{source{v.name, fromFlag}, strings.Join(failed, ",")}
	if reference := report.Configuration.Reference; !elsewhere && reference != nil && reference.Own && values["library"].value == "" {
		return fmt.Errorf("%s: the run had a library of its own, which the report does not hold: give its file with --library", v.name)
	}
	return nil
}

// asTheRunWas are the settings by which the run of a report can be repeated; elsewhere is against another target.
func asTheRunWas(report *reports.Report, elsewhere bool) map[string]string {
	c := report.Configuration
	values := map[string]string{
		"profile": string(c.Profile), "level": string(c.Level), "auth": c.Auth, "sample": c.Drives(), "seed": strconv.FormatUint(c.Seed, 10),
	}
	if !report.Embedded {
		values["target"] = report.Target
		return values
	}
	if r := c.Reference; r != nil && !elsewhere {
		values["fault"], values["library"], values["latency"], values["clone-time"] = strings.Join(r.Faults, ","), r.Library, r.Latency, r.CloneTime
		if r.Drives > 0 {
			values["drives"] = strconv.Itoa(r.Drives)
		}
	}
	return values
}
