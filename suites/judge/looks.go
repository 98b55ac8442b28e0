package judge

import (
	"bytes"
	"net/url"
	"strings"
	"sync"

	"github.com/libdrives/conformance/suites/evidence"
)

// looks is what was found out about exchanges, once for all specs: what each asked for, and what it tells of drives. It may be
// used by many goroutines at once.
type looks struct {
	mu     sync.Mutex
	asked  map[*evidence.Exchange]askedFor
	format map[*evidence.Exchange]string
	told   map[toldBy]toldOf
}

// toldBy is an exchange, looked at in a format.
type toldBy struct {
	of     *evidence.Exchange
	format string
}

// toldOf is what an answer tells of drives, where it does.
type toldOf struct {
	telling
	is bool
}

// askedFor is what a request asked for below the API base.
type askedFor struct {
	path   string
	query  url.Values // shared, and not to be changed
	drives bool       // that is a drive or a list of drives
}

func newLooks() looks {
	return looks{asked: map[*evidence.Exchange]askedFor{}, format: map[*evidence.Exchange]string{}, told: map[toldBy]toldOf{}}
}

// below is what a request asked for below the API base, and whether that is a drive or a list of drives.
func (lib *Library) below(x *evidence.Exchange) (path string, query url.Values, drives bool) {
	l := &lib.Parsed.looks
	l.mu.Lock()
	defer l.mu.Unlock()
	known, is := l.asked[x]
	if !is {
		known = lib.askedFor(x)
		l.asked[x] = known
	}
	return known.path, known.query, known.drives
}

func (lib *Library) askedFor(x *evidence.Exchange) askedFor {
	path, text, _ := strings.Cut(x.Request.Path(), "?")
	path = strings.TrimPrefix(path, lib.BasePath)
	switch path {
	case LibdrivesSchemaPath, DrivesPath + "schema/":
		return askedFor{path: path}
	}
	var query url.Values
	if text != "" {
		query, _ = url.ParseQuery(text) // of what can't be read, what can be is enough to tell `fields` by
	}
	return askedFor{path, query, strings.HasPrefix(path, LibdrivesPath) || strings.HasPrefix(path, DrivesPath)}
}

// tells is what an answer tells of drives in a format, looked at by a function.
func (l *looks) tells(answer Answer, format string, look func(Answer) (telling, bool)) (telling, bool) {
	key := toldBy{answer.Exchange, format}
	l.mu.Lock()
	known, done := l.told[key]
	l.mu.Unlock()
	if !done {
		known.telling, known.is = look(answer)
		l.mu.Lock()
		l.told[key] = known
		l.mu.Unlock()
	}
	return known.telling, known.is
}

// format tells the body's format by how it begins; see FormatOf.
func (a Answer) format() string {
	if !a.HasBody() {
		return FormatOf(nil)
	}
	l := &a.lib.Parsed.looks
	l.mu.Lock()
	defer l.mu.Unlock()
	known, is := l.format[a.Exchange]
	if !is {
		known = formatOf(a.Exchange.Response.Body)
		l.format[a.Exchange] = known
	}
	return known
}

func formatOf(body evidence.Body) string {
	const enough = 512
	if begin := body.Beginning(enough); len(bytes.TrimSpace(begin)) >= enough/2 {
		return FormatOf(begin)
	}
	return FormatOf(body.Bytes())
}
