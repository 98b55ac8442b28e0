package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// watch looks at one library drive and at the whole list, before and after what should change neither.
type watch struct {
	runner *Runner
	drive  account.Source
	alone  bool // only the drive is looked at, not the list
	last   sight
	read   evidence.Body // the list that the last sight was read from
}

// sight is what a look shows.
type sight struct {
	drive    *evidence.Exchange
	listed   map[string]listed // by uuid in lower case; nil where the list could not be read to its end
	sequence []string          // the uuids, in the order of the list
}

type listed struct {
	name       string
	definition json.RawMessage
}

// look asks for the drive and the list. suffix is what the two keys have after the step's name.
func (w *watch) look(ctx context.Context, step, suffix string) sight {
	s := sight{drive: w.runner.Get(ctx, step+" then drive"+suffix, w.drive.Through("libdrives").Path)}
	if w.alone {
		return s
	}
	x := w.runner.Get(ctx, step+" then list"+suffix, "libdrives/?limit=0")
	if account.Succeeded(x) && w.last.listed != nil && x.Response.Body.Equal(w.read) { // as nearly always
		s.listed, s.sequence = w.last.listed, w.last.sequence
		return s
	}
	objects, total, isList := account.DefinitionsOf(x)
	if !isList || len(objects) < total {
		return s
	}
	var body struct{ Objects []json.RawMessage }
	if json.Unmarshal(evidence.WithoutMark(x.Response.Body.Bytes()), &body) != nil {
		return s
	}
	s.listed, w.read = map[string]listed{}, x.Response.Body
	for _, raw := range body.Objects {
		if one, ok := account.ReadDefinition(raw); ok && one.UUID != "" {
			uuid := strings.ToLower(one.UUID)
			s.listed[uuid] = listed{one.Name, raw}
			s.sequence = append(s.sequence, one.UUID)
		}
	}
	return s
}

// there reports whether the drive is answered.
func (s sight) there() bool { return s.drive.Status() == http.StatusOK }

// begin looks for the first time. It reports whether the drive is there.
func (w *watch) begin(ctx context.Context) bool {
	w.last = w.look(ctx, steps.Before, "")
	return w.last.there()
}

// after looks after a request. A change is looked at a second time before it counts, and has to be the same: an answer
// that is wrong once is another fault. given is the name that the request gave, by which what it added is known.
func (w *watch) after(ctx context.Context, step, given string, x *evidence.Exchange) *account.Harm {
	before := w.last
	w.last = w.look(ctx, step, "")
	once := w.changed(before, given, x)
	if len(once) == 0 {
		return nil
	}
	first := once[0]
	shown := w.last.definition(w.drive.UUID, first.uuid)
	w.last = w.look(ctx, step, " again")
	twice := w.changed(before, given, x)
	if len(twice) == 0 || twice[0] != first || w.last.definition(w.drive.UUID, first.uuid) != shown {
		return nil
	}
	if first.kind == evidence.HarmUnlisted && !account.Succeeded(x) && w.runner.Get(ctx, step+" then unlisted drive", account.ResourcePath("libdrives", first.uuid)).Status() != http.StatusOK {
		return nil // the provider has withdrawn it meanwhile
	}
	harm := &account.Harm{Kind: first.kind, UUID: first.uuid, Name: first.name}
	for _, c := range twice[1:] {
		if slices.Contains(once, c) && sameHarm(c.kind, first.kind) {
			harm.More = append(harm.More, evidence.HarmedDrive{UUID: c.uuid, Name: c.name})
		}
	}
	return harm
}

// sameHarm reports whether two drives met with the same: of a drive that is only seen in the list, that it is gone from it is
// all that is known.
func sameHarm(one, first evidence.HarmKind) bool {
	return one == first || one == evidence.HarmUnlisted && first == evidence.HarmDeleted
}

// change is what became of one library drive.
type change struct {
	kind       evidence.HarmKind
	uuid, name string
}

// definition is what a look shows of a drive, in one form. probed is the drive that is looked at by itself.
func (s sight) definition(probed, uuid string) string {
	if strings.EqualFold(probed, uuid) && s.there() {
		return settled(s.drive.Response.Body.Bytes())
	}
	return settled(s.listed[strings.ToLower(uuid)].definition)
}

// changed are the changes since an earlier look that the request is to blame for, that of the drive that is looked at first.
// What others put into the library meanwhile bears no name of ours. A request that was refused is not blamed for what became
// of the definition of another drive than the one that it named: the provider may correct a drive at any time.
func (w *watch) changed(before sight, given string, x *evidence.Exchange) []change {
	now := w.last
	var changes []change
	own := ""
	switch {
	case !before.there():
	case now.drive.Status() == http.StatusNotFound || now.drive.Status() == http.StatusGone:
		changes, own = []change{{evidence.HarmDeleted, w.drive.UUID, w.drive.Name}}, strings.ToLower(w.drive.UUID)
	case now.there() && editedBy(x, before.drive.Response.Body.Bytes(), now.drive.Response.Body.Bytes()):
		changes, own = []change{{evidence.HarmEdited, w.drive.UUID, w.drive.Name}}, strings.ToLower(w.drive.UUID)
	}
	if before.listed == nil || now.listed == nil {
		return changes
	}
	for _, uuid := range before.sequence {
		low := strings.ToLower(uuid)
		was := before.listed[low]
		is, still := now.listed[low]
		switch {
		case low == own:
		case !still:
			changes = append(changes, change{evidence.HarmUnlisted, uuid, was.name})
		case !account.Succeeded(x) && !strings.EqualFold(uuid, w.drive.UUID):
		case editedBy(x, was.definition, is.definition):
			changes = append(changes, change{evidence.HarmEdited, uuid, was.name})
		}
	}
	for _, uuid := range now.sequence {
		is := now.listed[strings.ToLower(uuid)]
		if _, known := before.listed[strings.ToLower(uuid)]; !known && account.Bears(is.name, given) {
			changes = append(changes, change{evidence.HarmAdded, uuid, is.name})
		}
	}
	return changes
}

// editedBy reports whether two definitions of a drive say different things for which a request is to blame. One that was
// refused is not blamed for a text that describes the drive and is another text now, which the request did not say: the
// provider may correct it at any time.
func editedBy(x *evidence.Exchange, before, now []byte) bool {
	if !differs(before, now) || account.Succeeded(x) {
		return differs(before, now)
	}
	was, ok := account.FieldsOf(before)
	is, okNow := account.FieldsOf(now)
	if !ok || !okNow {
		return true
	}
	for _, describing := range evidence.Describing {
		a, b := account.TextOf(was[describing]), account.TextOf(is[describing])
		if a != "" && b != "" && !bytes.Contains(x.Request.Body, []byte(b)) {
			delete(was, describing)
			delete(is, describing)
		}
	}
	a, errA := json.Marshal(was)
	b, errB := json.Marshal(is)
	return errA != nil || errB != nil || differs(a, b)
}

// differs reports whether two definitions say different things, beside what changes by itself and the order of lists
// that have none.
func differs(a, b []byte) bool {
	x, y := settled(a), settled(b)
	return x != "" && y != "" && x != y
}

// settled is a definition in one form: its documented fields but those that change by themselves, with the entries of lists
// and objects in a fixed order. What a field means that is not documented nobody knows, and so not whether it changes by
// itself. It is empty where the text is no object.
func settled(definition []byte) string {
	var fields map[string]any
	if json.Unmarshal(evidence.WithoutMark(definition), &fields) != nil || fields == nil {
		return ""
	}
	maps.DeleteFunc(fields, func(name string, _ any) bool {
		return name == "favourite" || !slices.Contains(editableFields[:], name) && !slices.Contains(fixedFields[:], name)
	})
	text, err := json.Marshal(inOrder(fields))
	if err != nil {
		return ""
	}
	return string(text)
}

func inOrder(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, one := range v {
			v[key] = inOrder(one)
		}
	case []any:
		for i := range v {
			v[i] = inOrder(v[i])
		}
		slices.SortFunc(v, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return value
}

// giveBack writes the old definition of a drive that was edited, through each door until the drive is as it was. A
// sound door refuses it, which loses nothing. What is written is what can be edited, of a definition that is this
// drive's: an answer that showed another drive's is not written to it.
func (w *watch) giveBack(ctx context.Context, h *account.Harm, old []byte, doors ...string) {
	body := editable(h.UUID, old)
	if body == nil {
		return
	}
	h.Returned = evidence.NotAccepted
	for _, door := range doors {
		step := "given back through " + door
		w.runner.GiveBack(ctx, step, client.Request{Method: http.MethodPut, Path: account.ResourcePath(door, h.UUID), Body: body})
		now := w.runner.Get(ctx, step+" then drive", account.ResourcePath("libdrives", h.UUID))
		if now.Status() == http.StatusOK && settled(now.Response.Body.Bytes()) == settled(old) {
			h.Returned = evidence.GivenBack
			return
		}
	}
}

// editableFields are the documented fields of a drive that an edit takes. What else an answer holds is not sent back: nobody
// knows what it is.
var editableFields = [...]string{
	"affinities", "allow_multimount", "arch", "category", "default_user", "description", "distribution", "favourite", "image_type", "install_notes",
	"media", "meta", "name", "os", "paid", "size", "storage_type", "tags", "url", "version",
}

// fixedFields are the documented fields that no edit takes and that do not change by themselves.
var fixedFields = [...]string{"uuid", "owner", "resource_uri", "licenses"}

// editable is the part of a drive's definition that an edit takes; nil where the definition is not that drive's.
func editable(uuid string, definition []byte) []byte {
	fields, ok := account.FieldsOf(definition)
	if !ok || !strings.EqualFold(account.TextOf(fields["uuid"]), uuid) {
		return nil
	}
	maps.DeleteFunc(fields, func(name string, _ json.RawMessage) bool { return !slices.Contains(editableFields[:], name) })
	body, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	return body
}
