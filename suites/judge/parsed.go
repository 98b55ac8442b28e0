package judge

import (
	"iter"
	"strconv"
	"strings"
	"sync"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// parsed keeps what was read out of answers, so that each text is read once, however many answers repeat it and however
// many specs look at them: a library's lists show the same drives over and over. The texts themselves stay in the record's
// store. It may be used by many goroutines at once.
type parsed struct {
	mu      sync.Mutex
	bodies  map[*evidence.Exchange]*parsedBody
	same    map[any]*parsedBody // by the key of the body
	inXML   map[any]xmlRead     // likewise
	entries []*fields           // by the entry of the store
	longs   map[any]*fields     // by the key of the body, where that is long and defines one drive
	rooms   []fields            // for more of them
	matched matched
	names   map[string]string // uuids and names, each once
	values  values
	read    readBack
	latest  latest
	looks   looks
	named   map[string]*named // by the uuid, the first that has it

	numbers    uint32 // uuids that have one
	namedRooms []named
	texts      *strings.Builder

	place  *place
	lists  recent[*evidence.Exchange, []Drive]
	xml    recent[*evidence.Exchange, []Drive]
	wholes recent[string, []Drive] // of lists that were put together; see List.fill
}

// parsedBody is what is known of a body.
type parsedBody struct {
	problem string // why it is not JSON
	strict  error  // why it is not one JSON value in UTF-8 in which no object holds a key twice
	listed  bool   // it has an array `objects`
	framed  bool
	*around // nil where nothing is known of it
}

// around is what is known of a body beside its entries. Most bodies are no lists, and short.
type around struct {
	total gjson.Result            // its meta.total_count
	frame gjson.Result            // a list without its entries, where these can be read one by one
	asked map[string]gjson.Result // what was asked of a long text that can't be read entry by entry, by the path; see around
}

// count is the body's meta.total_count.
func (b *parsedBody) count() gjson.Result {
	if b.around == nil {
		return gjson.Result{}
	}
	return b.total
}

func NewParsed() *parsed {
	return &parsed{
		bodies: map[*evidence.Exchange]*parsedBody{}, same: map[any]*parsedBody{}, inXML: map[any]xmlRead{}, longs: map[any]*fields{}, names: map[string]string{}, read: newReadBack(), looks: newLooks(), named: map[string]*named{}, values: newValues(),
		lists: newRecent[*evidence.Exchange, []Drive](mostListed), xml: newRecent[*evidence.Exchange, []Drive](mostListed), wholes: newRecent[string, []Drive](mostListed),
	}
}

// mostListed is how many drives are at hand in lists: others are made anew of their entries.
const mostListed = 30_000

// textOfOne is how many bytes of a text that is held weigh as much as a drive at hand.
const textOfOne = 256

// body reads the exchange's body.
func (p *parsed) body(x *evidence.Exchange) *parsedBody {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.bodies[x]; known != nil {
		return known
	}
	key := x.Response.Body.Key()
	body := p.same[key]
	if body == nil {
		body = readBody(x.Response.Body)
		if key != nil {
			p.same[key] = body
		}
	}
	p.bodies[x] = body
	return body
}

// Redacted reports whether a text holds what stands for a secret: it is not what the endpoint said.
func Redacted(text string) bool { return strings.Contains(text, evidence.Redacted) }

// readBody reads a body. gjson reads values out of text that is not JSON, so validity and depth come first; keys given
// twice and bad UTF-8 are FORMAT-09's business. Of a list the frame and each entry are looked at; where something is wrong
// with one of them, all of it is, so that what is said of it is where it stands. Its entries are read one by one all the same,
// unless it is no JSON.
func readBody(of evidence.Body) *parsedBody {
	var framed *parsedBody
	if of.IsList() {
		if frame := of.Frame(); evidence.CheckJSON(frame, MaxDepth) == nil {
			value := gjson.ParseBytes(frame)
			framed = &parsedBody{listed: true, framed: true, around: &around{total: countOf(value), frame: value}}
			if len(frame) > longFrame {
				framed.frame = gjson.Result{} // it is read back
			}
			if of.StrictEntries(MaxDepth) {
				return framed
			}
		}
	}
	text := of.Bytes()
	body := &parsedBody{strict: evidence.CheckJSON(text, MaxDepth)}
	if body.strict != nil { // what is strictly JSON has the syntax of it
		if err := evidence.CheckSyntax(text, MaxDepth); err != nil {
			body.problem = err.Error()
			return body
		}
		if framed != nil {
			framed.strict = body.strict
			return framed
		}
	}
	if len(text) > longText {
		body.around = &around{}
	}
	value := gjson.ParseBytes(evidence.WithoutMark(text))
	body.listed = value.Get("objects").IsArray()
	if total := countOf(value); total.Exists() {
		if body.around == nil {
			body.around = &around{}
		}
		body.total = total
	}
	return body
}

// longFrame is how long what stands around the entries of a list is at most, to be held.
const longFrame = 64 << 10

// countOf is what a list says that it counts, or the beginning of that: it may be as long as an endpoint likes, and tells by its
// beginning how many there may be. It does not hold the text that it stands in.
func countOf(list gjson.Result) gjson.Result {
	const enough = 1 << 10
	total := list.Get("meta.total_count")
	if !total.Exists() {
		return total
	}
	return gjson.Parse(strings.Clone(total.Raw[:min(len(total.Raw), enough)]))
}

// value is the body as JSON; it does not exist where it is none.
func (p *parsed) value(x *evidence.Exchange) gjson.Result {
	if p.body(x).problem != "" {
		return gjson.Result{}
	}
	if e, short := x.Response.Body.Whole(); short {
		return p.entry(x.Response.Body.Store(), e)
	}
	return gjson.ParseBytes(evidence.WithoutMark(x.Response.Body.Bytes()))
}

// around is the body as value has it, with no more of the entries of a long list than a look at what it is takes. Who asks for
// something else than the array itself gets that of the whole.
func (p *parsed) around(x *evidence.Exchange, path string) gjson.Result {
	const enough = 2
	body := p.body(x)
	switch {
	case !body.framed:
	case path != listPath && !strings.HasPrefix(path, listPath+"."):
		if !body.frame.Exists() {
			return gjson.ParseBytes(x.Response.Body.Frame()).Get(path)
		}
		return body.frame.Get(path)
	case path == listCount:
		return gjson.Parse(strconv.Itoa(len(x.Response.Body.Entries())))
	case path == listPath && x.Response.Body.Len() > longText:
		of := x.Response.Body
		var some []string
		for _, e := range of.Entries()[:min(enough, len(of.Entries()))] {
			some = append(some, string(of.Store().Text(e)))
		}
		return gjson.Parse("[" + strings.Join(some, ", ") + "]")
	}
	return p.asked(x, body, path)
}

// asked is a value of a body. A long text is not gone through each time that somebody asks for the same of it.
func (p *parsed) asked(x *evidence.Exchange, body *parsedBody, path string) gjson.Result {
	const short = 64 << 10
	if x.Response.Body.Len() <= longText || body.around == nil {
		return p.value(x).Get(path)
	}
	p.mu.Lock()
	known, is := body.asked[path]
	p.mu.Unlock()
	if is {
		return known
	}
	value := p.value(x).Get(path)
	if len(value.Raw) > short {
		return value
	}
	if value.Exists() {
		value = gjson.Parse(strings.Clone(value.Raw)) // not to hold all of the text
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if body.asked == nil {
		body.asked = map[string]gjson.Result{}
	}
	body.asked[path] = value
	return value
}

// longText is how long a text is that is not gone through again and again.
const longText = 1 << 20

// listPath is where a list has its entries, and listCount how many there are.
const (
	listPath  = "objects"
	listCount = listPath + ".#"
)

// objects are the drives of a list's body. They are shared: who changes them takes a copy.
func (p *parsed) objects(x *evidence.Exchange) []Drive {
	body := p.body(x)
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, found := p.lists.get(x); found {
		return known
	}
	drives, weight := []Drive{}, 0
	switch {
	case body.framed:
		entries := x.Response.Body.Entries()
		drives = make([]Drive, len(entries))
		for i, e := range entries {
			drives[i] = p.drive(x.Response.Body.Store(), e, x, i)
		}
	case body.listed:
		objects := gjson.ParseBytes(evidence.WithoutMark(x.Response.Body.Bytes())).Get(listPath).Array()
		drives = make([]Drive, len(objects))
		for i, object := range objects {
			drives[i] = DriveOf(object, x)
			drives[i].Index = i
		}
		weight = x.Response.Body.Len() / textOfOne // they hold on to all of the text
	}
	p.lists.put(x, drives, max(weight, len(drives)))
	return drives
}

// listedBy are the drives of a list's body, one by one. It takes no room that a list would take.
func (p *parsed) listedBy(x *evidence.Exchange) iter.Seq[Drive] {
	return func(yield func(Drive) bool) {
		if !p.body(x).framed {
			for _, drive := range p.objects(x) {
				if !yield(drive) {
					return
				}
			}
			return
		}
		const atOnce = 64
		var some [atOnce]Drive
		entries, store := x.Response.Body.Entries(), x.Response.Body.Store()
		for from := 0; from < len(entries); from += atOnce {
			n := min(atOnce, len(entries)-from)
			p.mu.Lock()
			for i, e := range entries[from : from+n] {
				some[i] = p.drive(store, e, x, from+i)
			}
			p.mu.Unlock()
			for _, drive := range some[:n] {
				if !yield(drive) {
					return
				}
			}
		}
	}
}

// drive is an entry as a drive of a list. The caller holds the lock.
func (p *parsed) drive(store *evidence.Store, e evidence.Entry, from *evidence.Exchange, index int) Drive {
	f := p.fieldsOf(store, e)
	return Drive{UUID: f.texts[uuidText], Name: f.texts[nameText], Index: index, From: from, fields: f}
}

// object is the drive that a body shows by itself; shown is false where it has no uuid. A long text is not held, and is read back
// where what is known of it is not enough.
func (p *parsed) object(x *evidence.Exchange) (drive Drive, shown bool) {
	body := x.Response.Body
	p.mu.Lock()
	f := p.longs[body.Key()]
	p.mu.Unlock()
	if f != nil {
		return Drive{UUID: f.texts[uuidText], Name: f.texts[nameText], From: x, fields: f}, true
	}
	if e, short := body.Whole(); short {
		if p.body(x).problem != "" {
			return Drive{}, false
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		drive = p.drive(body.Store(), e, x, 0)
		return drive, drive.fields.strings[uuidText] && drive.UUID != ""
	}
	value := p.value(x)
	if uuid := value.Get("uuid"); !value.IsObject() || uuid.Type != gjson.String || uuid.Str == "" {
		return Drive{}, false
	}
	store := body.Store()
	if store == nil {
		return DriveOf(value, x), true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	f = &fields{named: p.namedOnce(nameOf(value)), in: p.placeIn(store), held: &heldText{body: body}}
	p.longs[body.Key()] = f
	return Drive{UUID: f.texts[uuidText], Name: f.texts[nameText], From: x, fields: f}, true
}

// placeIn is where the entries of the store are, of which there is one in a run. The caller holds the lock.
func (p *parsed) placeIn(store *evidence.Store) *place {
	if p.place == nil || p.place.store != store {
		p.place = &place{p, store}
	}
	return p.place
}

// fieldsOf are the fields of an entry, which are read once. The caller holds the lock.
func (p *parsed) fieldsOf(store *evidence.Store, e evidence.Entry) *fields {
	if missing := int(e) + 1 - len(p.entries); missing > 0 {
		p.entries = append(p.entries, make([]*fields, missing)...)
	}
	if known := p.entries[e]; known != nil {
		return known
	}
	if len(p.rooms) == 0 {
		p.rooms = make([]fields, 256)
	}
	f := &p.rooms[0]
	p.rooms = p.rooms[1:]
	*f = fields{named: p.namedOnce(nameOf(p.entry(store, e))), in: p.placeIn(store), entry: e}
	p.entries[e] = f
	return f
}

// once is a text that many drives have, of which there is to be one.
func (p *parsed) once(text string) string {
	known, is := p.names[text]
	if !is {
		known = strings.Clone(text)
		p.names[known] = known
	}
	return known
}

// recent are the values that were used last, so many by their weights beside the heaviest one that was seen, which all specs look at.
type recent[K comparable, V any] struct {
	most, weight int
	heaviest     int
	order        []K // the one used last at the end
	known        map[K]weighed[V]
}

type weighed[V any] struct {
	value  V
	weight int
}

func newRecent[K comparable, V any](most int) recent[K, V] {
	return recent[K, V]{most: most, known: map[K]weighed[V]{}}
}

func (r *recent[K, V]) get(key K) (value V, found bool) {
	known, found := r.known[key]
	if found {
		r.touch(key)
	}
	return known.value, found
}

// touch puts a key at the end of the order. A key that is used over and over stands there already.
func (r *recent[K, V]) touch(key K) {
	last := len(r.order) - 1
	for i := last; i >= 0; i-- {
		if r.order[i] == key {
			copy(r.order[i:], r.order[i+1:])
			r.order[last] = key
			return
		}
	}
	r.order = append(r.order, key)
}

func (r *recent[K, V]) put(key K, value V, weight int) {
	weight++ // that there is one
	r.weight += weight - r.known[key].weight
	r.known[key] = weighed[V]{value, weight}
	r.touch(key)
	r.heaviest = max(r.heaviest, weight)
	for r.weight > r.most+r.heaviest && len(r.order) > 1 {
		oldest := r.order[0]
		r.order = r.order[1:]
		r.weight -= r.known[oldest].weight
		delete(r.known, oldest)
	}
}
