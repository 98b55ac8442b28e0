package main_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

// gates runs the shell parts of the gates against the release that was built.
func (b built) gates(t *testing.T) {
	files := http.FileServer(http.Dir(filepath.Join(b.clone, "bin/release")))
	server := httptest.NewServer(http.StripPrefix("/v"+b.version, files))
	t.Cleanup(server.Close)
	faulty := start(t, "owner-missing-through-drives")
	for _, g := range gates(t) {
		j := job{releases: server.URL, version: b.version, target: faulty, arguments: "--select OWNER", folder: t.TempDir()}
		if code, log := g.run(t, j); code != 1 {
			t.Errorf("%s: the job ends with %d, and the endpoint does not conform, 1:\n%s", g.name, code, log)
		}
		if report := read(t, filepath.Join(j.folder, g.reports, "report.xml")); !strings.Contains(report, b.commit) || !strings.Contains(report, "<failure") {
			t.Errorf("%s: the report should name the commit %s, and the failure:\n%.500s", g.name, b.commit, report)
		}
	}
}

// localGitHub runs workflows of GitHub without its server. It is told to use this machine, where others use containers.
const localGitHub = "github.com/nektos/act@v0.2.89"

// keepsIn stands in for the action that uploads artifacts, which takes a server that is not here.
const keepsIn = `name: upload-artifact
description: Stands in for the one that needs a server
inputs: {name: {description: of the artifact}, path: {description: to keep}, if-no-files-found: {description: what then}}
runs:
  using: composite
  steps:
    - shell: bash
      run: cp -R "${{ inputs.path }}/." "FOLDER"
`

// workflow has the workflow of the README run by a program that knows what GitHub makes of it.
func (b built) workflow(t *testing.T) {
	server := httptest.NewServer(http.StripPrefix("/v"+b.version, http.FileServer(http.Dir(filepath.Join(b.clone, "bin/release")))))
	t.Cleanup(server.Close)
	var text string
	for _, found := range recipe.FindAllStringSubmatch(read(t, readmeOfUse), -1) {
		if strings.HasPrefix(found[2], "# .github/workflows/") {
			text = strings.NewReplacer("1.2.3", b.version, "https://host/api/2.0/", start(t, "owner-missing-through-drives")+"\n          arguments: --select OWNER\n          releases: "+server.URL).Replace(found[2])
		}
	}
	folder := repository(t, map[string]string{".github/workflows/libdrives.yml": text})
	kept, cache := t.TempDir(), t.TempDir()
	upload := repository(t, map[string]string{"action.yml": strings.ReplaceAll(keepsIn, "FOLDER", kept)})
	cmd := exec.Command("go", "run", localGitHub, "workflow_dispatch", "--platform", "ubuntu-latest=-self-hosted",
		"--local-repository", "libdrives/conformance@v"+b.version+"="+b.clone, "--local-repository", "actions/upload-artifact@v4="+upload,
		"--var", "LIBDRIVES_USERNAME="+fixtures.DefaultUsername, "--secret", "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+cache, "GOCACHE="+strings.TrimSpace(tool(t, folder, "go", "env", "GOCACHE")))
	output, err := cmd.CombinedOutput()
	log := string(output)
	if code := exitCode(t, err); code != 1 || !strings.Contains(log, "Failure - Main Judge the endpoint") {
		t.Errorf("exit code %d, the step that judges should fail, for the endpoint does not conform, 1:\n%s", code, log)
	}
	for _, words := range []string{"::error title=OWNER-02 must", "Summary - ## ❌ Library drives: does not conform", "exit-code=1"} {
		if !strings.Contains(log, words) {
			t.Errorf("the job should be told %q:\n%s", words, log)
		}
	}
	if strings.Contains(log, fixtures.DefaultPassword) {
		t.Errorf("the log shows the password:\n%s", log)
	}
	if report := read(t, filepath.Join(kept, "report.xml")); !strings.Contains(report, "<failure") {
		t.Errorf("the report of the failure should be kept as an artifact:\n%.500s", report)
	}
}

// repository makes a repository of files, with a commit.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	tool(t, folder, "git", "init", "--quiet")
	tool(t, folder, "git", "add", "--all")
	tool(t, folder, "git", "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message", "All of it")
	return folder
}

// localGitLab runs pipelines of GitLab without its server, and knows the schema of their files. It is on npm.
const localGitLab = "gitlab-ci-local@4.60.1"

// pipeline has a pipeline that includes the gate run by a program that knows what GitLab makes of it.
func (b built) pipeline(t *testing.T) {
	for _, tool := range []string{"npx", "rsync"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s needs %s: %v", localGitLab, tool, err)
		}
	}
	server := httptest.NewServer(http.StripPrefix("/v"+b.version, http.FileServer(http.Dir(filepath.Join(b.clone, "bin/release")))))
	t.Cleanup(server.Close)
	include := read(t, filepath.Join(b.clone, ".gitlab/libdrives.yml"))
	folder := repository(t, map[string]string{
		".gitlab-ci.yml": "include: [{local: libdrives.yml}]\nvariables: {CONFORMANCE_VERSION: " + b.version + "}\n", "libdrives.yml": include,
	})
	pipeline := func(target string) (int, string) {
		cmd := exec.Command("npx", "--yes", localGitLab, "--force-shell-executor", "--variable", "LIBDRIVES_TARGET="+target, "--variable", "LIBDRIVES_SELECT=OWNER",
			"--variable", "LIBDRIVES_USERNAME="+fixtures.DefaultUsername, "--variable", "LIBDRIVES_PASSWORD="+fixtures.DefaultPassword, "--variable", "CONFORMANCE_RELEASES="+server.URL)
		cmd.Dir = folder
		output, err := cmd.CombinedOutput()
		return exitCode(t, err), string(output)
	}
	if code, log := pipeline(start(t)); code != 0 || !strings.Contains(log, "json schema validated") {
		t.Fatalf("exit code %d, the file should be valid and the endpoint conforms, 0:\n%s", code, log)
	}
	// Its own exit code is 0 wherever some exit code may fail; what it says of the job is right.
	if _, log := pipeline("http://127.0.0.1:9/api/2.0/"); !strings.Contains(log, " WARN  libdrives") || strings.Contains(log, " FAIL  libdrives") {
		t.Errorf("an endpoint that is not there should be a warning:\n%s", log)
	}
	if _, log := pipeline(start(t, "owner-missing-through-drives")); !strings.Contains(log, " FAIL  libdrives") {
		t.Errorf("the job should fail, for the endpoint does not conform:\n%s", log)
	}
	if report := read(t, filepath.Join(folder, ".gitlab-ci-local/artifacts/libdrives/libdrives/report.xml")); !strings.Contains(report, "<failure") {
		t.Errorf("the report of the failure should be kept as an artifact:\n%.500s", report)
	}

	// That it is valid says something only where a slip is found.
	if err := os.WriteFile(filepath.Join(folder, "libdrives.yml"), []byte(strings.Replace(include, "allow_failure:", "allow_failur:", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, log := pipeline(start(t)); code == 0 || !strings.Contains(log, "allow_failur") {
		t.Errorf("exit code %d, a key that GitLab does not know should be found:\n%s", code, log)
	}
}
