package collect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// NewName is a name for what a probe would make. Only what bears it can be found again, so every body that a probe sends
// should.
func (s *Story) NewName() string { return s.account.nextName() }

// Probe sends a request that a sound endpoint refuses and a broken one might carry out. What an answer 2xx says was made
// becomes ours, unless it is the library's or was there before, and so does whatever bears a name of NewName that is in
// the body: the account's drives are looked at afterwards, under "drives after <step>". Cleanup removes it all.
//
// A probe may be sent to a library drive, and to what the run made, but not to what the account's owner has.
func (s *Story) Probe(ctx context.Context, step string, r Request) *evidence.Exchange {
	target := evidence.Read{Path: r.Path, Query: r.Query}.Target()
	if r.Method == "" || isRead(r.Method) {
		return s.send(ctx, step, r)
	}
	i := intent{kind: Drive, story: s.name, step: step, name: s.account.nameIn(r.Body)}
	if strings.HasPrefix(r.Path, "servers/") {
		i.kind = Server
	}
	err := s.account.begin(ctx, i)
	if err == nil {
		if reason := s.account.others(r); reason != "" {
			err = s.account.withdrawn(i, errors.New(reason))
		}
	}
	if err != nil {
		s.End(fmt.Sprintf("the step %q was not sent: %s", step, err))
		return s.unsent(step, r.Method, target, err.Error())
	}
	x := s.send(ctx, step, r)
	s.settleProbe(ctx, i, x)
	if i.name != "" {
		s.lookAfter(ctx, step, i)
	}
	return x
}

// nameIn is the first name of ours in a body, whatever the body is.
func (a *Account) nameIn(body []byte) string {
	return string(regexp.MustCompile(regexp.QuoteMeta(a.prefix()) + `[0-9]+`).Find(body))
}

// others says why a probe would reach what the account's owner has; empty where it would not.
func (a *Account) others(r Request) string {
	kind, uuid, _ := splitPath(r.Path)
	switch {
	case !isPlainPath(r.Path):
		return impure
	case strings.HasPrefix(r.Path, "libdrives/"):
		return ""
	case kind == "":
		return "a probe is for library drives, drives and servers"
	case uuid == "" && r.Method != http.MethodPost:
		return "it could reach everything in the account"
	case uuid == "":
		return ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	low := strings.ToLower(uuid)
	if !a.library[low] && a.lookup(kind, uuid) == nil {
		return fmt.Sprintf("%s %s is neither the library's nor one that this run made", kind, uuid)
	}
	return ""
}

// settleProbe makes what the answer names ours, where it is a drive or a server that somebody owns: what is nobody's is
// the library's, whatever the request.
func (s *Story) settleProbe(ctx context.Context, i intent, x *evidence.Exchange) {
	a := s.account
	if (x.Response == nil || x.Status() >= 500) && i.name != "" {
		a.lose(i)
		return
	}
	adopted := false
	objects, _, _ := objectsOf(x)
	for n, one := range objects {
		if !isUUID(one.uuid) || a.protected(one.uuid) {
			continue
		}
		look := s.Get(ctx, fmt.Sprintf("%s made %d", i.step, n+1), Resource{Kind: i.kind, UUID: one.uuid}.path())
		found, ok := objectOf(look)
		if !ok || found.nobodys || !strings.EqualFold(found.uuid, one.uuid) {
			continue
		}
		if _, err := a.adopt(i, found); err != nil {
			a.note(fmt.Sprintf("%s: %s", s.Key(i.step), err))
			continue
		}
		adopted = true
	}
	if !adopted {
		a.remark(i.entry(Gone, ""))
	}
}

// lookAfter looks at the account's drives, or servers, after a request that should have made nothing: what bears the
// name is ours.
func (s *Story) lookAfter(ctx context.Context, step string, i intent) {
	for _, one := range s.list(ctx, i.kind+"s after "+step, i.kind+"s/detail/").objects {
		if !bears(one.name, i.name) || one.nobodys {
			continue
		}
		if _, err := s.account.adopt(i, one); err != nil {
			s.account.note(fmt.Sprintf("%s: %s", s.Key(step), err))
		}
	}
}
