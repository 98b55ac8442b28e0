package judge

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/libdrives/conformance/suites/evidence"
)

const (
	byteOrderMark = "\xef\xbb\xbf"
	mostInside    = 1000 // drives that are kept with what they stand in: a list is none itself
)

// maxXMLDepth is how deep XML may nest before it is called unreadable.
const maxXMLDepth = 100

// element is an element of XML, as far as it may be a drive.
type element struct {
	field      string // what it is called
	depth      int
	text       strings.Builder
	inside     []*element
	attributes map[string]string
	uuid, name string
	identified bool // it has a uuid
}

// newElement is an element as it begins.
func newElement(token xml.StartElement, depth int) *element {
	e := &element{field: token.Name.Local, depth: depth, attributes: map[string]string{}}
	for _, attribute := range token.Attr {
		e.set(attribute.Name.Local, attribute.Value)
		if attribute.Name.Space == "" && !slices.Contains(annotations[:], attribute.Name.Local) {
			e.attributes[attribute.Name.Local] = attribute.Value
		}
	}
	return e
}

// set notes a field of the element; the first of a name counts.
func (e *element) set(field, text string) {
	switch {
	case field == "uuid" && !e.identified:
		e.uuid, e.identified = strings.TrimSpace(text), true
	case field == "name" && e.name == "":
		e.name = text
	}
}

// value is what the element holds, as JSON would have it: a text, or fields by their names, those of one name in a list
// without order. An attribute is a field too where nothing else of its name is there. What it says of the kind of the value
// is none.
func (e *element) value() any {
	if text := e.text.String(); len(e.inside) == 0 && strings.TrimSpace(text) != "" {
		return text // what an attribute says beside it is more than JSON has
	}
	values := map[string][]any{}
	for _, child := range e.inside {
		values[child.field] = append(values[child.field], child.value())
	}
	fields := make(map[string]any, len(values))
	for name, text := range e.attributes {
		fields[name] = text
	}
	for name, same := range values {
		if len(same) == 1 {
			fields[name] = same[0]
			continue
		}
		texts := make([]json.RawMessage, len(same))
		for i := range same {
			texts[i] = asJSON(same[i])
		}
		slices.SortFunc(texts, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
		fields[name] = texts
	}
	if len(fields) == 0 {
		return e.text.String()
	}
	return fields
}

// asJSON is a value of texts and fields as JSON: the fields in the order of their names.
func asJSON(value any) []byte {
	text, _ := json.Marshal(value) // maps, slices and texts can be written always
	return text
}

// annotations are attributes that say what kind of value an element holds, and nothing of the value.
var annotations = [...]string{"type", "nil", "null", "xmlns"}

// xmlRead is what came of reading a body as XML.
type xmlRead struct {
	drives []xmlDrive
	err    error
}

// XML are the drives of an answer in XML. They are shared.
func (a Answer) XML() ([]Drive, error) {
	if a.Exchange.Response == nil || a.Exchange.Response.Body.Store() == nil {
		_, err := readXML(bytes.NewReader(a.Body()), a.lib.Record.Store())
		return nil, err
	}
	return a.lib.Parsed.drivesInXML(a.Exchange)
}

// xmlDrive is a drive that XML tells of, with what it holds as JSON of texts, which is kept in the store.
type xmlDrive struct {
	uuid, name string
	holds      evidence.Entry
}

// readXML reads the drives of an XML body: the elements nearest to the root that have a uuid, as an element right below
// them or as an attribute. What stands inside of them (an owner, a job) is deeper. How elements are called is left open,
// but for uuid and name, which are called as in JSON.
func readXML(body io.Reader, store *evidence.Store) ([]xmlDrive, error) {
	buffered := bufio.NewReader(body)
	if mark, _ := buffered.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = buffered.Discard(len(byteOrderMark)) // it was there
	}
	decoder := xml.NewDecoder(buffered)
	decoder.CharsetReader = inASCII
	var open []*element
	var drives []xmlDrive
	least := maxXMLDepth // the depth of these
	roots := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = unreadable(token)
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if len(open) == 0 {
				roots++
			}
			if len(open) == maxXMLDepth {
				return nil, fmt.Errorf("it nests deeper than %d levels", maxXMLDepth)
			}
			e := newElement(token, len(open))
			open = append(open, e)
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(token)
			} else if len(bytes.TrimSpace(token)) > 0 {
				return nil, errors.New("text stands outside of the root element")
			}
		case xml.EndElement:
			closed := open[len(open)-1]
			open = open[:len(open)-1]
			if len(open) > 0 {
				around := open[len(open)-1]
				around.set(closed.field, closed.text.String())
				if len(around.inside) < mostInside || !closed.identified {
					around.inside = append(around.inside, closed)
				}
			}
			if closed.identified && closed.depth <= least {
				if closed.depth < least {
					drives, least = drives[:0], closed.depth
				}
				drives = append(drives, xmlDrive{strings.Clone(closed.uuid), closed.name, store.Keep(asJSON(closed.value()))})
			}
		}
	}
	if roots != 1 {
		return nil, fmt.Errorf("it has %d root elements, not one", roots)
	}
	return drives, nil
}

// unreadable says what is wrong with a part of a document that the decoder passes over, and takes for sound: a declaration that names
// no version, and bytes that are no UTF-8 in it, in a comment or in an instruction.
func unreadable(token xml.Token) error {
	var text []byte
	switch token := token.(type) {
	case xml.ProcInst:
		if text = token.Inst; token.Target == "xml" && !declares(text, "version") {
			return errors.New("its declaration names no version")
		}
	case xml.Comment:
		text = token
	case xml.Directive:
		text = token
	}
	if !utf8.Valid(text) {
		return errors.New("invalid UTF-8")
	}
	return nil
}

// declares reports whether a declaration of XML says something under a name.
func declares(declaration []byte, name string) bool {
	return slices.ContainsFunc(bytes.Fields(declaration), func(word []byte) bool {
		key, _, _ := bytes.Cut(word, []byte("="))
		return string(key) == name
	})
}

// inASCII reads XML that says that it is ASCII, which is UTF-8 too where it is true. Any other encoding is not documented.
func inASCII(charset string, body io.Reader) (io.Reader, error) {
	if charset = strings.ToLower(charset); charset == "us-ascii" || charset == "ascii" {
		return body, nil
	}
	return nil, fmt.Errorf("the encoding %q is neither UTF-8 nor ASCII", charset)
}

// drivesInXML are the drives that an answer tells of in XML, which is read once.
func (p *parsed) drivesInXML(x *evidence.Exchange) ([]Drive, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key, store := x.Response.Body.Key(), x.Response.Body.Store()
	if store == nil {
		return nil, nil
	}
	read, done := p.inXML[key]
	if !done {
		read.drives, read.err = readXML(x.Response.Body.Reader(), store)
		if key != nil {
			p.inXML[key] = read
		}
	}
	drives, known := p.xml.get(x)
	if !known {
		drives = make([]Drive, len(read.drives))
		for i, one := range read.drives {
			drives[i] = Drive{UUID: p.once(one.uuid), Name: p.once(one.name), Index: i, From: x, fields: p.fieldsOf(store, one.holds)}
		}
		p.xml.put(x, drives, len(drives))
	}
	return drives, read.err
}

// inXML is a text as far as XML carries it: without characters that it can't hold, and with all white space alike.
func inXML(text string) string {
	kept := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFD' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(kept), " ")
}
