package run

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/judge"
)

// preflight makes sure that there is an endpoint of this API to be judged: it can be reached, takes the credentials and
// answers as an API does. What it does wrong beyond that is for the specs to say, so an answer that is only odd passes.
func (r *runner) preflight(ctx context.Context) error {
	look := func(path string) *evidence.Exchange {
		return r.client.Do(ctx, evidence.Get(path), 1, "preflight")
	}
	first := look(judge.LibdrivesPath)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if first.Response == nil {
		return fmt.Errorf("%s can't be reached: %s", r.base, first.Failure)
	}
	if outOfService(first) {
		// One more place tells an endpoint that is out of service from one whose library is.
		other := look("drives/?limit=1")
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case outOfService(other) || !r.answersAsAPI(other):
			return client.Outage(first)
		}
		return nil
	}
	if r.answersAsAPI(first) {
		return nil
	}
	if first.Status() == 401 {
		return r.byDigest(ctx, first)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	others := []*evidence.Exchange{look("drives/?limit=1"), look(judge.LicensesPath)}
	if slices.ContainsFunc(others, r.answersAsAPI) {
		return nil // the API is there; what is wrong with its library is for the specs to say
	}
	return r.strange(first)
}

// byDigest goes on by HTTP Digest where just HTTP Basic is refused: that it is is for AUTH-03 to say. Wrong credentials
// are not tried any further, for an account may lock.
func (r *runner) byDigest(ctx context.Context, refused *evidence.Exchange) error {
	list := evidence.Get(judge.LibdrivesPath)
	if r.Auth != "basic" || !r.answersAsAPI(r.client.Do(ctx, list.By(evidence.ByDigest), 1, "preflight")) {
		return r.strange(refused)
	}
	r.Auth = "digest"
	r.client.AuthenticateBy(r.Auth)
	r.Observer.Note("the account is refused by HTTP Basic and accepted by HTTP Digest: the run goes on by that")
	r.client.Do(ctx, list, 1, "preflight") // what the specs look at
	return nil
}

// answersAsAPI reports whether the exchange shows an endpoint of this API that takes the credentials: it answers with a
// JSON object, or fails in JSON.
func (r *runner) answersAsAPI(x *evidence.Exchange) bool {
	switch {
	case x.Response == nil || !isJSON(x):
		return false
	case x.Status() == 200:
		return bytes.HasPrefix(bytes.TrimSpace(evidence.WithoutMark(x.Response.Body.Bytes())), []byte("{"))
	default:
		return x.Status() >= 500
	}
}

// outOfService reports whether a request was refused for now, or answered by a gateway, to its last attempt.
func outOfService(x *evidence.Exchange) bool {
	return x.Response != nil && (x.Obstacle() == evidence.Busy || x.Obstacle() == evidence.Gateway)
}

func isJSON(x *evidence.Exchange) bool {
	return evidence.CheckSyntax(x.Response.Body.Bytes(), judge.MaxDepth) == nil
}

// strange says what answers in the API's place.
func (r *runner) strange(x *evidence.Exchange) error {
	where := fmt.Sprintf("GET %s answers %d", x.Request.URL, x.Status())
	header := func(name string) string { return judge.ClipTo(x.Response.Header.Get(name), judge.LongestShown) }
	location, contentType := header("Location"), header("Content-Type")
	switch {
	case x.Status() == 401:
		return fmt.Errorf("%s: the endpoint does not take the credentials: check --username, LIBDRIVES_PASSWORD or --password-file, and --auth", where)
	case x.Status() == 403:
		return fmt.Errorf("%s: the account %s is not permitted to use the API", where, r.Username)
	case x.Status() >= 300 && x.Status() < 400:
		return fmt.Errorf("%s and redirects to %s: this is not the API base; give the one that answers itself, such as https://host/api/2.0/", where, location)
	case strings.Contains(contentType, "html"):
		return fmt.Errorf("%s with a web page (%s) instead of JSON: this is not the API base, which looks like https://host/api/2.0/", where, contentType)
	case x.Status() == 404:
		return fmt.Errorf("%s: there is no drives library under this base path; the API base looks like https://host/api/2.0/", where)
	case x.Status() == 200 && !isJSON(x):
		return fmt.Errorf("%s with a body that is not JSON (%s): this is not the API base, which looks like https://host/api/2.0/", where, contentType)
	}
	return fmt.Errorf("%s: this does not look like the API, whose base looks like https://host/api/2.0/", where)
}
