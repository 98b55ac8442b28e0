package main_test

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// releaseVariable asks for the tests of the release: make test-release.
const releaseVariable = "CONFORMANCE_RELEASE"

// built is a release that was built: where, and as which version.
type built struct {
	clone, version, commit, date string
	sums                         map[string]string // by name
}

// TestRelease builds the release of the commit twice, in clones at different places, and tries what is in it as those do who
// fetch it.
func TestRelease(t *testing.T) {
	if os.Getenv(releaseVariable) == "" {
		t.Skip("it builds for six platforms, twice: make test-release")
	}
	first, second := buildRelease(t, "first"), buildRelease(t, "second place")
	t.Run("the same bytes", func(t *testing.T) { first.sameAs(t, second) })
	t.Run("everything is in it", first.isWhole)
	t.Run("the archive", first.archive)
	t.Run("what is in the binary", first.materials)
	t.Run("the deb", first.deb)
	t.Run("the rpm", first.rpm)
	t.Run("the image", first.image)
	t.Run("the gates", first.gates)
	t.Run("the workflow of GitHub", first.workflow)
	t.Run("the pipeline of GitLab", first.pipeline)
}

func buildRelease(t *testing.T, name string) built {
	t.Helper()
	clone := filepath.Join(t.TempDir(), name)
	b := built{clone: clone, sums: map[string]string{}}
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	tool(t, top, "git", "clone", "--quiet", "--no-local", top, clone)
	b.commit = strings.TrimSpace(tool(t, clone, "git", "rev-parse", "HEAD"))
	b.date = strings.TrimSpace(tool(t, clone, "env", "TZ=UTC", "git", "log", "-1", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "--format=%cd"))
	tool(t, clone, "make", "release")
	files, err := filepath.Glob(filepath.Join(clone, "bin/release/*_checksums.txt"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the release should have one file of sums: %v %v", files, err)
	}
	b.version = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(files[0]), "libdrives-conformance_"), "_checksums.txt")
	for line := range strings.Lines(read(t, files[0])) {
		sum, file, _ := strings.Cut(strings.TrimSpace(line), "  ")
		b.sums[file] = sum
	}
	return b
}

// path is that of a file of the release.
func (b built) path(name string) string {
	folder := "bin/release"
	if strings.HasSuffix(name, ".oci.tar") {
		folder = "bin/images"
	}
	return filepath.Join(b.clone, folder, name)
}

// name is that of a file of the release, by its ending.
func (b built) name(ending string) string { return "libdrives-conformance_" + b.version + "_" + ending }

func (b built) sameAs(t *testing.T, other built) {
	for name, sum := range b.sums {
		if got := other.sums[name]; got != sum {
			t.Errorf("%s has the sum %s in one build and %s in the other", name, sum, got)
		}
		if content := read(t, b.path(name)); fmt.Sprintf("%x", sha256.Sum256([]byte(content))) != sum {
			t.Errorf("the sum of %s is not the one that the release says", name)
		}
	}
}

func (b built) isWhole(t *testing.T) {
	var want []string
	for _, platform := range []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64", "windows_arm64"} {
		archive := ".tar.gz"
		if strings.HasPrefix(platform, "windows") {
			archive = ".zip"
		}
		want = append(want, b.name(platform+archive), b.name(platform+".cdx.json"))
		if strings.HasPrefix(platform, "linux") {
			want = append(want, b.name(platform+".deb"), b.name(platform+".rpm"), b.name(platform+".oci.tar"))
		}
	}
	for _, name := range want {
		if b.sums[name] == "" {
			t.Errorf("the release has no %s", name)
		}
	}
	for name := range b.sums {
		if !slices.Contains(want, name) {
			t.Errorf("the release has %s, which nobody knows of", name)
		}
	}
}

// archive unpacks the one for this platform.
func (b built) archive(t *testing.T) {
	names := map[string]bool{}
	file, err := os.Open(b.path(b.name("linux_amd64.tar.gz")))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for archive := tar.NewReader(unpacked); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names[header.Name] = true
		if got := header.ModTime.UTC().Format("2006-01-02T15:04:05Z"); got != b.date || header.Uname != "root" {
			t.Errorf("%s is of %s and of %s; it should be of the time of the commit, %s, and of root", header.Name, got, header.Uname, b.date)
		}
		if header.Name == "libdrives-conformance" {
			content, err := io.ReadAll(archive)
			if err == nil {
				err = os.WriteFile(filepath.Join(folder, header.Name), content, 0o700)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range append(b.pages("man/"), "libdrives-conformance", "LICENSE", "README.md", "CHANGELOG.md", "completions/libdrives-conformance.bash",
		"completions/_libdrives-conformance", "completions/libdrives-conformance.fish", "completions/libdrives-conformance.ps1") {
		if !names[name] {
			t.Errorf("the archive has no %s; it has %v", name, names)
		}
	}
	b.saysWhatItIs(t, tool(t, folder, "./libdrives-conformance", "version", "--json"))
}

// pages are the manual pages: of the program and of each of its commands.
func (b built) pages(folder string) []string {
	pages := []string{folder + "libdrives-conformance.1"}
	for _, command := range []string{"run", "list", "explain", "reference", "selftest", "judge", "diff", "cleanup", "version", "completion"} {
		pages = append(pages, folder+"libdrives-conformance-"+command+".1")
	}
	return pages
}

func (b built) saysWhatItIs(t *testing.T, printed string) {
	t.Helper()
	var said map[string]string
	if err := json.Unmarshal([]byte(printed), &said); err != nil || said["version"] != "v"+b.version || said["commit"] != b.commit || said["date"] != b.date {
		t.Errorf("the program says %v (%v); it should be v%s, of the commit %s of %s", said, err, b.version, b.commit, b.date)
	}
}

func (b built) materials(t *testing.T) {
	var document struct {
		BOMFormat string `json:"bomFormat"`
		Metadata  struct {
			Component struct{ Name, Version string }
		}
		Component []struct{ Name, Version string } `json:"components"`
	}
	if err := json.Unmarshal([]byte(read(t, b.path(b.name("windows_arm64.cdx.json")))), &document); err != nil || document.BOMFormat != "CycloneDX" {
		t.Fatalf("it should be of CycloneDX, and is %q: %v", document.BOMFormat, err)
	}
	cobra := false
	for _, c := range document.Component {
		cobra = cobra || c.Name == "github.com/spf13/cobra" && strings.HasPrefix(c.Version, "v1.")
	}
	if main := document.Metadata.Component; main.Version != "v"+b.version || !cobra {
		t.Errorf("it is of %+v, and has the module cobra: %v; it should be of version v%s and have it", main, cobra, b.version)
	}
}

// deb installs the package, tries it and removes it.
func (b built) deb(t *testing.T) {
	if _, err := exec.LookPath("dpkg"); err != nil || os.Geteuid() != 0 {
		t.Skipf("a package is installed by root, with dpkg: %v, uid %d", err, os.Geteuid())
	}
	if exec.Command("dpkg", "-s", "libdrives-conformance").Run() == nil {
		t.Skip("the package is installed here already, and stays as it is")
	}
	folder := t.TempDir()
	t.Cleanup(func() { _ = exec.Command("dpkg", "--purge", "libdrives-conformance").Run() })
	// A machine that is made small leaves manuals out unless asked.
	tool(t, folder, "dpkg", "--path-include=/usr/share/*", "-i", b.path(b.name("linux_amd64.deb")))
	b.saysWhatItIs(t, tool(t, folder, "/usr/bin/libdrives-conformance", "version", "--json"))
	if said := tool(t, folder, "/usr/bin/libdrives-conformance", "run", "--quiet", "--select", "OWNER"); !strings.Contains(said, "conforms. Judged 7 of 7") {
		t.Errorf("the installed program should judge the reference endpoint: %s", said)
	}
	listed := strings.Fields(tool(t, folder, "dpkg", "-L", "libdrives-conformance"))
	for _, file := range append(b.pages("/usr/share/man/man1/"), "/usr/share/bash-completion/completions/libdrives-conformance",
		"/usr/share/zsh/vendor-completions/_libdrives-conformance", "/usr/share/fish/vendor_completions.d/libdrives-conformance.fish") {
		if strings.HasSuffix(file, ".1") {
			file += ".gz"
		}
		if _, err := os.Stat(file); err != nil || !slices.Contains(listed, file) {
			t.Errorf("%s should be installed: %v", file, err)
		}
	}
	if _, err := exec.LookPath("man"); err == nil {
		if page := tool(t, folder, "man", "-P", "cat", "libdrives-conformance-run"); !strings.Contains(page, "--target") {
			t.Errorf("the manual of a run should name its flags:\n%s", page)
		}
	}
	tool(t, folder, "dpkg", "--purge", "libdrives-conformance")
	for _, file := range listed {
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			t.Errorf("%s was left when the package was removed", file)
		}
	}
}

func (b built) rpm(t *testing.T) {
	if _, err := exec.LookPath("rpm"); err != nil {
		t.Skipf("no rpm to look into the package with: %v", err)
	}
	listed := tool(t, t.TempDir(), "rpm", "-qlp", b.path(b.name("linux_amd64.rpm")))
	for _, file := range append(b.pages("/usr/share/man/man1/"), "/usr/bin/libdrives-conformance", "/usr/share/zsh/site-functions/_libdrives-conformance") {
		if !strings.Contains(listed, file) {
			t.Errorf("the rpm has no %s:\n%s", file, listed)
		}
	}
}

// image unpacks the image and runs its program as its user, with nothing around it but the image.
func (b built) image(t *testing.T) {
	folder := t.TempDir()
	tool(t, folder, "tar", "-xf", b.path(b.name("linux_amd64.oci.tar")))
	umoci := func(args ...string) string {
		t.Helper()
		return tool(t, b.clone, "go", append([]string{"run", "-modfile=.release/umoci.mod", "github.com/opencontainers/umoci/cmd/umoci"}, args...)...)
	}
	if stat := umoci("stat", "--json", "--image", folder+":"+b.version); !strings.Contains(stat, `"User":"65532:65532"`) || !strings.Contains(stat, `"org.opencontainers.image.revision":"`+b.commit+`"`) {
		t.Errorf("the image should run as a user without rights, and say its commit: %s", stat)
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can enter an image")
	}
	umoci("unpack", "--image", folder+":"+b.version, filepath.Join(folder, "bundle"))
	root := filepath.Join(folder, "bundle/rootfs")
	enter := func(args ...string) string {
		t.Helper()
		return tool(t, folder, "env", append([]string{"-i", "HOME=/work", "PATH=" + os.Getenv("PATH"), "chroot", "--userspec=65532:65532", root, "/libdrives-conformance"}, args...)...)
	}
	b.saysWhatItIs(t, enter("version", "--json"))
	if said := enter("run", "--quiet", "--select", "CLONE-01", "--junit", "/work/report.xml"); !strings.Contains(said, "conforms. Judged 1 of 1") {
		t.Errorf("the program in the image should judge the reference endpoint, clones and all: %s", said)
	}
	if all, _ := count(t, filepath.Join(root, "work/report.xml")); all != 1 {
		t.Error("the program in the image should write its report to /work")
	}
	if certificates := read(t, filepath.Join(root, "etc/ssl/certs/ca-certificates.crt")); strings.Count(certificates, "BEGIN CERTIFICATE") < 50 {
		t.Error("the image should have the certificates that an endpoint's is checked by")
	}
}

// tool runs a program in a folder, and returns what it printed.
func tool(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = folder
	var stderr strings.Builder
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, output, stderr.String())
	}
	return string(output)
}

// TestTheDockerfileSaysWhatTheImageIs compares the last stage of the Dockerfile with what the script of the release tells umoci.
func TestTheDockerfileSaysWhatTheImageIs(t *testing.T) {
	t.Parallel()
	_, last, found := strings.Cut(read(t, "Dockerfile"), "\nFROM scratch\n")
	if !found {
		t.Fatal("the image of the Dockerfile should be from scratch")
	}
	docker := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^(USER|WORKDIR|ENTRYPOINT|ENV|LABEL) (.*)$`).FindAllStringSubmatch(last, -1) {
		key, value, pair := strings.Cut(line[2], "=")
		if !pair {
			key, value = "", line[2]
		}
		docker[strings.TrimSuffix(line[1]+" "+key, " ")] = strings.ToLower(strings.Trim(value, `"[]`))
	}
	release := map[string]string{}
	names := map[string]string{"user": "USER", "workingdir": "WORKDIR", "entrypoint": "ENTRYPOINT", "env": "ENV", "label": "LABEL"}
	for _, option := range regexp.MustCompile(`--config\.([a-z]+) (?:"([^"]*)"|'([^']*)'|(\S+))`).FindAllStringSubmatch(read(t, "../../.release/image.sh"), -1) {
		given := option[2] + option[3] + option[4]
		key, value, pair := strings.Cut(given, "=")
		if !pair {
			key, value = "", given
		}
		release[strings.TrimSuffix(names[option[1]]+" "+key, " ")] = strings.ToLower(value)
	}
	if len(docker) < 10 || fmt.Sprint(docker) != fmt.Sprint(release) { // maps are printed in order
		t.Errorf("the Dockerfile says\n%v\nand the release\n%v", docker, release)
	}
}
