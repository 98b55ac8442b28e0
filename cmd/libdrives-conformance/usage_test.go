package main_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestWrongUsageIsOneLineAndExitCode2(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "run.yaml")
	if err := os.WriteFile(config, []byte("sample: 5\ntargt: x\n"), 0o600); err != nil {
		t.Fatalf("the configuration for the test can't be written: %v", err)
	}
	readable := filepath.Join(dir, "readable.yaml")
	if err := os.WriteFile(readable, []byte("\ufeffsample: 5\n"), 0o600); err != nil { // with the mark that some editors write
		t.Fatalf("the configuration for the test can't be written: %v", err)
	}
	password := []string{"LIBDRIVES_PASSWORD=hunter2"}
	for name, c := range map[string]struct {
		environ []string
		args    []string
		words   []string
	}{
		"no command":                 {nil, nil, []string{"no command", "run"}},
		"unknown command":            {nil, []string{"rnu"}, []string{`"rnu"`, `"run"?`}},
		"unknown help topic":         {nil, []string{"help", "lst"}, []string{`"lst"`, `"list"?`}},
		"unknown flag":               {nil, []string{"run", "--targt", "x"}, []string{"--targt", "--target?"}},
		"flag with one dash":         {nil, []string{"run", "-target", "x"}, []string{"-target", "--target?"}},
		"flag before the command":    {nil, []string{"--target", "x"}, []string{"--target", "run"}},
		"flag of another command":    {nil, []string{"list", "--junit", "x"}, []string{"--junit", "run"}},
		"flag of Ginkgo":             {nil, []string{"run", "--ginkgo.seed", "1"}, []string{"--ginkgo.seed"}},
		"flag of go test":            {nil, []string{"run", "--test.v"}, []string{"--test.v"}},
		"flag without value":         {nil, []string{"run", "--target"}, []string{"--target", "URL"}},
		"password as a flag":         {nil, []string{"run", "--password", "hunter2"}, []string{"LIBDRIVES_PASSWORD", "--password-file"}},
		"argument":                   {nil, []string{"run", "https://host/"}, []string{"https://host/", "--target"}},
		"target without scheme":      {password, []string{"run", "--target", "host/api/2.0/", "--username", "u"}, []string{"--target", `"host/api/2.0/"`, "https://"}},
		"target without username":    {password, []string{"run", "--target", "https://host/"}, []string{"--username: ", "LIBDRIVES_USERNAME"}},
		"target without password":    {nil, []string{"run", "--target", "https://host/", "--username", "u"}, []string{"password", "LIBDRIVES_PASSWORD"}},
		"credentials in the URL":     {password, []string{"run", "--target", "https://u:hunter2@host/", "--username", "u"}, []string{"--target", "credentials"}},
		"unknown variable":           {[]string{"LIBDRIVES_SELCT=LIC"}, []string{"run"}, []string{"LIBDRIVES_SELCT", "LIBDRIVES_SELECT?"}},
		"unknown key":                {nil, []string{"run", "--config", config}, []string{"run.yaml:2", "targt", "target?"}},
		"unknown requirement":        {nil, []string{"run", "--select", "ONWER-02"}, []string{"--select", `"ONWER-02"`, `"OWNER-02"?`}},
		"unknown area":               {[]string{"LIBDRIVES_SELECT=LICC"}, []string{"run"}, []string{"LIBDRIVES_SELECT", `"LICC"`, `"LIC"?`}},
		"unknown label":              {nil, []string{"run", "--label-filter", "musst && LIC"}, []string{`"musst"`, `"must"?`}},
		"unreadable label filter":    {nil, []string{"run", "--label-filter", "(must"}, []string{"--label-filter", `"(must"`}},
		"unknown profile":            {nil, []string{"run", "--profile", "ful"}, []string{"--profile", `"full"?`}},
		"unknown level":              {nil, []string{"run", "--level", "most"}, []string{"--level", `"must"?`}},
		"unknown CI server":          {nil, []string{"run", "--ci", "githb"}, []string{"--ci", `"githb"`, `"github"?`}},
		"unknown CI server, set":     {[]string{"LIBDRIVES_CI=travis"}, []string{"run"}, []string{"LIBDRIVES_CI", `"travis"`, "auto, none, github, gitlab, jenkins"}},
		"unknown fault":              {nil, []string{"run", "--fault", "no-such-fault"}, []string{"no-such-fault"}},
		"dry run of what only reads": {nil, []string{"run", "--profile", "read", "--dry-run"}, []string{"--dry-run", "--profile write or full"}},
		"dry run by default":         {password, []string{"run", "--target", "https://h/", "--username", "u", "--dry-run"}, []string{"--dry-run", "--profile write or full"}},
		"fault with a target":        {password, []string{"run", "--target", "https://h/", "--username", "u", "--drives", "5"}, []string{"--drives", "--target"}},
		"password file not there":    {nil, []string{"run", "--target", "https://h/", "--username", "u", "--password-file", dir + "/none"}, []string{"--password-file", dir + "/none"}},
		"certificates not there":     {password, []string{"run", "--target", "https://h/", "--username", "u", "--ca-file", dir + "/none"}, []string{"--ca-file", dir + "/none"}},
		"report below a file":        {nil, []string{"run", "--junit", config + "/report.xml"}, []string{"--junit", config}},
		"report is a directory":      {nil, []string{"run", "--junit", dir}, []string{"--junit", dir}},
		"explain nothing":            {nil, []string{"explain"}, []string{"OWNER-02"}},
		"explain an unknown id":      {nil, []string{"explain", "OWNER-01", "OWNER-2"}, []string{`"OWNER-2"`, `"OWNER-0`}},
		"list in unknown format":     {nil, []string{"list", "--format", "xml"}, []string{"--format", `"xml"`, "markdown"}},
		"list of an unknown id":      {nil, []string{"list", "--select", "LISST"}, []string{"--select", `"LIST"?`}},
		"completion of no shell":     {nil, []string{"completion", "bsh"}, []string{`"bsh"`, "bash"}},
		"reference, bad address":     {nil, []string{"reference", "--listen", "nowhere"}, []string{"nowhere"}},
		"reference, unknown fault":   {nil, []string{"reference", "--fault", "no-such-fault"}, []string{"no-such-fault"}},
		"selftest of no such name":   {nil, []string{"selftest", "--only", "chunkd"}, []string{"--only", `"chunkd"`, `"chunked"?`}},
		"selftest, an argument":      {nil, []string{"selftest", "LIC-05"}, []string{`"LIC-05"`, "--only"}},
		"selftest, none at once":     {nil, []string{"selftest", "--parallel", "0"}, []string{"--parallel"}},
		"selftest in no time":        {nil, []string{"selftest", "--clone-time", "0s"}, []string{"--clone-time"}},
		"selftest into a folder":     {nil, []string{"selftest", "--json", dir}, []string{"--json", dir}},
		"selftest, unknown color":    {nil, []string{"selftest", "--color", "red"}, []string{"--color", `"red"`}},
		"report over the config":     {nil, []string{"run", "--config", readable, "--json", dir + "/../" + filepath.Base(dir) + "/readable.yaml"}, []string{"--json", "is what is read"}},
		"report over the journal":    {nil, []string{"run", "--json", dir + "/one", "--journal", dir + "/./one"}, []string{"--journal", "--json already"}},
		"two reports of one name":    {nil, []string{"run", "--json", dir + "/one", "--html", dir + "/./one"}, []string{"--html", "--json already"}},
		"waivers not there":          {nil, []string{"run", "--waivers", dir + "/none"}, []string{"--waivers", dir + "/none"}},
		"waivers are no list":        {nil, []string{"run", "--waivers", config}, []string{"--waivers", "run.yaml:1", "not a list of waivers"}},
		"baseline is no report":      {nil, []string{"run", "--baseline", config}, []string{"--baseline", config, "--json"}},
		"diff of nothing":            {nil, []string{"diff"}, []string{"two JSON reports", "diff old.json new.json"}},
		"diff of one":                {nil, []string{"diff", config}, []string{"two JSON reports"}},
		"diff of three":              {nil, []string{"diff", config, config, "third"}, []string{`"third"`, "two JSON reports"}},
		"diff in unknown format":     {nil, []string{"diff", config, config, "--format", "html"}, []string{"--format", `"html"`, "text, json, markdown"}},
		"waivers without a report":   {nil, []string{"list", "--format", "waivers"}, []string{"--format waivers", "--report FILE"}},
		"report without waivers":     {nil, []string{"list", "--report", config}, []string{"--format waivers", "--report FILE"}},
		"waivers of no report":       {nil, []string{"list", "--format", "waivers", "--report", config}, []string{"--report", config, "not JSON"}},
		"proxy with a password":      {password, []string{"run", "--target", "https://h/", "--username", "u", "--proxy", "http://u:hunter2@p:1"}, []string{"--proxy: ", "HTTPS_PROXY"}},
		"proxy that is no URL":       {password, []string{"run", "--target", "https://h/", "--username", "u", "--proxy", "p:1"}, []string{"--proxy: ", "http://host:3128"}},
		"header without a name":      {password, []string{"run", "--target", "https://h/", "--username", "u", "--header", "hunter2"}, []string{"--header: ", "NAME=VALUE"}},
		"header that a run decides":  {password, []string{"run", "--target", "https://h/", "--username", "u", "--header", "authorization=hunter2"}, []string{"--header: ", "Authorization"}},
		"certificate without a key":  {password, []string{"run", "--target", "https://h/", "--username", "u", "--cert", config}, []string{"--key: ", "without its private key"}},
		"certificate that is none":   {password, []string{"run", "--target", "https://h/", "--username", "u", "--cert", config, "--key", config}, []string{"--cert: ", "PEM"}},
		"init over a file":           {nil, []string{"init", config}, []string{config, "there already"}},
		"init of two files":          {nil, []string{"init", "one", "two"}, []string{`"two"`, "one file"}},
		"port that is none":          {password, []string{"run", "--target", "https://host:99999/", "--username", "u"}, []string{"--target", "99999", "1 to 65535"}},
		"address without scheme":     {password, []string{"run", "--target", "127.0.0.1:80/api", "--username", "u"}, []string{"--target", `"127.0.0.1:80/api"`, "https://"}},
		"fault by its beginning":     {nil, []string{"run", "--fault", "owner-missing-thr"}, []string{"--fault", `"owner-missing-through-drives"?`}},
		"explain the empty name":     {nil, []string{"explain", ""}, []string{"empty"}},
		"explain an unknown area":    {nil, []string{"explain", "OWNR"}, []string{`"OWNER"?`}},
		"list of nothing":            {nil, []string{"list", "--select", ""}, []string{"--select", "empty"}},
		"selftest of nothing":        {nil, []string{"selftest", "--only", ""}, []string{"--only", "empty"}},
		"selftest, unknown area":     {nil, []string{"selftest", "--only", "OWNR"}, []string{"--only", `"OWNER"?`}},
		"selftest, two of one name":  {nil, []string{"selftest", "--only", "chunked", "--json", dir + "/one", "--html", dir + "/./one"}, []string{"--html", "--json already"}},
		"cleanup of no target":       {nil, []string{"cleanup"}, []string{"--target: say which endpoint"}},
		"cleanup, another prefix":    {password, []string{"cleanup", "--target", "https://h/", "--username", "u", "--prefix", "mine-"}, []string{"--prefix: ", "libdrives-conformance-"}},
		"reference, unknown variant": {nil, []string{"reference", "--variant", "chunkd"}, []string{"--variant: ", `"chunked"?`}},
		"reference, bad number":      {nil, []string{"reference", "--drives", "many"}, []string{"--drives", `"many"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := execute(t, c.environ, c.args...)
			if o.code != 2 {
				t.Errorf("exit code %d, wrong usage is 2\n%s", o.code, o.stderr)
			}
			if o.stdout != "" {
				t.Errorf("stdout is for results, and there is none: %q", o.stdout)
			}
			o.saysOneThing(t, c.words...)
			if strings.Contains(o.stderr, "hunter2") {
				t.Errorf("the error shows the password: %s", o.stderr)
			}
		})
	}
}

func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	o := execute(t, []string{"LIBDRIVES_SEED=x"}, "run", "--sample", "x", "--timeout", "5")
	if o.code != 2 || len(o.errorLines()) != 3 {
		t.Errorf("exit code %d and %d lines for three mistakes, want 2 and a line each:\n%s", o.code, len(o.errorLines()), o.stderr)
	}
}

func TestHelpIsForStrangers(t *testing.T) {
	t.Parallel()
	top := execute(t, nil, "--help")
	for _, name := range []string{"run", "list", "explain", "reference", "selftest", "diff", "version", "completion", "help"} {
		if !strings.Contains(top.stdout, "\n  "+name+" ") {
			t.Errorf("the help of the program does not name the command %s:\n%s", name, top.stdout)
		}
		o := execute(t, nil, name, "--help")
		if name == "help" {
			continue
		}
		if o.code != 0 || o.stderr != "" {
			t.Errorf("%s --help: exit code %d and stderr %q, help is a result and no error", name, o.code, o.stderr)
		}
		for _, part := range []string{"Usage:", "Examples:", "Exit codes"} {
			if !strings.Contains(o.stdout, part) {
				t.Errorf("%s --help has no part %q:\n%s", name, part, o.stdout)
			}
		}
		if strings.Contains(o.stdout, "ginkgo.") || strings.Contains(o.stdout, "test.v") {
			t.Errorf("%s --help shows flags of Ginkgo or go test:\n%s", name, o.stdout)
		}
		if by := execute(t, nil, "help", name); by.code != 0 || by.stdout != o.stdout {
			t.Errorf("help %s and %s --help say different things", name, name)
		}
	}
	if o := execute(t, nil, "help"); o.code != 0 || o.stdout != top.stdout {
		t.Errorf("help and --help say different things: exit code %d\n%s", o.code, o.stdout)
	}
}

func TestTheHelpSaysHowLongARunMayTakeByEachProfile(t *testing.T) {
	o := execute(t, nil, "run", "--help")
	for _, words := range []string{"default 30m0s, and 2h0m0s with the profiles write and full", "default 20m0s"} {
		if !strings.Contains(strings.Join(strings.Fields(o.stdout), " "), words) {
			t.Errorf("the help of run does not say %q:\n%s", words, o.stdout)
		}
	}
}

func TestTheVersionThatWasStampedIsPrinted(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"--version"}} {
		o := execute(t, nil, args...)
		if o.code != 0 || !strings.HasPrefix(o.stdout, "libdrives-conformance "+stamp+" (commit "+stampedCommit[:12]+" of 2026-01-02, go1.") {
			t.Errorf("%v: exit code %d and %q, it should print the version, commit and day that the binary was built with, %s, %s and 2026-01-02", args, o.code, o.stdout, stamp, stampedCommit)
		}
	}
	o := execute(t, nil, "version", "--json")
	got := map[string]string{}
	if err := json.Unmarshal([]byte(o.stdout), &got); err != nil || o.code != 0 {
		t.Fatalf("version --json: exit code %d and %v, it should print an object: %s", o.code, err, o.stdout)
	}
	want := map[string]string{"name": "libdrives-conformance", "version": stamp, "commit": stampedCommit, "date": stampedDate, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
	if !maps.Equal(got, want) {
		t.Errorf("version --json prints %v, it should print %v", got, want)
	}
}

func TestListExplainAndCompletion(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"table", "json", "markdown"} {
		o := execute(t, nil, "list", "--format", format, "--select", "OWNER-02,LIC")
		if o.code != 0 || !strings.Contains(o.stdout, "OWNER-02") || !strings.Contains(o.stdout, "LIC-01") || strings.Contains(o.stdout, "LIST-01") {
			t.Errorf("list --format %s: exit code %d, it should show what was selected and nothing else:\n%s%s", format, o.code, o.stdout, o.stderr)
		}
	}
	o := execute(t, nil, "explain", "owner-02", "LIC-01")
	if o.code != 0 || !strings.Contains(o.stdout, "OWNER-02") || !strings.Contains(o.stdout, "LIC-01") {
		t.Errorf("explain: exit code %d, it should explain both requirements:\n%s%s", o.code, o.stdout, o.stderr)
	}
	for _, words := range []string{"GET /libdrives/?limit=0; 44 × GET /drives/LIB/;", "It expects: a library drive belongs to nobody in every answer"} {
		if !strings.Contains(strings.Join(strings.Fields(o.stdout), " "), words) {
			t.Errorf("explain does not say %q, which is how OWNER-02 is decided:\n%s", words, o.stdout)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if o := execute(t, nil, "completion", shell); o.code != 0 || !strings.Contains(o.stdout, "libdrives-conformance") {
			t.Errorf("completion %s: exit code %d and %d bytes, it should print a script", shell, o.code, len(o.stdout))
		}
	}
	for _, c := range []struct{ args, want string }{
		{"run --profile ", "write"}, {"list --format ", "waivers"}, {"diff --format ", "markdown"}, {"diff ", "json\n:8\n"}, {"", "diff\t"},
	} {
		if o := execute(t, nil, append([]string{"__complete"}, strings.Split(c.args, " ")...)...); !strings.Contains(o.stdout, c.want) {
			t.Errorf("after %q the shell is not told %q: %s", c.args, c.want, o.stdout)
		}
	}
}
