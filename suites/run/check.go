package run

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/requirement"
	"github.com/libdrives/conformance/suites/scenarios"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// CheckState says whether a part of what a run needs is there.
type CheckState string

// What a part of a check comes to.
const (
	Ready    CheckState = "ok"
	Doubtful CheckState = "warning" // a run can begin, and may come to less
	NotReady CheckState = "failed"  // no run can begin
)

// CheckedPart is one of the things that a run needs.
type CheckedPart struct {
	Name  string // name, TLS, login by HTTP Basic …
	State CheckState
	Says  string
}

// Readiness is what was seen before a run.
type Readiness struct {
	Target string
	Parts  []CheckedPart
	Plan   *reports.Plan // what a run would make; nil where it would make nothing
}

// Ready reports whether a run can begin.
func (r Readiness) Ready() bool {
	for _, part := range r.Parts {
		if part.State == NotReady {
			return false
		}
	}
	return len(r.Parts) > 0
}

// Check looks whether a run against the target can do its work, by reads only: the name, TLS, the proxy, logins, the clock, what the
// account may, and what a run would make. The error is a *UsageError, or says why it was ended.
func Check(ctx context.Context, c Config, specs *judge.Suite) (Readiness, error) {
	if c.Target == "" {
		return Readiness{}, &UsageError{errors.New("target: say which endpoint to check: give the URL of its API base, such as https://host/api/2.0/")}
	}
	p, err := c.check(specs)
	if err != nil {
		return Readiness{}, err
	}
	r, err := newRunner(p)
	if err != nil {
		return Readiness{}, &UsageError{err}
	}
	r.client, r.evaluator.Record, err = r.newClient(true, nil)
	if err != nil {
		return Readiness{}, &UsageError{err}
	}
	defer r.client.Close()
	k := &checking{runner: r}
	k.Target = p.base.String()
	for _, step := range []func(context.Context) bool{k.name, k.proxy, k.tls, k.api, k.logins, k.clock, k.account, k.plan} {
		if !step(ctx) || ctx.Err() != nil {
			break
		}
	}
	return k.Readiness, context.Cause(ctx)
}

// checking is a check under way. Each of its steps reports whether the next one makes sense.
type checking struct {
	*runner
	Readiness
	route *url.URL // the proxy; nil where there is none
}

func (k *checking) add(name string, state CheckState, format string, values ...any) bool {
	k.Parts = append(k.Parts, CheckedPart{name, state, k.evaluator.Record.Text(fmt.Sprintf(format, values...))})
	return state != NotReady
}

// read makes one read.
func (k *checking) read(ctx context.Context, path string, as evidence.Identity) *evidence.Exchange {
	return k.client.Do(ctx, evidence.Get(path).By(as), 1, "check")
}

func (k *checking) name(ctx context.Context) bool {
	host := k.base.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return k.add("name", Ready, "%s is an address", host)
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		var unknown *net.DNSError
		if errors.As(err, &unknown) && unknown.IsNotFound {
			return k.add("name", Doubtful, "%s is not known here: it has to be known to a proxy", host)
		}
		return k.add("name", Doubtful, "%s: %s", host, client.Diagnose(err))
	}
	return k.add("name", Ready, "%s is %s", host, strings.Join(addresses, ", "))
}

func (k *checking) proxy(context.Context) bool {
	choose := k.reach.proxy
	if choose == nil {
		choose = http.ProxyFromEnvironment
	}
	proxy, err := choose(&http.Request{URL: k.base})
	switch {
	case err != nil:
		return k.add("proxy", NotReady, "the environment names a proxy that is none: %v", err)
	case proxy == nil:
		return k.add("proxy", Ready, "none")
	}
	k.route = proxy
	return k.add("proxy", Ready, "through %s", proxy.Host)
}

func (k *checking) tls(ctx context.Context) bool {
	switch {
	case k.base.Scheme == "http":
		return k.add("TLS", Doubtful, "none: whoever stands between can read the password")
	case k.InsecureSkipVerify:
		return k.add("TLS", Doubtful, "no certificate is checked (--insecure-skip-verify)")
	case k.route != nil:
		return k.add("TLS", Ready, "through the proxy: the login shows whether it holds")
	}
	port := k.base.Port()
	if port == "" {
		port = "443"
	}
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: k.roots, Certificates: k.reach.certificates, MinVersion: tls.VersionTLS12}}
	limited, cancel := context.WithTimeout(ctx, k.RequestTimeout)
	defer cancel()
	connection, err := dialer.DialContext(limited, "tcp", net.JoinHostPort(k.base.Hostname(), port))
	if err != nil {
		return k.add("TLS", NotReady, "%s", client.Diagnose(err))
	}
	defer func() { _ = connection.Close() }() // nothing was sent
	state := connection.(*tls.Conn).ConnectionState()
	until := state.PeerCertificates[0].NotAfter
	says := fmt.Sprintf("%s, the certificate is valid until %s", tls.VersionName(state.Version), until.UTC().Format(time.DateOnly))
	const soon = 14 * 24 * time.Hour
	if time.Until(until) < soon {
		return k.add("TLS", Doubtful, "%s, which is soon", says)
	}
	return k.add("TLS", Ready, "%s", says)
}

func (k *checking) api(ctx context.Context) bool {
	began := time.Now()
	if err := k.preflight(ctx); err != nil {
		return k.add("API", NotReady, "%v", err)
	}
	x := k.read(ctx, judge.LibdrivesPath+"?limit=1", evidence.Account)
	total := gjson.GetBytes(bodyOf(x), "meta.total_count")
	return k.add("API", Ready, "GET /libdrives/ answers %d, the library counts %s drives, an answer takes about %d ms", x.Status(), orUnknown(total), time.Since(began).Milliseconds()/2)
}

// logins tries each kind that a read can show.
func (k *checking) logins(ctx context.Context) bool {
	for _, as := range []evidence.Identity{evidence.ByBasic, evidence.ByDigest} {
		x := k.read(ctx, judge.LibdrivesPath+"?limit=1", as)
		state := Ready
		if x.Status() != http.StatusOK {
			state = Doubtful // the run goes by the other one; what is wrong with this one is for a requirement to say
		}
		k.add("login", state, "by %s: %s", as, x.Outcome())
	}
	return k.add("login", Ready, "by cookies: not tried, for that login is a POST")
}

// clock compares the endpoint's time with that of this machine: a nonce and what was made first are told by it.
func (k *checking) clock(context.Context) bool {
	there := k.client.EndpointTime()
	if there.IsZero() {
		return k.add("clock", Doubtful, "no answer has a Date")
	}
	const much = time.Minute
	apart := time.Since(there).Truncate(time.Second)
	if apart.Abs() > much {
		return k.add("clock", Doubtful, "the endpoint's is %s away from this machine's", apart.Abs())
	}
	return k.add("clock", Ready, "the endpoint's is within a minute of this machine's")
}

// account looks what the account may read, and how much it has.
func (k *checking) account(ctx context.Context) bool {
	for _, part := range []struct{ path, what string }{
		{judge.DrivesPath, "drives"}, {"servers/", "servers"}, {judge.LicensesPath, "licences"}, {"jobs/", "jobs"},
	} {
		x := k.read(ctx, part.path+"?limit=1", evidence.Account)
		if x.Status() != http.StatusOK {
			k.add("account", Doubtful, "its %s can't be read: %s", part.what, x.Outcome())
			continue
		}
		k.add("account", Ready, "it has %s %s", orUnknown(gjson.GetBytes(bodyOf(x), "meta.total_count")), part.what)
	}
	x := k.read(ctx, "balance/", evidence.Account)
	if balance := gjson.GetBytes(bodyOf(x), "balance"); x.Status() == http.StatusOK && balance.Exists() {
		return k.add("account", Ready, "its balance is %s %s", balance.String(), gjson.GetBytes(bodyOf(x), "currency").String())
	}
	return k.add("account", Ready, "what it has room for is not told: %s to GET /balance/", x.Outcome())
}

// plan works out what a run would make, as far as the profile makes anything.
func (k *checking) plan(ctx context.Context) bool {
	if k.Profile == requirement.ReadProfile {
		return k.add("plan", Ready, "the profile read makes nothing in the account; --profile write or full shows what they would")
	}
	material, blocked, err := k.pickMaterial(ctx)
	switch {
	case err != nil:
		return k.add("plan", NotReady, "%v", err)
	case blocked != (reports.Cause{}):
		return k.add("plan", Doubtful, "what would be made can't be told: %s", blocked.Detail)
	}
	e := &scenarioRun{runner: k.runner}
	for _, scenario := range scenarios.Choose(material, k.runner.Profile.Allows(requirement.Probe)) {
		e.wanted = append(e.wanted, steps.Scenario(scenario.Name))
	}
	e.choose(material)
	k.Plan = e.plan()
	k.Plan.DryRun = true
	clones, size := k.Plan.Clones()
	return k.add("plan", Ready, "a run of every requirement would make %s (%.1f GB in all) and %s, and remove them", counted(clones, "clone"), float64(size)/(1<<30), counted(k.Plan.Servers(), "server"))
}

func bodyOf(x *evidence.Exchange) []byte {
	if x.Response == nil {
		return nil
	}
	return evidence.WithoutMark(x.Response.Body.Bytes())
}

// orUnknown is a number as the endpoint tells it.
func orUnknown(count gjson.Result) string {
	if count.Type != gjson.Number {
		return "an unknown number of"
	}
	return count.Raw
}
