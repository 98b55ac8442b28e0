package client_test

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// digestEndpoint lets in who answers its challenge by RFC 2617. It is written without the library that the client uses.
type digestEndpoint struct {
	mu      sync.Mutex
	nonce   int             // the number of the nonce that is good
	counts  map[string]bool // nonces with their counts that were used
	highest int             // the highest count of the nonce
	strict  bool            // refuse a count that is not higher than all before
	life    int             // answers after which the nonce is replaced; 0 is never
	quiet   bool            // don't say stale
	public  bool            // let everybody in, without a challenge
	refused int             // 401 to credentials that were sent
}

var digestField = regexp.MustCompile(`(\w+)=(?:"([^"]*)"|([^", ]+))`)

func md5Of(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(sum[:])
}

func (e *digestEndpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	sent := map[string]string{}
	authorization, isDigest := strings.CutPrefix(r.Header.Get("Authorization"), "Digest ")
	for _, field := range digestField.FindAllStringSubmatch(authorization, -1) {
		sent[field[1]] = field[2] + field[3]
	}
	right := isDigest && sent["uri"] == r.RequestURI && sent["username"] == username && sent["opaque"] == "op" &&
		sent["response"] == md5Of(md5Of(username, "users", password), sent["nonce"], sent["nc"], sent["cnonce"], "auth", md5Of(r.Method, r.RequestURI))
	var count int
	if _, err := fmt.Sscanf(sent["nc"], "%08x", &count); err != nil {
		count = 0
	}
	use := sent["nonce"] + " " + sent["nc"]
	fresh := sent["nonce"] == fmt.Sprintf("nonce-%d", e.nonce) && !e.counts[use] && (!e.strict || count > e.highest)
	if e.public || right && fresh {
		e.counts[use] = true
		e.highest = max(e.highest, count)
		if e.life > 0 && len(e.counts) >= e.life {
			e.renew()
		}
		_, _ = fmt.Fprint(w, r.Header.Get("Authorization"))
		return
	}
	if isDigest {
		e.refused++
	}
	if e.strict {
		e.renew()
	}
	stale := ""
	if right && !e.quiet {
		stale = ", stale=true"
	}
	w.Header().Add("WWW-Authenticate", `Basic realm="users"`)
	w.Header().Add("WWW-Authenticate", fmt.Sprintf(`Digest realm="users", nonce="nonce-%d", algorithm="MD5", opaque="op", qop="auth-int, auth"%s`, e.nonce, stale))
	w.WriteHeader(http.StatusUnauthorized)
}

func (e *digestEndpoint) renew() {
	e.nonce++
	e.counts = map[string]bool{}
	e.highest = 0
}

func serveDigest(t *testing.T, e *digestEndpoint) *url.URL {
	t.Helper()
	e.renew()
	return serve(t, e.ServeHTTP)
}

func byDigest(c *client.Config) { c.Auth = "digest" }

func TestDigestIsWarmedUpOnceAndSentUnasked(t *testing.T) {
	endpoint := &digestEndpoint{}
	cl, record := connect(t, serveDigest(t, endpoint), byDigest)
	var want []client.Want
	for i := range 40 {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/?a=b", i))})
	}
	if err := cl.Collect(t.Context(), want, 1, nil); err != nil {
		t.Fatalf("collecting: %v", err)
	}
	for _, w := range want {
		if x := record.Answer(w.Read.Key(), 1); x.Status() != 200 || x.Attempt != 1 || x.Request.Auth != "digest" {
			t.Errorf("%s ended as %s at attempt %d, want 200 at the first", w.Read.Key(), x.Outcome(), x.Attempt)
		}
	}
	if first := record.All()[0]; first.Key != client.DigestKey || first.Status() != 401 || first.Request.As != evidence.Nobody {
		t.Errorf("the first exchange is %s as %q with %s, want the challenge", first.Key, first.Request.As, first.Outcome())
	}
	if record.Len() != 41 || endpoint.refused != 0 {
		t.Errorf("%d exchanges and %d refusals, want 41 and none", record.Len(), endpoint.refused)
	}
}

func TestAnOldNonceIsReplaced(t *testing.T) {
	for name, endpoint := range map[string]*digestEndpoint{
		"told to be stale":        {life: 3},
		"not told to be stale":    {life: 3, quiet: true},
		"good for one use":        {life: 1},
		"whose counts must climb": {strict: true},
		"quiet, and must climb":   {strict: true, quiet: true},
	} {
		cl, record := connect(t, serveDigest(t, endpoint), func(c *client.Config) { c.Auth = "digest"; c.Concurrency = 1 })
		for i := range 10 {
			read := evidence.Get(fmt.Sprintf("drives/%d/", i))
			if i%2 == 1 {
				cl.Send(t.Context(), client.Request{Key: read.Key(), Method: "POST", Path: read.Path, Body: []byte("{}")})
			} else {
				cl.Do(t.Context(), read, 1, "")
			}
			if x := record.Answer(read.Key(), 1); x.Status() != 200 || x.Attempt > 2 {
				t.Errorf("with a nonce %s, read %d ended as %s at attempt %d", name, i, x.Outcome(), x.Attempt)
			}
		}
		if endpoint.life == 3 && (endpoint.refused < 2 || endpoint.refused > 4) {
			t.Errorf("with a nonce %s, %d requests were refused, want one for each new nonce", name, endpoint.refused)
		}
	}
}

func TestAWrongDigestIsRefusedAndNotRepeated(t *testing.T) {
	endpoint := &digestEndpoint{}
	client, record := connect(t, serveDigest(t, endpoint), nil)
	read := evidence.Get("libdrives/").By(evidence.WrongDigest)
	if x := client.Do(t.Context(), read, 1, "AUTH-05"); x.Status() != 401 || x.Attempt != 1 || record.Redacted(x).Request.Header.Get("Authorization") != "Digest [redacted]" {
		t.Errorf("a wrong digest ended as %s at attempt %d with %v", x.Outcome(), x.Attempt, x.Request.Header)
	}
	if x := client.Do(t.Context(), evidence.Get("libdrives/").By(evidence.ByDigest), 1, "AUTH-05"); x.Status() != 200 {
		t.Errorf("the account by digest, in a run by Basic, ended as %s", x.Outcome())
	}
	if endpoint.refused != 1 || record.Len() != 4 {
		t.Errorf("%d refusals and %d exchanges, want 1 and 4: a challenge for each", endpoint.refused, record.Len())
	}
}

func TestAWrongPasswordByDigestEndsAfterOneMoreAttempt(t *testing.T) {
	endpoint := &digestEndpoint{strict: true} // a new nonce with every refusal
	client, _ := connect(t, serveDigest(t, endpoint), func(c *client.Config) { c.Auth, c.Password = "digest", "not it" })
	if x := client.Do(t.Context(), evidence.Get("libdrives/"), 1, ""); x.Status() != 401 || x.Attempt != 2 {
		t.Errorf("a wrong password ended as %s at attempt %d, want 401 at the second", x.Outcome(), x.Attempt)
	}
}

func TestWithoutAChallengeNothingIsSentByDigest(t *testing.T) {
	endpoint := &digestEndpoint{public: true}
	base := serveDigest(t, endpoint)
	client, _ := connect(t, base, byDigest)
	x := client.Do(t.Context(), evidence.Get("libdrives/"), 1, "")
	want := "not sent: no HTTP Digest challenge could be had: GET /api/2.0/libdrives/?limit=1 without credentials answered 200 " +
		"without one that is of use (MD5, qop auth)"
	if x.Response != nil || x.Failure != want || x.Request.URL != base.String()+"libdrives/" {
		t.Errorf("without a challenge, %s ended as %s; want %q", x.Request.URL, x.Outcome(), want)
	}
	endpoint.public = false
	if x := client.Do(t.Context(), evidence.Get("libdrives/").Again(), 1, ""); x.Status() != 200 {
		t.Errorf("when a challenge comes at last, the read ended as %s", x.Outcome())
	}
}
