package redact

import (
	"encoding/base64"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

// Placeholder stands where a secret was.
const Placeholder = "[redacted]"

// Redactor knows the secrets of a run. It removes them by value, in every encoding in which a server could send them
// back; see Matcher. More of them (cookies, tokens, digest responses) may be added while the run goes on. It may be used
// by many goroutines at once.
type Redactor struct {
	adding  sync.Mutex
	matcher atomic.Pointer[Matcher]
	certain atomic.Pointer[Matcher] // those of the secrets that stand nowhere by chance
	likely  atomic.Pointer[Matcher] // and those that seldom do
	strong  atomic.Bool             // each password is such that it stands nowhere by chance
	once    []string                // secrets that belonged to one exchange each; see AddOnce
	known   map[string]bool         // of once
	text    gathered                // all secrets that are looked for in what the suite says, those of one exchange included
	named   gathered                // and in what a resource is found by
}

// New makes a redactor for the secrets; empty ones are ignored.
func New(secrets ...string) *Redactor {
	r := &Redactor{known: map[string]bool{}}
	for _, matcher := range []*atomic.Pointer[Matcher]{&r.matcher, &r.certain, &r.likely} {
		matcher.Store(&Matcher{})
	}
	r.Add(secrets...)
	return r
}

// Add makes more secrets known; empty ones are ignored.
func (r *Redactor) Add(secrets ...string) {
	r.adding.Lock()
	defer r.adding.Unlock()
	r.add(secrets...)
	r.certain.Store(r.certain.Load().With(Certain(secrets)...))
}

// add makes secrets known. The caller holds the lock.
func (r *Redactor) add(secrets ...string) {
	if more := r.matcher.Load().With(secrets...); more != r.matcher.Load() {
		r.matcher.Store(more)
	}
}

// What is shorter can stand in an answer by chance: a password of a few letters is a word of any endpoint, and so may the
// user's name be with something after it.
const (
	leastToken    = 12
	leastPassword = 8
)

// Certain are those of some tokens (cookies, digest responses, encoded credentials) that stand nowhere by chance.
func Certain(tokens []string) []string {
	return slices.DeleteFunc(slices.Clone(tokens), func(token string) bool { return len(token) < leastToken })
}

// AddCredentials makes the password of an account known, and what HTTP Basic makes of it. Only what cannot be a word of
// the endpoint's own is looked for by Echoes: people choose the names of drives for passwords.
func (r *Redactor) AddCredentials(username, password string) {
	if password == "" {
		return
	}
	pair := username + ":" + password
	encoded := base64.RawStdEncoding.EncodeToString([]byte(pair))
	r.adding.Lock()
	defer r.adding.Unlock()
	r.add(password, pair, encoded)
	certain, likely := Certain([]string{encoded}), []string{}
	r.strong.Store(isStrong(password))
	switch {
	case len(password) >= leastPassword:
		certain = append(certain, Certain([]string{pair})...)
		likely = append(likely, password)
	case len(pair) >= leastPassword:
		likely = append(likely, pair)
	}
	r.certain.Store(r.certain.Load().With(certain...))
	r.likely.Store(r.likely.Load().With(likely...))
}

// Strong reports whether the account's password is such that no word of an endpoint's own is it: then where it stands is no chance,
// but for names that people gave.
func (r *Redactor) Strong() bool { return r.strong.Load() }

// isStrong is long, more than a word, and no sentence such as an endpoint's own messages are.
func isStrong(password string) bool {
	return len(password) >= leastToken && !strings.HasSuffix(password, ".") && strings.ContainsFunc(password, func(c rune) bool { return !unicode.IsLetter(c) })
}

// AddOnce keeps secrets that belong to one exchange: they are looked for in that one, and at the end in texts and in
// finished files. Looking for all of them in every exchange would take its time.
func (r *Redactor) AddOnce(secrets ...string) {
	r.adding.Lock()
	defer r.adding.Unlock()
	for _, secret := range secrets {
		if !r.known[secret] {
			r.known[secret] = true
			r.once = append(r.once, secret)
		}
	}
}

// Matcher finds the secrets known by now.
func (r *Redactor) Matcher() *Matcher { return r.matcher.Load() }

// Echoes find credentials that an answer repeats: certain those that stand nowhere by chance, with those that are given,
// and likely those that do so seldom.
func (r *Redactor) Echoes(own ...string) (certain Pair, likely *Matcher) {
	return r.certain.Load().Beside(Certain(own)...), r.likely.Load()
}

// leastText is the least length of what is looked for in what the suite says: without a letter it says nothing, and hides
// nothing. In the exchanges it was removed all the same.
const leastText = 3

// gathered is a matcher of all secrets of a length or longer, to which those are added that came since it was looked at. It is
// guarded by the lock that adding takes, and never leaves it.
type gathered struct {
	matcher    *Matcher
	lasting    int // how many of the secrets it has
	ofExchange int // and of those of one exchange
}

func (g *gathered) clean(r *Redactor, least int, text string) string {
	r.adding.Lock()
	defer r.adding.Unlock()
	if g.matcher == nil {
		g.matcher = newMatcher(nil)
	}
	lasting := r.matcher.Load().secrets
	for _, more := range [][]string{lasting[g.lasting:], r.once[g.ofExchange:]} {
		for _, secret := range more {
			if len(secret) >= least {
				g.matcher.extend(secret)
			}
		}
	}
	g.lasting, g.ofExchange = len(lasting), len(r.once)
	text, _ = g.matcher.String(text)
	return text
}

// Text is what the suite says without any secret known by now, those that belonged to one exchange included.
func (r *Redactor) Text(text string) string { return r.text.clean(r, leastText, text) }

// Identifier is what a resource is found by without the secrets that are long enough not to stand in it by chance.
func (r *Redactor) Identifier(text string) string { return r.named.clean(r, shortest, text) }

// Long finds the secrets that are long enough not to stand in a finished file by chance.
func (r *Redactor) Long() *Matcher {
	r.adding.Lock()
	defer r.adding.Unlock()
	all := append(slices.Clone(r.matcher.Load().secrets), r.once...)
	return newMatcher(slices.DeleteFunc(all, func(secret string) bool { return len(secret) < shortest }))
}

// Only finds some secrets and no others.
func Only(secrets ...string) *Matcher { return (&Matcher{}).With(secrets...) }

// String returns the text without secrets.
func (r *Redactor) String(text string) string {
	clean, _ := r.matcher.Load().String(text)
	return clean
}
