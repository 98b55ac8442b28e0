package run

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/requirement"
)

// Config says what to judge and how. The zero value judges the embedded reference endpoint by its full profile.
type Config struct {
	Name               string              // what reports call the endpoint; empty is its target
	Target             string              // the API base, such as https://host/api/2.0/; empty is the embedded reference endpoint
	Username           string              // the account, with a target
	Password           string              // its password
	Auth               string              // basic (default) or digest
	CAFile             string              // PEM file of further certificate authorities
	CertFile           string              // PEM file of the certificate by which the run identifies itself; with KeyFile
	KeyFile            string              // PEM file of its private key
	Proxy              string              // through which the endpoint is asked; default by HTTPS_PROXY, HTTP_PROXY and NO_PROXY
	Headers            []string            // sent with every request, each NAME=VALUE
	InsecureSkipVerify bool                // accept any certificate
	Profile            requirement.Profile // how far to go; default read with a target, full without
	Level              requirement.Level   // the gate; default must
	Strict             bool                // what is skipped or unstable within the gate makes the run incomplete
	Select             string              // ids, areas and levels, comma-separated; default everything
	LabelFilter        string              // a Ginkgo label filter over level, effect, area and id
	Sample             int                 // drives looked at one by one; 0 is DefaultSample, negative is all
	Concurrency        int                 // requests in flight; 0 is DefaultConcurrency
	Rate               float64             // requests a second; 0 is no limit
	Timeout            time.Duration       // of the whole run; 0 is DefaultTimeout, or DefaultWriteTimeout where it writes
	RequestTimeout     time.Duration       // of one attempt; 0 is DefaultRequestTimeout
	MaxBody            int64               // bytes of one answer, unpacked; 0 is DefaultMaxBody
	MaxHeld            int64               // bytes of all answers of the run together, in memory; 0 is DefaultMaxHeld
	CloneTimeout       time.Duration       // the most that one clone may take; 0 is collect.DefaultCloneTimeout
	SettleTimeout      time.Duration       // how long what a write brings about may take to show; 0 is collect.DefaultSettleTimeout, or EmbeddedSettleTimeout
	CleanupTimeout     time.Duration       // how long cleaning up goes on beyond the clones that it waits for, or where nothing is answered; 0 is the account's default
	MaxClones          int                 // the most clones that are made; 0 is no bound
	DryRun             bool                // say what would be made, and make nothing; for a profile that makes something
	Journal            string              // file that tells the command cleanup what was made; default in the user's folder
	RetryDelay         time.Duration       // before a request that met a transient refusal is repeated, growing; 0 is the client's default
	Seed               uint64              // of everything chosen by chance; 0 is 1
	Version            string              // of the suite, for the User-Agent and the report
	Commit             string              // that the suite was built from, for the report; empty where it is not known
	CommitDate         string              // likewise, as of RFC 3339
	Waivers            []reports.Waiver    // failures that are put up with for a while; the package reports/waivers reads them from a file
	Baseline           *reports.Report     // an earlier report that this run must not be worse than; the package reports/json reads one
	Observer           Observer            // is informed how the run goes; may be nil
	Report             func(*Result)       // is informed what a run came to that Describe put into a tree of specs; Run returns it. May be nil
	OwnsProcess        bool                // nothing else uses Ginkgo in this process: its runner runs the specs. Only for a program of its own
	VerdictsOnly       bool                // the report says of no verdict which exchanges it rests on, and of findings the first: for who makes hundreds of runs
	Shared             *Shared             // what runs of this process work out of the same library, once for all of them; may be nil
	Reference          fixtures.Options    // the embedded reference endpoint, without a target
}

// Defaults of a run.
const (
	DefaultSample         = 200
	DefaultConcurrency    = 16
	DefaultTimeout        = 30 * time.Minute // the most that a read run of a slow endpoint with a huge library may take
	DefaultWriteTimeout   = 2 * time.Hour    // and one that writes: up to three clones are made one after another
	EmbeddedSettleTimeout = time.Second      // of the embedded reference endpoint, which shows at once what it does
	DefaultRequestTimeout = 60 * time.Second // the most that one answer may take: a list of thousands of drives
	DefaultMaxBody        = client.DefaultMaxBody
	DefaultMaxHeld        = client.DefaultMaxHeld
)

// Shared is material that several runs have in common; see judge.
type Shared = judge.Shared

// NewShared is for runs that have nothing in common yet.
func NewShared() *Shared { return judge.NewShared() }

// Observer is informed how a run goes. Its methods may be called from many goroutines.
type Observer interface {
	Collecting(done, planned int, what string) // requests answered, requests known of, and what they are for
	Judged(result reports.Result)              // a requirement was judged
	Note(line string)                          // something worth a line
}

type silent struct{}

func (silent) Collecting(int, int, string) {}

func (silent) Judged(reports.Result) {}

func (silent) Note(string) {}

// UsageError is wrong usage or configuration, found before any request.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// EndpointError says that the endpoint can't be judged at all: it can't be reached, refuses the credentials, or is not
// this API.
type EndpointError struct{ Err error }

func (e *EndpointError) Error() string { return e.Err.Error() }

func (e *EndpointError) Unwrap() error { return e.Err }

// plan is a Config that was checked: defaults in place, names resolved.
type plan struct {
	Config
	base      *url.URL
	roots     *x509.CertPool
	reach     connection
	dial      client.Dial // to the embedded endpoint, where it is served without a network
	catalogue *requirement.Catalogue
	specs     *judge.Suite
	selected  []requirement.Requirement
	aside     map[string]bool // the ids that the user's selection leaves out, whatever the profile does
}

// check resolves every name in the configuration and reports all that is wrong with it at once, for a run that talks to
// the endpoint.
func (c Config) check(specs *judge.Suite) (*plan, error) {
	p, err := c.resolve(specs)
	errs := []error{err}
	if c.Target != "" {
		if c.Username == "" {
			errs = append(errs, errors.New("username: a target needs the account that it is judged as: give the flag or LIBDRIVES_USERNAME"))
		}
		if c.Password == "" {
			errs = append(errs, errors.New("password-file: a target needs the account's password: give LIBDRIVES_PASSWORD, or a file with it"))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, &UsageError{err}
	}
	return p, nil
}

// resolve resolves every name in the configuration, leaving out who asks.
func (c Config) resolve(specs *judge.Suite) (*plan, error) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, err
	}
	p := &plan{Config: c, catalogue: catalogue, specs: specs}
	p.setDefaults()
	var errs []error
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	if c.Target != "" {
		p.base, err = parseTarget(c.Target)
		note(err)
	}
	if !slices.Contains([]string{"basic", "digest"}, p.Auth) {
		note(fmt.Errorf("auth: %q is none of basic, digest", p.Auth))
	}
	_, err = requirement.ParseProfile(string(p.Profile))
	note(err)
	_, err = requirement.ParseLevel(string(p.Level))
	note(err)
	if c.DryRun && p.Profile == requirement.ReadProfile {
		note(errors.New("dry-run: by the profile read nothing is made in any case, so there is nothing to say: give --profile write or full, or leave it out"))
	}
	if c.Concurrency < 0 || c.Rate < 0 || c.Timeout < 0 || c.RequestTimeout < 0 || c.CloneTimeout < 0 || c.SettleTimeout < 0 || c.CleanupTimeout < 0 || c.MaxClones < 0 || c.MaxBody < 0 || c.MaxHeld < 0 {
		note(errors.New("concurrency, rate, timeout, request-timeout, clone-timeout, settle-timeout, cleanup-timeout, max-clones, max-body and the bound of all answers must not be negative"))
	}
	p.roots, err = loadRoots(c.CAFile)
	note(err)
	p.reach, err = c.connection()
	note(err)
	if err := reports.CheckWaivers(c.Waivers, catalogue); err != nil {
		note(fmt.Errorf("waivers: %w", err))
	}
	note(p.selectRequirements())
	if err := errors.Join(errs...); err != nil {
		return nil, &UsageError{err}
	}
	return p, nil
}

func (p *plan) setDefaults() {
	p.Auth = cmp.Or(p.Auth, "basic")
	p.Level = cmp.Or(p.Level, requirement.Must)
	p.Sample = cmp.Or(p.Sample, DefaultSample)
	p.Concurrency = cmp.Or(p.Concurrency, DefaultConcurrency)
	p.RequestTimeout = cmp.Or(p.RequestTimeout, DefaultRequestTimeout)
	p.CloneTimeout = cmp.Or(p.CloneTimeout, account.DefaultCloneTimeout)
	p.Seed = cmp.Or(p.Seed, 1)
	p.Version = cmp.Or(p.Version, "devel")
	if p.Observer == nil {
		p.Observer = silent{}
	}
	if p.Target == "" {
		p.SettleTimeout = cmp.Or(p.SettleTimeout, EmbeddedSettleTimeout)
		p.Profile = cmp.Or(p.Profile, requirement.FullProfile)
	}
	p.SettleTimeout = cmp.Or(p.SettleTimeout, account.DefaultSettleTimeout)
	p.Profile = cmp.Or(p.Profile, requirement.ReadProfile)
	if p.Profile != requirement.ReadProfile {
		p.Timeout = cmp.Or(p.Timeout, DefaultWriteTimeout)
	}
	p.Timeout = cmp.Or(p.Timeout, DefaultTimeout)
}

// parseTarget takes an API base and makes its path end in a slash.
func parseTarget(target string) (*url.URL, error) {
	if scheme, _, found := strings.Cut(target, "://"); !found || strings.ContainsAny(scheme, "/?#") {
		return nil, fmt.Errorf("target %q has no scheme http or https: give the API base, such as https://host/api/2.0/", target)
	}
	base, err := url.Parse(target)
	switch {
	case err != nil:
		return nil, fmt.Errorf("target %q is not a URL: %w", target, errors.Unwrap(err))
	case base.Scheme != "http" && base.Scheme != "https":
		return nil, fmt.Errorf("target %q has no scheme http or https: give the API base, such as https://host/api/2.0/", target)
	case base.Host == "":
		return nil, fmt.Errorf("target %q has no host: give the API base, such as https://host/api/2.0/", target)
	case base.Port() != "" && !isPort(base.Port()):
		return nil, fmt.Errorf("target %q has the port %s: there are ports from 1 to 65535", target, base.Port())
	case base.User != nil:
		return nil, errors.New("target: credentials don't belong in the URL: use --username and LIBDRIVES_PASSWORD")
	case base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("target %q has a query or fragment: give the API base, such as https://host/api/2.0/", target)
	}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/"
	}
	return base, nil
}

func isPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

func loadRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("ca-file: %w", err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("ca-file %s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", file)
	}
	return roots, nil
}

// selectRequirements narrows the catalogue to what was named, what the label filter lets through, what the profile
// allows and what the suite has a spec for. The label filter is checked here because Ginkgo would end the process on a
// bad one.
func (p *plan) selectRequirements() error {
	aside, err := LeftAside(p.catalogue, p.Select, p.LabelFilter)
	if err != nil {
		return err
	}
	if err := p.specs.Check(p.catalogue); err != nil {
		return err
	}
	p.aside = aside
	for _, r := range p.catalogue.All() {
		if !aside[r.ID] && p.Profile.Allows(r.Effect) && p.specs.Spec(r.ID) != nil {
			p.selected = append(p.selected, r)
		}
	}
	return nil
}

// LeftAside are the ids of the catalogue that a selection and a label filter leave out, whatever the profile does.
func LeftAside(catalogue *requirement.Catalogue, selection, labelFilter string) (map[string]bool, error) {
	named, err := catalogue.Select(selection)
	if err != nil {
		return nil, fmt.Errorf("select: %w", err)
	}
	lets := func([]string) bool { return true }
	if labelFilter != "" {
		filter, err := types.ParseLabelFilter(labelFilter)
		if err != nil {
			return nil, fmt.Errorf("label-filter %q can't be read (such as \"must && (LIC || OWNER)\"): %s", labelFilter, judge.FirstLine(ansi.ReplaceAllString(err.Error(), "")))
		}
		if err := catalogue.KnownLabels(labelFilter); err != nil {
			return nil, fmt.Errorf("label-filter: %w", err)
		}
		lets = filter
	}
	aside := map[string]bool{}
	for _, r := range catalogue.All() {
		aside[r.ID] = true
	}
	for _, r := range named {
		if lets(r.Labels()) {
			delete(aside, r.ID)
		}
	}
	return aside, nil
}

// ansi are the colours of Ginkgo's errors.
var ansi = regexp.MustCompile(`\x1b\[[0-9;]*m`)
