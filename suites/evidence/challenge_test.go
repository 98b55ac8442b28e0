package evidence_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence"
)

func TestChallengesAreRead(t *testing.T) {
	const digest = `Digest realm="users", nonce="n", qop="auth"`
	users := map[string]string{"realm": "users", "nonce": "n", "qop": "auth"}
	for _, c := range []struct {
		headers []string
		schemes string // of all challenges, in order
		want    map[string]string
	}{
		{[]string{`Digest realm="users", nonce="a,b", algorithm="MD5", opaque="x", qop="auth"`}, "Digest",
			map[string]string{"realm": "users", "nonce": "a,b", "algorithm": "MD5", "opaque": "x", "qop": "auth"}},
		{[]string{`Basic realm="users", Digest realm="u\"s", nonce=abc, qop="auth-int, auth"`}, "Basic Digest",
			map[string]string{"realm": `u"s`, "nonce": "abc", "qop": "auth-int, auth"}},
		{[]string{`digest nonce="n",realm="r",qop=auth, Basic realm="other"`}, "digest Basic", map[string]string{"realm": "r", "nonce": "n", "qop": "auth"}},
		{[]string{digest, `Basic realm="other"`}, "Digest Basic", users},
		{[]string{`Basic realm="other"`, digest}, "Basic Digest", users},
		{[]string{digest + `, Basic realm="other"`}, "Digest Basic", users},
		{[]string{`Negotiate, ` + digest}, "Negotiate Digest", users},
		{[]string{`Negotiate TlRMTVNTUAAC==, ` + digest + `, NTLM`}, "Negotiate Digest NTLM", users},
		{[]string{`Bearer realm="a, Digest nonce=b", scope="x, y", ` + digest}, "Bearer Digest", users},
		{[]string{"DIGEST\trealm = \"users\" ,\tnonce= n,, qop =auth"}, "DIGEST", users},
		{[]string{`, ,Basic realm="other", ,` + digest + `,`}, "Basic Digest", users},
		{[]string{`Basic, ` + digest}, "Basic Digest", users},
		{[]string{`Digest realm="users", nonce="n", qop="auth", realm="again"`}, "Digest", users},
		{[]string{`Digest realm="other", nonce="m", algorithm=SHA-256, qop="auth"`, digest}, "Digest Digest", users},
		{[]string{`Digest realm="other", nonce="m", qop="auth-int", ` + digest}, "Digest Digest", users},
		{[]string{`Basic realm="Digest"`}, "Basic", nil},
		{[]string{`Bearer`, ``}, "Bearer", nil},
		{[]string{`Basic realm="a, Digest nonce=b"`}, "Basic", nil},
		{[]string{`realm="users", nonce="n"`, `"Digest"`, `=`}, "", nil},
		{[]string{`Basic realm="never ends, Digest nonce=n`}, "Basic", nil},
	} {
		header := http.Header{"Www-Authenticate": c.headers}
		var schemes []string
		for _, one := range evidence.Challenges(header) {
			schemes = append(schemes, one.Scheme)
		}
		if got := strings.Join(schemes, " "); got != c.schemes {
			t.Errorf("%q offers %q, read was %q", c.headers, c.schemes, got)
		}
		found, there := evidence.DigestChallenge(header)
		if there != (c.want != nil) || !maps.Equal(found.Parameters, c.want) {
			t.Errorf("%q: the Digest challenge is read as %v, want %v", c.headers, found.Parameters, c.want)
		}
		if there && (!found.Answerable() || !found.Offers("auth") || found.Offers("aut")) {
			t.Errorf("%q: the Digest challenge can be answered by MD5 with qop auth, and is not taken for one", c.headers)
		}
	}
}

// FuzzChallenge reads a WWW-Authenticate header, whatever stands in it. A challenge that is read is read as the same from
// what it was written as again.
func FuzzChallenge(f *testing.F) {
	for _, seed := range []string{
		`Digest realm="users", nonce="a,b", algorithm="MD5", opaque="x", qop="auth"`, `Basic realm="users", Digest realm="u\"s", nonce=abc, qop="auth-int, auth"`,
		`digest nonce="n",realm="r",qop=auth, Basic realm="other"`, `Basic realm="Digest"`, `Digest`, `Digest =`, `Digest a="`, `Digest a="\`, `,,=,"`, "Digest a=\xff",
		`Negotiate TlRMTVNTUAAC==, NTLM`, "DIGEST\trealm = \"users\" ,\tnonce= n,, qop =auth", `Bearer realm="a, Digest nonce=b", scope="x`,
	} {
		f.Add(seed)
	}
	const apart = " \t,=\"" // what is part of no token
	f.Fuzz(func(t *testing.T, header string) {
		for _, read := range evidence.Challenges(http.Header{"Www-Authenticate": {header}}) {
			if read.Scheme == "" || strings.ContainsAny(read.Scheme, apart) || !strings.Contains(header, read.Scheme) {
				t.Errorf("%q of %q is read as a scheme", read.Scheme, header)
			}
			written := read.Scheme + " first=1"
			for name, value := range read.Parameters {
				if name == "" || name != strings.ToLower(name) || strings.ContainsAny(name, apart) {
					t.Errorf("%q of %q is read as the name of a parameter", name, header)
				}
				if name != "first" {
					written += ", " + name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
				}
			}
			again := evidence.Challenges(http.Header{"Www-Authenticate": {written}})
			if len(again) != 1 || again[0].Scheme != read.Scheme {
				t.Fatalf("%q, read from %q, is read as %v", written, header, again)
			}
			for name, value := range read.Parameters {
				if name != "first" && again[0].Parameters[name] != value {
					t.Errorf("%s of %q is read as %q and then as %q", name, header, value, again[0].Parameters[name])
				}
			}
		}
	})
}
