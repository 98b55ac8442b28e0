package evidence_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/evidence/redact"
)

// TestWhatIsShownHoldsNoSecret shows an exchange that is judged as it came.
func TestWhatIsShownHoldsNoSecret(t *testing.T) {
	const awkward = `pä"s\s/<&'w %+😀rd=7`
	const own = "0123456789abcdef0123456789abcdef"
	record := evidence.NewRecord(redact.New(awkward))
	came := record.Add(evidence.Exchange{
		Key: "read " + awkward, Round: 1, Purpose: "why " + awkward, Failure: "failed over " + url.QueryEscape(awkward),
		Request: evidence.Request{
			Method: "POST", URL: "https://host/?p=" + url.QueryEscape(awkward), Body: fmt.Appendf(nil, "%q", awkward),
			Header: http.Header{"Authorization": {"Basic abc"}, "Cookie": {"sessionid=abc; other=def"}, "X-Csrftoken": {"abc"}},
		},
		Response: &evidence.Response{
			Status: 400,
			Header: http.Header{
				"Location":      {"/?next=" + url.QueryEscape(awkward)},
				"Authorization": {"Digest response=" + own},
				"Set-Cookie":    {"sessionid=abc; Path=/" + url.PathEscape(awkward)},
				"X-Fine":        {"fine"},
			},
			Body: evidence.BodyOf([]byte("<p>" + html.EscapeString(awkward) + "</p>" + own)),
		},
	}, own)
	if string(came.Request.Body) != fmt.Sprintf("%q", awkward) || came.Response.Leaks != nil {
		t.Errorf("what is judged is %q with the leaks %q, and should be as it came", came.Request.Body, came.Response.Leaks)
	}
	kept := record.Redacted(came)
	if kept != record.Redacted(came) || kept != record.Shown().All()[0] {
		t.Error("what is shown of an exchange is not the same each time")
	}
	shown := fmt.Sprintf("%+v %+v %s", kept, kept.Response, kept.Response.Body.Bytes())
	for _, secret := range []string{awkward, url.QueryEscape(awkward), url.PathEscape(awkward), html.EscapeString(awkward), own, "abc"} {
		if strings.Contains(shown, secret) {
			t.Errorf("the record keeps %q in %s", secret, shown)
		}
	}
	if want := []string{"body", "header Authorization", "header Location"}; !slices.Equal(kept.Response.Leaks, want) {
		t.Errorf("the leaks are %q, want %q", kept.Response.Leaks, want)
	}
	if got, want := kept.Request.Header.Get("Cookie"), "sessionid=[redacted]; other=[redacted]"; got != want {
		t.Errorf("the request's cookies are kept as %q, want %q", got, want)
	}
	if got, want := kept.Response.Header.Get("Set-Cookie"), "sessionid=[redacted]; Path=/[redacted]"; got != want {
		t.Errorf("the cookie being set is kept as %q, want %q", got, want)
	}
	if record.Answer("read "+awkward, 1) != came {
		t.Error("an exchange whose key holds a secret is not found by its key")
	}
}

// TestALongTextIsCutBesideSecrets has secrets stand where a text that nobody would read to its end is cut: the password of the run,
// and what belongs to one exchange alone.
func TestALongTextIsCutBesideSecrets(t *testing.T) {
	const password, own = "correct horse battery staple", "0123456789abcdef0123456789abcdef"
	const longest = 64 << 10
	record := evidence.NewRecord(redact.New(password))
	x := record.Add(evidence.Exchange{Key: "read", Round: 1, Request: evidence.Request{Method: "GET", URL: "https://host/"}}, own)
	for _, secret := range []string{password, own} {
		for _, before := range []int{longest - len(secret), longest - len(secret)/2, longest - 5} {
			shown := record.Text(strings.Repeat("x", before)+secret+strings.Repeat("y", longest), x)
			if len(shown) > longest+len(evidence.Redacted)+len("…") || !strings.Contains(shown, "…") {
				t.Errorf("of a text of %d bytes %d are shown; it should be cut after %d", 2*longest, len(shown), longest)
			}
			if strings.Contains(shown, secret[:5]) {
				t.Errorf("a secret that begins %d bytes before the cut shows: …%s", longest-before, shown[len(shown)-60:])
			}
		}
	}
}
