package main_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/libdrives/conformance/fixtures"
)

// listed is what an endpoint answers to a list of library drives.
func listed(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url+"libdrives/?limit=0", nil)
	if err != nil {
		t.Fatalf("no request can be made of %q: %v", url, err)
	}
	request.SetBasicAuth(fixtures.DefaultUsername, fixtures.DefaultPassword)
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatalf("the list is not answered: %v", err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the list is answered %d: %v", answer.StatusCode, err)
	}
	return string(body)
}

// TestALibraryOfOnesOwnIsServedAndConforms saves a library in each form that there is, serves it, and judges the endpoint.
func TestALibraryOfOnesOwnIsServedAndConforms(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	save := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatalf("the library can't be written: %v", err)
		}
		return file
	}
	endpoint, err := fixtures.Start(fixtures.Options{Drives: 30})
	if err != nil {
		t.Fatalf("no reference endpoint: %v", err)
	}
	defer func() { _ = endpoint.Close() }()
	var list struct {
		Objects json.RawMessage `json:"objects"`
	}
	whole := listed(t, endpoint.URL())
	if err := json.Unmarshal([]byte(whole), &list); err != nil {
		t.Fatalf("the list is no JSON: %v", err)
	}
	record := filepath.Join(folder, "run.jsonl")
	if o := execute(t, nil, "run", "--drives", "30", "--profile", "read", "--quiet", "--record", record); o.code != 0 {
		t.Fatalf("no record can be made: exit code %d\n%s%s", o.code, o.stdout, o.stderr)
	}
	for form, file := range map[string]string{
		"the answer to a list": save("answer.json", whole), "an array of drives": save("array.json", string(list.Objects)), "a record": record,
	} {
		t.Run(form, func(t *testing.T) {
			server := serveReference(t, "/api/2.0/\n", "--quiet", "--library", file)
			url := strings.TrimSpace(server.introduction)
			if served := listed(t, url); served != whole {
				t.Errorf("another library is served than was saved:\n%s\n%s", served, whole)
			}
			o := execute(t, []string{"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword}, "run", "--target", url,
				"--username", fixtures.DefaultUsername, "--profile", "full", "--level", "may", "--quiet", "--journal", filepath.Join(t.TempDir(), "journal"))
			if o.code != 0 || !strings.Contains(o.stdout, "conforms.") {
				t.Errorf("the endpoint does not conform, exit code %d:\n%s%s", o.code, o.stdout, o.stderr)
			}
			if code := server.end(syscall.SIGTERM); code != 0 {
				t.Errorf("the endpoint ends with exit code %d", code)
			}
		})
	}
	if o := execute(t, nil, "run", "--library", save("page.json", strings.Replace(whole, `"total_count": 30`, `"total_count": 31`, 1)), "--select", "LIST"); o.code != 0 ||
		!strings.Contains(o.stderr, "30 of the 31 drives") {
		t.Errorf("exit code %d, and no word of a page that is served as the whole:\n%s", o.code, o.stderr)
	}
}

func TestAFileThatIsNoLibraryIsOneLineAndExitCode2(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	save := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatalf("the library can't be written: %v", err)
		}
		return file
	}
	record := filepath.Join(folder, "record.jsonl")
	if o := execute(t, nil, "run", "--select", "LIC-03", "--profile", "read", "--quiet", "--record", record); o.code != 0 {
		t.Fatalf("no record can be made: exit code %d\n%s%s", o.code, o.stdout, o.stderr)
	}
	text := read(t, record)
	for name, c := range map[string]struct {
		file  string
		words []string
	}{
		"a slip in a shape":      {"no-cdrm", []string{`"no-cdrm"`, `"no-cdrom"?`}},
		"no file":                {folder + "/none.json", []string{folder + "/none.json"}},
		"a folder":               {folder, []string{"directory"}},
		"an empty file":          {save("empty", ""), []string{"not valid JSON"}},
		"a page of HTML":         {save("page.html", "<html>\n</html>\n"), []string{"page.html", "not valid JSON"}},
		"an object":              {save("object.json", `{"drives": []}`), []string{"object.json", "`objects`"}},
		"a drive without a size": {save("drives.json", "[\n{\"uuid\": \"11111111-2222-4333-8444-555555555555\", \"name\": \"X\", \"media\": \"disk\"}\n]"), []string{"drives.json", `drive 1 of 1 ("X")`, "size"}},
		"a record without list":  {save("other.jsonl", strings.ReplaceAll(text, "/libdrives/", "/elsewhere/")), []string{"other.jsonl", "no list of library drives"}},
		"a record cut off":       {save("cut.jsonl", text[:len(text)*2/3]), []string{"cut.jsonl", "line"}},
	} {
		for _, command := range []string{"reference", "run"} {
			t.Run(name+", "+command, func(t *testing.T) {
				o := execute(t, nil, command, "--library", c.file)
				if o.code != 2 || o.stdout != "" {
					t.Errorf("exit code %d and stdout %q, wrong usage is 2 and says nothing there\n%s", o.code, o.stdout, o.stderr)
				}
				o.saysOneThing(t, append(c.words, "--library")...)
			})
		}
	}
	if o := execute(t, nil, "run", "--library", record, "--json", record); o.code != 2 || read(t, record) != text {
		t.Errorf("exit code %d, a report was written over the library that is read", o.code)
	}
}
