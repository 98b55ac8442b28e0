package evidence_test

import (
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
)

// argumentsOf lets a shell read the line, with a curl that only shows its arguments and, after them, its input.
func argumentsOf(t *testing.T, line string, input bool) []string {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no POSIX shell on this machine")
	}
	script := `curl() { for word; do printf '%s\001' "$word"; done; }` + "\n"
	if input {
		script = `curl() { for word; do printf '%s\001' "$word"; done; cat; }` + "\n"
	}
	command := exec.Command(shell, "-u", "-c", script+line)
	command.Env = []string{"LIBDRIVES_USERNAME=ann", "LIBDRIVES_PASSWORD=a $b'\"", "LIBDRIVES_CSRFTOKEN=token", "PATH=/usr/bin:/bin"}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("the shell can't run %s: %v: %s", line, err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x01"), "\x01")
}

func TestTheCurlLineRepeatsTheRequest(t *testing.T) {
	usual := http.Header{"Accept": {"application/json"}, "Accept-Encoding": {"gzip"}, "User-Agent": {"suite"},
		evidence.PurposeHeader: {"why"}, "Authorization": {"Basic abc"}}
	const url = "https://host/api/2.0/libdrives/"
	account := []string{"-u", `ann:a $b'"`}
	accept := []string{"-H", "Accept: application/json", "--compressed"}
	for _, c := range []struct {
		name    string
		request evidence.Request
		want    []string
	}{
		{"a read", evidence.Request{Method: "GET", URL: url, Header: usual},
			slices.Concat([]string{"-sS"}, account, accept, []string{url})},
		{"a read by digest", evidence.Request{Method: "GET", URL: url, Header: usual, Auth: "digest"},
			slices.Concat([]string{"-sS", "--digest"}, account, accept, []string{url})},
		{"basic in a run by digest", evidence.Request{Method: "GET", URL: url, Header: usual, Auth: "digest", As: evidence.ByBasic},
			slices.Concat([]string{"-sS"}, account, accept, []string{url})},
		{"digest in a run by basic", evidence.Request{Method: "GET", URL: url, Header: usual, Auth: "basic", As: evidence.ByDigest},
			slices.Concat([]string{"-sS", "--digest"}, account, accept, []string{url})},
		{"nobody's", evidence.Request{Method: "GET", URL: url, Header: usual, As: evidence.Nobody},
			slices.Concat([]string{"-sS"}, accept, []string{url})},
		{"a wrong password's", evidence.Request{Method: "GET", URL: url, Header: usual, As: evidence.WrongPassword},
			slices.Concat([]string{"-sS", "-u", "ann:" + evidence.NotThePassword}, accept, []string{url})},
		{"an empty password's", evidence.Request{Method: "GET", URL: url, Header: usual, As: evidence.EmptyPassword},
			slices.Concat([]string{"-sS", "-u", "ann:"}, accept, []string{url})},
		{"a cut password's", evidence.Request{Method: "GET", URL: url, Header: usual, As: evidence.CutPassword},
			slices.Concat([]string{"-sS", "-u", "ann:a $b'"}, accept, []string{url})},
		{"a longer password's", evidence.Request{Method: "GET", URL: url, Header: usual, As: evidence.LongPassword},
			slices.Concat([]string{"-sS", "-u", `ann:a $b'"x`}, accept, []string{url})},
		{"one in other case", evidence.Request{Method: "GET", URL: url, Header: usual, As: evidence.CasePassword},
			slices.Concat([]string{"-sS", "-u", `ann:A $B'"`}, accept, []string{url})},
		{"a wrong digest", evidence.Request{Method: "GET", URL: url, Header: usual, As: evidence.WrongDigest},
			slices.Concat([]string{"-sS", "--digest", "-u", "ann:" + evidence.NotThePassword}, accept, []string{url})},
		{"HEAD", evidence.Request{Method: "HEAD", URL: url, Header: usual},
			slices.Concat([]string{"-sS", "-I"}, account, accept, []string{url})},
		{"OPTIONS", evidence.Request{Method: "OPTIONS", URL: url, Header: usual},
			slices.Concat([]string{"-sS", "-i", "-X", "OPTIONS"}, account, accept, []string{url})},
		{"without the headers that curl adds", evidence.Request{Method: "PUT", URL: url, As: evidence.Nobody, Body: []byte("$(id) `id` \n"), Header: http.Header{}},
			[]string{"-sS", "-i", "-X", "PUT", "-H", "Accept:", "-H", "Content-Type:", "--data-raw", "$(id) `id` \n", url}},
		{"several values and an empty one", evidence.Request{Method: "GET", URL: url, As: evidence.Nobody,
			Header: http.Header{"Accept": {"application/xml", "it's"}, "X-Empty": {""}}},
			[]string{"-sS", "-H", "Accept: application/xml", "-H", "Accept: it's", "-H", "X-Empty;", url}},
		{"brackets and braces", evidence.Request{Method: "GET", URL: url + "?name=[1-3]{a,b}", As: evidence.Nobody},
			[]string{"-sS", "-g", url + "?name=[1-3]{a,b}"}},
		{"dot segments", evidence.Request{Method: "GET", URL: url + "../drives/%00'", As: evidence.Nobody},
			[]string{"-sS", "--path-as-is", url + "../drives/%00'"}},
		{"a path in the query", evidence.Request{Method: "GET", URL: url + "?name=/../", As: evidence.Nobody},
			[]string{"-sS", url + "?name=/../"}},
		{"a method of its own", evidence.Request{Method: "a|b'c", URL: url, As: evidence.Nobody},
			[]string{"-sS", "-i", "-X", "a|b'c", url}},
	} {
		if got := argumentsOf(t, c.request.Curl(), false); !slices.Equal(got, c.want) {
			t.Errorf("%s: the line %s gives curl\n  %q, want\n  %q", c.name, c.request.Curl(), got, c.want)
		}
	}
}

func TestTheCurlLineOfABodyWithNULPipesIt(t *testing.T) {
	request := evidence.Request{Method: "POST", URL: "https://host/", As: evidence.Nobody, Body: []byte("a\x00'%\\n\xff")}
	got := argumentsOf(t, request.Curl(), true)
	if want := "a\x00'%\\n\xff"; got[len(got)-1] != want {
		t.Errorf("the line %s gives curl the input %q, want %q", request.Curl(), got[len(got)-1], want)
	}
}

func TestTheCurlLineHoldsNoCredential(t *testing.T) {
	request := evidence.Request{Method: "GET", URL: "https://host/", Header: http.Header{
		"Authorization": {"Basic c2VjcmV0"}, "Cookie": {"sessionid=c2VjcmV0"}, "X-Csrftoken": {"c2VjcmV0"}}}
	if line := request.Curl(); strings.Contains(line, "c2VjcmV0") {
		t.Errorf("the curl line holds a credential: %s", line)
	}
}
