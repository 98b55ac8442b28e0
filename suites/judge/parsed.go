package judge

import (
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// parsed keeps what was read out of JSON, so that each text is read once, however many answers repeat it and however
// many specs look at them: a library's lists show the same drives over and over.
type parsed struct {
	mu     sync.Mutex
	bodies map[*evidence.Exchange]*parsedBody
	lists  map[*evidence.Exchange][]Drive
	texts  map[*byte]*parsedBody // by where the record keeps the body, which it does once
	inXML  map[*byte]readOnce    // likewise
	fields map[string]*fields    // by the drive's text
}

type parsedBody struct {
	value   gjson.Result
	problem string // why it is not JSON
	listed  bool   // it has an array `objects`
	total   gjson.Result
	strict  error // why it is not one JSON value in UTF-8 in which no object holds a key twice
}

func NewParsed() *parsed {
	return &parsed{
		bodies: map[*evidence.Exchange]*parsedBody{}, lists: map[*evidence.Exchange][]Drive{},
		texts: map[*byte]*parsedBody{}, inXML: map[*byte]readOnce{}, fields: map[string]*fields{},
	}
}

// body reads the exchange's body.
func (p *parsed) body(x *evidence.Exchange) *parsedBody {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.bodies[x]; known != nil {
		return known
	}
	place := placeOf(x)
	body := p.texts[place]
	if body == nil {
		body = readBody(x.Response.Body)
		p.texts[place] = body
	}
	p.bodies[x] = body
	return body
}

// placeOf is where the record keeps the body of a response; nil where there is none.
func placeOf(x *evidence.Exchange) *byte {
	if len(x.Response.Body) == 0 {
		return nil
	}
	return &x.Response.Body[0]
}

// xml are the drives of a body in XML.
func (p *parsed) xml(x *evidence.Exchange) readOnce {
	p.mu.Lock()
	defer p.mu.Unlock()
	place := placeOf(x)
	known, done := p.inXML[place]
	if !done {
		known.drives, known.err = readXML(x.Response.Body)
		p.inXML[place] = known
	}
	return known
}

// Redacted reports whether a text holds what stands for a secret: it is not what the endpoint said.
func Redacted(text string) bool { return strings.Contains(text, evidence.Redacted) }

// readBody reads a body. gjson reads values out of text that is not JSON, so validity and depth come first; keys given
// twice and bad UTF-8 are FORMAT-09's business.
func readBody(text []byte) *parsedBody {
	body := &parsedBody{strict: evidence.CheckJSON(text, MaxDepth)}
	if body.strict != nil { // what is strictly JSON has the syntax of it
		if err := evidence.CheckSyntax(text, MaxDepth); err != nil {
			body.problem = err.Error()
			return body
		}
	}
	body.value = gjson.ParseBytes(evidence.WithoutMark(text))
	body.listed = body.value.Get("objects").IsArray()
	body.total = body.value.Get("meta.total_count")
	return body
}

// objects are the drives of a list's body. They are shared: who changes them takes a copy.
func (p *parsed) objects(x *evidence.Exchange) []Drive {
	body := p.body(x)
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, found := p.lists[x]; found {
		return known
	}
	drives := []Drive{}
	if body.listed {
		objects := body.value.Get("objects").Array()
		drives = make([]Drive, len(objects))
		for i, object := range objects {
			found := p.look(object)
			drives[i] = Drive{UUID: found.uuid, Name: found.name, JSON: object, Index: i, From: x, fields: found}
		}
	}
	p.lists[x] = drives
	return drives
}

// object is the drive that a body shows by itself; shown is false where it has no uuid.
func (p *parsed) object(x *evidence.Exchange) (drive Drive, shown bool) {
	body := p.body(x)
	if uuid := body.value.Get("uuid"); !body.value.IsObject() || uuid.Type != gjson.String || uuid.Str == "" {
		return Drive{}, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.look(body.value)
	return Drive{UUID: found.uuid, Name: found.name, JSON: body.value, From: x, fields: found}, true
}

// look is what there is to look at in a drive, found once for each text. The caller holds the lock.
func (p *parsed) look(object gjson.Result) *fields {
	found := p.fields[object.Raw]
	if found == nil {
		found = newFields(object)
		p.fields[object.Raw] = found
	}
	return found
}

// fields are those of a drive. Filters and comparisons look at the same ones again and again.
type fields struct {
	of         gjson.Result
	uuid, name string
	byName     map[string]gjson.Result
	texts      map[string][]string
	lower      map[string]string
}

func newFields(of gjson.Result) *fields {
	return &fields{
		of: of, uuid: of.Get("uuid").String(), name: of.Get("name").String(),
		texts: map[string][]string{}, lower: map[string]string{},
	}
}

// Look is what there is to look at in the drive.
func (d Drive) Look() *fields {
	if d.fields != nil {
		return d.fields
	}
	return newFields(d.JSON)
}

// Field is a field's value, of a key that is given twice the first. It does not exist where the drive has none.
func (d Drive) Field(name string) gjson.Result { return d.Look().value(name) }

func (f *fields) value(name string) gjson.Result {
	if f.byName == nil {
		f.byName = map[string]gjson.Result{}
		if f.of.IsObject() {
			f.of.ForEach(func(key, value gjson.Result) bool {
				if _, twice := f.byName[key.Str]; !twice {
					f.byName[key.Str] = value
				}
				return true
			})
		}
	}
	return f.byName[name]
}

// Strings are a field's strings: the value itself, or the entries of a list field. null has none. They are shared.
func (f *fields) Strings(name string) []string {
	if known, done := f.texts[name]; done {
		return known
	}
	var texts []string
	switch v := f.value(name); {
	case v.Type == gjson.String:
		texts = append(texts, v.Str)
	case v.IsArray():
		for _, entry := range v.Array() {
			if entry.Type == gjson.String {
				texts = append(texts, entry.Str)
			}
		}
	}
	f.texts[name] = texts
	return texts
}

// Lowered is a field's text in small letters; empty where it is none.
func (f *fields) Lowered(name string) string {
	known, done := f.lower[name]
	if !done {
		known = strings.ToLower(f.value(name).Str)
		f.lower[name] = known
	}
	return known
}
