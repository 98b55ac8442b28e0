package main_test

import (
	"archive/tar"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/libdrives/conformance/fixtures"
)

// The gates for CI servers: what people put into their pipelines.
const (
	gitHubAction  = "../../.github/actions/libdrives/action.yml"
	gitLabInclude = "../../.gitlab/libdrives.yml"
)

// serverGate is a file for a CI server: its shell parts, one after another as the server runs them, each with its environment.
type serverGate struct {
	name  string
	shell []string
	parts []part
	// reports is the folder that the server keeps, below that of the job.
	reports string
}

type part struct {
	script  string
	environ map[string]string
}

// job is what a server gives to a gate.
type job struct {
	releases, target, arguments string
	version                     string // 1.2.3 where none is named
	folder                      string // the workspace, new
}

// TestTheGatesLetTheExitCodeDecideAndKeepTheReports runs the shell parts of each gate exactly as they are written: for an endpoint
// that conforms, for one that does not, for one that is not there, and with a release that is not the one it should be.
func TestTheGatesLetTheExitCodeDecideAndKeepTheReports(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	for _, tool := range []string{"bash", "curl", "sha256sum", "awk"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("a gate needs %s, which is not here: %v", tool, err)
		}
	}
	sound, faulty := start(t), start(t, "owner-missing-through-drives")
	good, changed := release(t, false), release(t, true)
	for _, c := range []struct {
		name   string
		job    job
		code   int
		says   string // the report, or where there is none, the log
		report bool
	}{
		{"an endpoint that conforms", job{releases: good, target: sound, arguments: "--select OWNER"}, 0, `failures="0"`, true},
		{"one that does not", job{releases: good, target: faulty, arguments: "--select OWNER"}, 1, `<failure message="`, true},
		{"one that is not there", job{releases: good, target: "http://127.0.0.1:9/api/2.0/", arguments: "--select OWNER"}, 3, `<skipped message="blocked: `, true},
		{"a wrong flag", job{releases: good, target: sound, arguments: "--selct OWNER"}, 2, "did you mean --select", false},
		{"a release with other bytes", job{releases: changed, target: sound, arguments: "--select OWNER"}, 1, "FAILED", false},
		{"no such release", job{releases: good + "/none", target: sound, arguments: "--select OWNER"}, 22, "404", false},
	} {
		for _, g := range gates(t) {
			if g.name == "Jenkins" && c.code == 2 {
				continue // it has no place for further flags
			}
			t.Run(g.name+", "+c.name, func(t *testing.T) {
				t.Parallel()
				j := c.job
				j.folder = t.TempDir()
				code, log := g.run(t, j)
				if code != c.code {
					t.Errorf("the job ends with %d, and should with %d:\n%s", code, c.code, log)
				}
				report, err := os.ReadFile(filepath.Join(j.folder, g.reports, "report.xml"))
				switch {
				case c.report && (err != nil || !strings.Contains(string(report), c.says)):
					t.Errorf("the report should be kept and say %q (%v):\n%s\n%.300s", c.says, err, log, report)
				case !c.report && !strings.Contains(log, c.says):
					t.Errorf("the log should say %q:\n%s", c.says, log)
				}
				if strings.Contains(log, fixtures.DefaultPassword) {
					t.Errorf("the log shows the password:\n%s", log)
				}
				if g.name == "GitHub" && c.report {
					g.toldGitHub(t, j, c.code, log)
				}
				if g.name == "GitLab" && c.report {
					if annotations := read(t, filepath.Join(j.folder, "libdrives/annotations.json")); !strings.Contains(annotations, `"url": "https://gitlab.example/job/1/artifacts/file/libdrives/report.html"`) {
						t.Errorf("the job's page should link to the report: %s", annotations)
					}
				}
			})
		}
	}
}

// toldGitHub checks what the action tells the job beside its exit code.
func (g serverGate) toldGitHub(t *testing.T, j job, code int, log string) {
	t.Helper()
	if outputs := read(t, filepath.Join(j.folder, "output")); outputs != fmt.Sprintf("exit-code=%d\n", code) {
		t.Errorf("the action's outputs are %q, and should say the exit code %d", outputs, code)
	}
	if summary := read(t, filepath.Join(j.folder, "summary")); !strings.Contains(summary, "Library drives: ") {
		t.Errorf("the job's summary should hold the report: %q", summary)
	}
	if annotated := strings.Contains(log, "\n::error title=OWNER-02"); annotated != (code == 1) {
		t.Errorf("OWNER-02 is annotated: %v, and the exit code is %d:\n%s", annotated, code, log)
	}
}

func start(t *testing.T, faults ...string) string {
	t.Helper()
	endpoint, err := fixtures.Start(fixtures.Options{Faults: faults})
	if err != nil {
		t.Fatalf("no reference endpoint: %v", err)
	}
	t.Cleanup(func() { _ = endpoint.Close() })
	return endpoint.URL()
}

// release serves a release of version 1.2.3 that is named and made up as GoReleaser does it, with the binary under test. Where it
// was changed, the archives are not those that the sums are of.
func release(t *testing.T, changed bool) string {
	t.Helper()
	binary := read(t, os.Getenv(binaryVariable))
	var packed bytes.Buffer
	compressed, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	archive := tar.NewWriter(compressed)
	if err := archive.WriteHeader(&tar.Header{Name: "libdrives-conformance", Mode: 0o755, Size: int64(len(binary))}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write([]byte(binary)); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := compressed.Close(); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	var sums strings.Builder
	for _, platform := range []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"} {
		name := "libdrives-conformance_1.2.3_" + platform + ".tar.gz"
		files["/v1.2.3/"+name] = packed.Bytes()
		fmt.Fprintf(&sums, "%x  %s\n%x  %s.sbom\n", sha256.Sum256(packed.Bytes()), name, sha256.Sum256(nil), name)
		if changed {
			files["/v1.2.3/"+name] = append(packed.Bytes(), '\n')
		}
	}
	files["/v1.2.3/libdrives-conformance_1.2.3_checksums.txt"] = []byte(sums.String())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, found := files[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func gates(t *testing.T) []serverGate {
	t.Helper()
	return []serverGate{onGitHub(t), onGitLab(t), onJenkins(t)}
}

func onGitHub(t *testing.T) serverGate {
	t.Helper()
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Using string
			Steps []struct {
				Run, Shell, Uses string
				Env              map[string]string
			}
		}
	}
	parse(t, gitHubAction, &action)
	g := serverGate{name: "GitHub", shell: []string{"bash", "--noprofile", "--norc", "-eo", "pipefail"}, reports: "temp/libdrives-reports"}
	for _, step := range action.Runs.Steps {
		if step.Uses != "" {
			continue
		}
		if step.Shell != "bash" {
			t.Errorf("a step of the action is run by %q, and should be by bash, which every runner has", step.Shell)
		}
		environ := map[string]string{}
		for name, value := range step.Env {
			input := regexp.MustCompile(`^\$\{\{ inputs\.([a-z]+) \}\}$`).FindStringSubmatch(value)
			if input == nil {
				t.Fatalf("%s is %q: what a shell is given should be an input", name, value)
			}
			if _, known := action.Inputs[input[1]]; !known {
				t.Errorf("the action has no input %s", input[1])
			}
			environ[name] = "input " + input[1] + " " + action.Inputs[input[1]].Default
		}
		if strings.Contains(step.Run, "${{") {
			t.Errorf("an expression stands in the shell itself, where a value could be taken for a command:\n%s", step.Run)
		}
		g.parts = append(g.parts, part{step.Run, environ})
	}
	if action.Runs.Using != "composite" || len(g.parts) != 2 {
		t.Fatalf("the action is %q with %d shell parts; it should be composite, get the suite and judge", action.Runs.Using, len(g.parts))
	}
	return g
}

func onGitLab(t *testing.T) serverGate {
	t.Helper()
	var include struct {
		Variables map[string]string
		Libdrives struct{ Script []string }
	}
	parse(t, gitLabInclude, &include)
	// A runner runs all lines by one shell.
	script := strings.Join(include.Libdrives.Script, "\n")
	return serverGate{name: "GitLab", shell: []string{"sh", "-e"}, reports: "libdrives", parts: []part{{script, include.Variables}}}
}

func onJenkins(t *testing.T) serverGate {
	t.Helper()
	g := serverGate{name: "Jenkins", shell: []string{"sh", "-xe"}, reports: "libdrives"}
	for _, found := range recipe.FindAllStringSubmatch(read(t, readmeOfUse), -1) {
		for _, script := range regexp.MustCompile(`(?s)sh(?: |\(returnStatus: true, script: )'''(.*?)'''`).FindAllStringSubmatch(found[2], -1) {
			if found[1] != "groovy" || strings.Contains(script[1], `\`) {
				t.Errorf("Groovy would make something else of\n%s", script[1])
			}
			g.parts = append(g.parts, part{script[1], nil})
		}
	}
	if len(g.parts) != 2 {
		t.Fatalf("the Jenkinsfile has %d shell parts; it should get the suite and judge", len(g.parts))
	}
	return g
}

// run runs the parts until one fails, and returns how the last one ended and all that was printed.
func (g serverGate) run(t *testing.T, j job) (code int, log string) {
	t.Helper()
	for _, folder := range []string{"temp", "work"} {
		if err := os.MkdirAll(filepath.Join(j.folder, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	var all strings.Builder
	path := os.Getenv("PATH")
	for i, p := range g.parts {
		file := filepath.Join(j.folder, fmt.Sprintf("part%d.sh", i))
		if err := os.WriteFile(file, []byte(p.script), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience(t))
		defer cancel()
		shell := exec.CommandContext(ctx, g.shell[0], append(g.shell[1:len(g.shell):len(g.shell)], file)...)
		shell.Dir = j.folder
		shell.Env = append(os.Environ(), g.environ(j, p)...)
		if added, err := os.ReadFile(filepath.Join(j.folder, "path")); err == nil {
			path = strings.TrimSpace(string(added)) + ":" + path
		}
		shell.Env = append(shell.Env, "PATH="+path)
		output, err := shell.CombinedOutput()
		all.Write(output)
		if code = exitCode(t, err); code != 0 {
			break
		}
	}
	return code, all.String()
}

// environ is what the server gives to a part: its own variables, and those that the user of the gate sets.
func (g serverGate) environ(j job, p part) []string {
	user := map[string]string{
		"LIBDRIVES_TARGET": j.target, "LIBDRIVES_USERNAME": fixtures.DefaultUsername, "LIBDRIVES_PASSWORD": fixtures.DefaultPassword,
		"CONFORMANCE_VERSION": cmp.Or(j.version, "1.2.3"), "CONFORMANCE_RELEASES": j.releases, "CONFORMANCE_ARGUMENTS": j.arguments,
	}
	var environ []string
	switch g.name {
	case "GitHub":
		inputs := map[string]string{
			"version": cmp.Or(j.version, "1.2.3"), "releases": j.releases, "arguments": j.arguments, "target": j.target,
			"username": fixtures.DefaultUsername, "password": fixtures.DefaultPassword,
		}
		for name, value := range p.environ {
			input, initial, _ := strings.Cut(strings.TrimPrefix(value, "input "), " ")
			if given, set := inputs[input]; set {
				initial = given
			}
			environ = append(environ, name+"="+initial)
		}
		return append(environ, "GITHUB_ACTIONS=true", "RUNNER_OS=Linux", "RUNNER_ARCH=X64", "RUNNER_TEMP="+filepath.Join(j.folder, "temp"),
			"GITHUB_PATH="+filepath.Join(j.folder, "path"), "GITHUB_OUTPUT="+filepath.Join(j.folder, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(j.folder, "summary"))
	case "GitLab":
		for name, value := range p.environ {
			environ = append(environ, name+"="+value)
		}
		environ = append(environ, "GITLAB_CI=true", "CI_JOB_URL=https://gitlab.example/job/1")
	case "Jenkins":
		environ = append(environ, "JENKINS_URL=https://jenkins.example/", "LIBDRIVES_SELECT=OWNER")
	}
	for name, value := range user {
		environ = append(environ, name+"="+value)
	}
	return environ
}

func parse(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, file)), into); err != nil {
		t.Fatalf("%s is not what it should be: %v", file, err)
	}
}
