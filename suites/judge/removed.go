package judge

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// A saved record holds no secret. Where a password was a word of the endpoint's own, parts of its answers are gone with it,
// and what they don't show any more must not be held against the endpoint.

// removedFrom is the first exchange of a saved record from which a value was removed as a secret that the verdict may
// rest on; nil where there is none.
func (e *evaluation) removedFrom() *evidence.Exchange {
	if !e.Saved || e.tainted != nil {
		return e.tainted
	}
	for _, x := range e.Looked {
		if e.damaged(x) {
			return x
		}
	}
	for _, read := range e.Wants {
		for _, x := range e.cut() {
			if x.Round == e.round && couldBe(x.Key, read.Key()) {
				return x
			}
		}
	}
	if e.missed {
		for _, x := range e.cut() {
			if !strings.HasPrefix(x.Key, x.Request.Method+" ") { // a step of a scenario
				return x
			}
		}
	}
	return nil
}

// cut are the exchanges that a removed value kept from being found by their key.
func (b *Evaluator) cut() []*evidence.Exchange {
	return Once(b, "exchanges whose key lacks something", func() []*evidence.Exchange {
		return slices.DeleteFunc(b.Record.All(), func(x *evidence.Exchange) bool { return !strings.Contains(x.Key, evidence.Redacted) })
	})
}

// couldBe reports whether a key is another one with something removed.
func couldBe(cut, key string) bool {
	parts := strings.Split(cut, evidence.Redacted)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	matched, err := regexp.MatchString("(?s)^"+strings.Join(parts, ".*")+"$", key)
	return err == nil && matched
}

// damaged reports whether something is gone from an answer, or from what was asked for, that a verdict may rest on. What an
// endpoint says beside what is documented, such as a credential that it repeats, is not.
func (b *Evaluator) damaged(x *evidence.Exchange) bool {
	return Once(b, fmt.Sprintf("something is gone from exchange %d", x.Number), func() bool {
		if strings.Contains(x.Request.URL, evidence.Redacted) {
			return true
		}
		if x.Response == nil {
			return false
		}
		for _, leak := range x.Response.Leaks {
			name, isHeader := strings.CutPrefix(leak, "header ")
			if isHeader && slices.Contains(judgedHeaders[:], name) || strings.Contains(name, evidence.Redacted) {
				return true
			}
		}
		if !slices.Contains(x.Response.Leaks, "body") {
			return false
		}
		body := b.Parsed.body(x)
		return body.problem != "" || b.lacks(b.Parsed.value(x), "", 0)
	})
}

// judgedHeaders are the headers of answers that specs look at.
var judgedHeaders = [...]string{"Allow", "Content-Encoding", "Content-Type", "Location", "Retry-After", "Www-Authenticate"}

// envelope are the keys, beside the fields of a drive, in which an answer says what is documented.
var envelope = [...]string{"objects", "fields", "meta", "limit", "offset", "total_count", "error_type", "error_point", "state", "progress", "resources"}

// lacks reports whether a key, or a value under a key that is documented, is gone from a JSON value.
func (b *Evaluator) lacks(value gjson.Result, key string, depth int) (lacks bool) {
	switch {
	case value.IsObject():
		value.ForEach(func(name, member gjson.Result) bool {
			documented := key != "" || slices.Contains(envelope[:], name.Str) || slices.Contains(b.Fields, name.Str)
			lacks = strings.Contains(name.Str, evidence.Redacted) || documented && b.lacks(member, name.Str, depth+1)
			return !lacks
		})
	case value.IsArray():
		value.ForEach(func(_, member gjson.Result) bool {
			lacks = b.lacks(member, key, depth+1)
			return !lacks
		})
	case value.Type == gjson.String:
		lacks = (key != "" || depth > 0) && strings.Contains(value.Str, evidence.Redacted)
	}
	return lacks
}
