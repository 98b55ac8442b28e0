package judge

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/libdrives/conformance/suites/evidence"
)

// looks is what was found out about exchanges, once for all specs: what each asked for, in which format it was answered, and what
// it tells of drives. It may be used by many goroutines at once.
type looks struct {
	mu     sync.Mutex
	asked  map[*evidence.Exchange]askedFor
	format map[*evidence.Exchange]string
	told   map[string]*toldSoFar // by the format
}

// toldSoFar are the answers that tell of drives in a format, as far as the record had come when it was looked at last: each
// exchange is looked at once, however often the record grows.
type toldSoFar struct {
	mu   sync.Mutex
	upTo int // exchanges that were looked at
	all  []telling
}

// askedFor is what a request asked for below the API base.
type askedFor struct {
	path   string
	query  url.Values // shared, and not to be changed
	drives bool       // that is a drive or a list of drives
}

func newLooks() looks {
	return looks{asked: map[*evidence.Exchange]askedFor{}, format: map[*evidence.Exchange]string{}, told: map[string]*toldSoFar{}}
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

// tellings are the answers that tell of drives in a format.
func (l *looks) tellings(format string) *toldSoFar {
	l.mu.Lock()
	defer l.mu.Unlock()
	told := l.told[format]
	if told == nil {
		told = &toldSoFar{}
		l.told[format] = told
	}
	return told
}

// extended are those of the record as it is now. They are shared, and not to be changed.
func (t *toldSoFar) extended(lib *Library, tells func(Answer) (telling, bool)) []telling {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range lib.Record.Since(t.upTo) {
		t.upTo++
		if !whole(x) {
			continue
		}
		if one, is := tells(Answer{lib: lib, Exchange: x}); is {
			t.all = append(t.all, one)
		}
	}
	return slices.Clip(t.all)
}

// whole reports whether a whole answer of the endpoint's own came.
func whole(x *evidence.Exchange) bool {
	return x.Response != nil && x.Failure == "" && x.Obstacle() == evidence.NoObstacle
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

// AskedForXML reports whether the answer is to a GET that asked for XML: by the parameter, or without one by its header alone.
func (a Answer) AskedForXML() bool {
	x := a.Exchange
	if chosen := formatChosen(x); chosen != "" {
		return x.Request.Method == http.MethodGet && chosen == "xml"
	}
	return x.Request.Method == http.MethodGet && x.Request.Header.Get("Accept") == TypeXML
}

// formatChosen is the format that a request chose by the parameter: the last one wins.
func formatChosen(x *evidence.Exchange) string {
	_, text, _ := strings.Cut(x.Request.URL, "?")
	query, _ := url.ParseQuery(text) // what can't be parsed chooses nothing
	if given := query["format"]; len(given) > 0 {
		return given[len(given)-1]
	}
	return ""
}

// TellsXML reports whether the answer's body begins as XML does.
func (a Answer) TellsXML() bool { return a.HasBody() && a.format() == "XML" }

func formatOf(body evidence.Body) string {
	const enough = 512
	if begin := body.Beginning(enough); len(bytes.TrimSpace(begin)) >= enough/2 {
		return FormatOf(begin)
	}
	return FormatOf(body.Bytes())
}
