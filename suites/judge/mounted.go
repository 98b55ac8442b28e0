package judge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Mounts are the drives of the run's servers, as all answers of the run tell them: each an entry of a server's drives, under the
// uuid of the drive that it names.
func (lib *Library) Mounts() Appearances {
	lib.All = true
	if lib.Planning {
		return Appearances{}
	}
	return Appearances{mounts: Once(lib.Evaluator, fmt.Sprintf("mounts, %d exchanges", lib.Record.Len()), func() (told []Appearance) {
		made := lib.serversMade()
		for _, answer := range lib.Everything() {
			path, query, _ := lib.below(answer.Exchange)
			if !strings.HasPrefix(path, ServersPath) || answer.Status()/100 != 2 {
				continue
			}
			for _, server := range definitionsIn(answer.JSON()) {
				if !made[strings.ToLower(server.Get("uuid").String())] {
					continue
				}
				for _, entry := range server.Get("drives").Array() {
					drive := DriveOf(entry, answer.Exchange)
					drive.UUID = mountedDrive(entry)
					told = append(told, Appearance{Drive: drive, Listed: answer.Exchange.Request.Method == http.MethodGet && path != ServersPath, Path: path, Query: query, server: strings.ToLower(server.Get("uuid").String())})
				}
			}
		}
		return told
	})}
}

// ServersToldWhole are the definitions of the run's servers, in every answer that tells them whole: by itself, in the detail list, and
// in answers to writes.
func (lib *Library) ServersToldWhole() Appearances {
	lib.All = true
	if lib.Planning {
		return Appearances{}
	}
	return Appearances{mounts: Once(lib.Evaluator, fmt.Sprintf("servers told whole, %d exchanges", lib.Record.Len()), func() (told []Appearance) {
		made := lib.serversMade()
		for _, answer := range lib.Everything() {
			path, query, _ := lib.below(answer.Exchange)
			reading := answer.Exchange.Request.Method == http.MethodGet
			if !strings.HasPrefix(path, ServersPath) || answer.Status()/100 != 2 || answer.Status() == http.StatusNoContent || path == ServersPath && reading || query.Has("fields") || query.Get("format") == "xml" {
				continue
			}
			for _, definition := range definitionsIn(answer.JSON()) {
				server := DriveOf(definition, answer.Exchange)
				uuid := strings.ToLower(definition.Get("uuid").String())
				if named := serverNamed(path); named != "" && !strings.Contains(path, "/action/") {
					uuid = named
				}
				if made[uuid] {
					server.UUID, server.Kind = uuid, "server"
					told = append(told, Appearance{Drive: server, Path: path, Query: query})
				}
			}
		}
		return told
	})}
}

// ToldByItself are the values of a field that answers to GET of the one thing tell.
func ToldByItself(told Appearances, field string) (values []gjson.Result) {
	for a := range told.each {
		if value := a.Field(field); reads(a.From) && serverNamed(a.Path) != "" && value.Exists() {
			values = append(values, value)
		}
	}
	return values
}

// BeTextInAnyCase matches a text, whatever the case of its letters.
func BeTextInAnyCase(text string) types.GomegaMatcher {
	return match{expected: text, holds: func(v gjson.Result) bool { return v.Type == gjson.String && strings.EqualFold(v.Str, text) }}
}

// BeAddressOf matches the address of a resource, whatever the case of its uuid. In the path before that, case matters.
func BeAddressOf(collection, uuid string) types.GomegaMatcher {
	return match{expected: "…/" + collection + strings.ToLower(uuid) + "/", holds: func(v gjson.Result) bool {
		one := strings.TrimSuffix(v.Str, "/")
		before := one[:max(0, len(one)-len(uuid))]
		return v.Type == gjson.String && isAddress(v.Str) && strings.HasSuffix(before, "/"+collection) && strings.EqualFold(one[len(before):], uuid)
	}}
}

// isAddress reports whether a text is a path of the host or a whole address.
func isAddress(text string) bool {
	return strings.HasPrefix(text, "/") || strings.Contains(text, "://")
}

// SecondServers are servers that have the name that the run gave one, and are none of those that the answers of the run made. Nobody
// else gives such names: they hold the id of the run.
func (lib *Library) SecondServers() Appearances {
	lib.All = true
	if lib.Planning {
		return Appearances{}
	}
	made, names := lib.serversMade(), map[string]bool{}
	for _, x := range lib.Record.All() {
		path, _, _ := lib.below(x)
		// What the answer to an action holds is documented nowhere: only where it names the clone is this one told from a second one.
		cloned := strings.HasSuffix(path, "/action/") && serverNamed(path) != "" && x.Status()/100 == 2 && len(lib.namedBeside(path, x)) > 0
		if reads(x) || !cloned && (path != ServersPath || x.Status() != http.StatusCreated) || !gjson.ValidBytes(x.Request.Body) {
			continue
		}
		for _, server := range definitionsIn(gjson.ParseBytes(x.Request.Body)) {
			if name := server.Get("name").String(); ownName.MatchString(name) {
				names[name] = true
			}
		}
	}
	var told []Appearance
	for _, answer := range lib.Everything() {
		path, query, _ := lib.below(answer.Exchange)
		if !strings.HasPrefix(path, ServersPath) || !reads(answer.Exchange) || answer.Status() != http.StatusOK {
			continue
		}
		for _, definition := range definitionsIn(answer.JSON()) {
			if uuid := strings.ToLower(definition.Get("uuid").String()); uuid != "" && !made[uuid] && names[definition.Get("name").String()] {
				server := DriveOf(definition, answer.Exchange)
				server.Kind = "server"
				told = append(told, Appearance{Drive: server, Path: path, Query: query, Listed: true})
			}
		}
	}
	return Appearances{mounts: told}
}

// namedBeside are the uuids of what an answer defines that the path of the request does not name.
func (lib *Library) namedBeside(path string, x *evidence.Exchange) (uuids []string) {
	for _, one := range definitionsIn(Answer{lib: lib, Exchange: x}.JSON()) {
		if uuid := one.Get("uuid").String(); uuid != "" && !strings.Contains(path, uuid) {
			uuids = append(uuids, strings.ToLower(uuid))
		}
	}
	return uuids
}

// ServersLeft are the servers that the run made and deleted, in answers to requests that were sent when the settling time after the
// deletion was over.
func (lib *Library) ServersLeft() Appearances {
	lib.All = true
	if lib.Planning {
		return Appearances{}
	}
	made, gone := lib.serversMade(), map[string]time.Time{} // by when a server that was deleted is to be gone
	for _, x := range lib.Record.All() {
		path, _, _ := lib.below(x)
		uuid := serverNamed(path)
		by := x.Started.Add(x.Duration + lib.SettleTimeout)
		if _, known := gone[uuid]; x.Request.Method == http.MethodDelete && made[uuid] && x.Status() == http.StatusNoContent && !known {
			gone[uuid] = by
		}
	}
	var told []Appearance
	for _, answer := range lib.Everything() {
		path, query, _ := lib.below(answer.Exchange)
		if len(gone) == 0 || !strings.HasPrefix(path, ServersPath) || answer.Exchange.Request.Method != http.MethodGet || answer.Status() != http.StatusOK {
			continue
		}
		for _, definition := range definitionsIn(answer.JSON()) {
			uuid := strings.ToLower(definition.Get("uuid").String())
			if by, deleted := gone[uuid]; deleted && answer.Exchange.Started.After(by) {
				server := DriveOf(definition, answer.Exchange)
				server.UUID, server.Kind = uuid, "server"
				told = append(told, Appearance{Drive: server, Path: path, Query: query, Listed: true})
			}
		}
	}
	return Appearances{mounts: told}
}

// serverNamed is the uuid of the server that a path below /servers/ names, or "".
func serverNamed(path string) string {
	named, _, _ := strings.Cut(strings.TrimPrefix(path, ServersPath), "/")
	if !strings.Contains(named, "-") {
		return ""
	}
	return strings.ToLower(named)
}

// ServersAsked are, by uuid, the values of a field that the run gave its servers.
func (lib *Library) ServersAsked(field string) map[string][]gjson.Result {
	given := map[string][]gjson.Result{}
	for a := range lib.ServersToldWhole().each {
		for _, path := range []string{field, "objects.0." + field} {
			if asked := gjson.GetBytes(a.From.Request.Body, path); asked.Exists() && gjson.ValidBytes(a.From.Request.Body) {
				given[a.UUID] = append(given[a.UUID], asked)
			}
		}
	}
	return given
}

// definitionsIn are the objects of a list, or the one that a body is itself.
func definitionsIn(body gjson.Result) []gjson.Result {
	if list := body.Get("objects"); list.IsArray() {
		return list.Array()
	}
	return []gjson.Result{body}
}

// mountedDrive is the uuid of the drive that an entry of a server's drives names, by an object, by its address or alone.
func mountedDrive(entry gjson.Result) string {
	drive := entry.Get("drive")
	if drive.Type == gjson.String {
		address := strings.TrimSuffix(drive.Str, "/")
		return strings.ToLower(address[strings.LastIndex(address, "/")+1:])
	}
	return strings.ToLower(mountedOn(drive))
}

// serversMade are the uuids of the servers that the run made.
func (lib *Library) serversMade() map[string]bool {
	made := map[string]bool{}
	for _, x := range lib.Record.All() {
		path, _, _ := lib.below(x)
		if x.Request.Method != http.MethodPost || !strings.HasPrefix(path, ServersPath) || x.Status()/100 != 2 || x.Step.Scenario == "" {
			continue
		}
		for _, uuid := range lib.namedBeside(path, x) {
			made[uuid] = true
		}
	}
	return made
}

// ServersCreated are the answers of the run that made a server and can be looked into: to requests that name one.
func (lib *Library) ServersCreated() (answers []Answer) {
	return slices.DeleteFunc(lib.serversAsked(2), func(a Answer) bool { return a.Problem() != "" })
}

// ServersMoved are the answers to such requests that lead elsewhere.
func (lib *Library) ServersMoved() []Answer { return lib.serversAsked(3) }

// ServersEdited are the answers of the run that tell of a server that it was edited, and can be looked into.
func (lib *Library) ServersEdited() []Answer {
	edits := lib.written(http.MethodPut, 2, func(path string) bool { return serverNamed(path) != "" })
	return slices.DeleteFunc(edits, func(a Answer) bool { return a.Problem() != "" })
}

// ServersGot are the answers to GET of a server of the run's that tell of it.
func (lib *Library) ServersGot() []Answer {
	made := lib.serversMade()
	return lib.written(http.MethodGet, 2, func(path string) bool { return made[serverNamed(path)] })
}

// serversAsked are the whole answers of a class of statuses to requests for a server.
func (lib *Library) serversAsked(class int) []Answer {
	return lib.written(http.MethodPost, class, func(path string) bool { return path == ServersPath })
}

// HaveLocation matches an answer with a header Location that is not empty.
func HaveLocation() types.GomegaMatcher {
	return AnswerMatch{expected: "a header Location", header: "Location", look: func(a Answer) (string, bool) {
		location := strings.TrimSpace(a.header("Location"))
		return "Location " + location, location != ""
	}}
}

// LeadTo matches an answer whose Location leads to a resource, whatever the case of its uuid: by a path or by a whole address.
func LeadTo(collection, uuid string) types.GomegaMatcher {
	return AnswerMatch{expected: "a header Location that leads to …/" + collection + ClipTo(uuid, longestID) + "/", header: "Location", look: func(a Answer) (string, bool) {
		location := strings.TrimSpace(a.header("Location"))
		path, _, _ := strings.Cut(strings.ToLower(location), "?")
		return "Location " + Clip(location), strings.HasSuffix(strings.TrimSuffix(path, "/"), "/"+collection+strings.ToLower(uuid))
	}}
}

// HoldNoneTwice matches an array of which no two elements are the same.
func HoldNoneTwice() types.GomegaMatcher {
	return match{
		expected: "no element twice",
		holds: func(v gjson.Result) bool {
			seen := map[string]bool{}
			return !slices.ContainsFunc(v.Array(), func(element gjson.Result) bool {
				again := seen[element.Raw]
				seen[element.Raw] = true
				return again
			})
		},
	}
}

// OwnerOfServers is the uuid of who owns the servers that the run made, where all answers that define them tell the same; else it is
// empty.
func (lib *Library) OwnerOfServers() (owner string) {
	for server := range lib.ServersToldWhole().each {
		uuid := server.JSON().Get("owner.uuid").String()
		switch {
		case uuid == "" || uuid == owner:
		case owner != "":
			return ""
		default:
			owner = uuid
		}
	}
	return owner
}

// MountsAsked are, by the uuid of the drive, how the run's requests put drives on servers.
func (lib *Library) MountsAsked() map[string][]gjson.Result {
	asked := map[string][]gjson.Result{}
	for _, x := range lib.Record.All() {
		path, _, _ := lib.below(x)
		if reads(x) || !strings.HasPrefix(path, ServersPath) || !gjson.ValidBytes(x.Request.Body) {
			continue
		}
		for _, server := range definitionsIn(gjson.ParseBytes(x.Request.Body)) {
			for _, entry := range server.Get("drives").Array() {
				uuid := mountedDrive(entry)
				asked[uuid] = append(asked[uuid], entry)
			}
		}
	}
	return asked
}

// NotOnClonedServers are those on servers that the run did not have made as clones of others: on which channel a clone has a drive
// nobody asked for.
func (told Appearances) NotOnClonedServers(lib *Library) Appearances {
	cloned := map[string]bool{}
	for _, x := range lib.Record.All() {
		path, _, _ := lib.below(x)
		if x.Request.Method != http.MethodPost || !strings.HasPrefix(path, ServersPath) || path == ServersPath || x.Status()/100 != 2 {
			continue
		}
		for _, server := range definitionsIn(Answer{lib: lib, Exchange: x}.JSON()) {
			if uuid := strings.ToLower(server.Get("uuid").String()); uuid != "" && !strings.Contains(strings.ToLower(path), uuid) {
				cloned[uuid] = true
			}
		}
	}
	return told.where(func(a *Appearance) bool { return !cloned[a.server] })
}

// OfDrive are those of one drive.
func (told Appearances) OfDrive(uuid string) Appearances {
	return told.where(func(a *Appearance) bool { return strings.EqualFold(a.UUID, uuid) })
}

// Unasked are those of drives that nobody put on a server.
func (told Appearances) Unasked(asked map[string][]gjson.Result) Appearances {
	return told.where(func(a *Appearance) bool { return len(asked[a.UUID]) == 0 })
}

// Addressed are those of entries that tell the address of their drive.
func (told Appearances) Addressed() Appearances {
	return told.where(func(a *Appearance) bool { return a.JSON().Get("drive.resource_uri").Exists() })
}

// UUIDs are the uuids of what they are of, each once: the first hundred, for an answer may name thousands, and each is looked for in
// every answer. A run makes some ten servers.
func (told Appearances) UUIDs() (uuids []string) {
	const most = 100
	for a := range told.each {
		if !slices.Contains(uuids, a.UUID) {
			uuids = append(uuids, a.UUID)
		}
		if len(uuids) == most {
			break
		}
	}
	return uuids
}

// BeMountedAs matches an entry of a server's drives that is as one of those that were asked for: on its device, its channel, and
// with its place in the order of booting.
func BeMountedAs(asked ...gjson.Result) types.GomegaMatcher {
	text := func(entry gjson.Result) string {
		var parts []string
		for _, field := range mountFields {
			parts = append(parts, field+" "+Show(entry.Get(field)))
		}
		return strings.Join(parts, ", ")
	}
	var expected []string
	for _, entry := range asked {
		if one := text(entry); !slices.Contains(expected, one) {
			expected = append(expected, one)
		}
	}
	return match{
		expected: strings.Join(expected, "; or "),
		holds: func(entry gjson.Result) bool {
			return slices.ContainsFunc(asked, func(as gjson.Result) bool {
				return !slices.ContainsFunc(mountFields[:], func(field string) bool {
					return as.Get(field).Exists() && len(differences(as.Get(field), entry.Get(field))) > 0
				})
			})
		},
		found: text,
	}
}

// mountFields are what is asked for of a drive on a server.
var mountFields = [...]string{"device", "dev_channel", "boot_order"}

// HaveMounted matches the definition of a server that has the drive as it was asked for; at is where in the answer it is.
func HaveMounted(at string, asked gjson.Result) types.GomegaMatcher {
	as, uuid := BeMountedAs(asked), mountedDrive(asked)
	return HaveJSON(strings.TrimPrefix(at+".drives", "."), match{
		expected: fmt.Sprintf("drive %s among its drives, %s", uuid, as.(match).expected),
		holds: func(drives gjson.Result) bool {
			return slices.ContainsFunc(drives.Array(), func(entry gjson.Result) bool {
				matched, err := as.Match(entry)
				return mountedDrive(entry) == uuid && matched && err == nil
			})
		},
	})
}

// ServerInList is the entry of the server that a step got by itself in the list of servers that was asked for then, until it was
// alike or the settling time was over; is is false where there is none to be seen.
func (s Scenario) ServerInList(step steps.Step) (entry Drive, is bool) {
	alone, taken := s.Taken(step)
	list, listed := s.Taken(step.In(steps.InServers))
	if !taken || !listed || alone.Problem() != "" || list.Problem() != "" {
		return Drive{}, false
	}
	for _, entry := range list.Drives() {
		if strings.EqualFold(entry.UUID, alone.JSON().Get("uuid").String()) {
			entry.Kind = "server"
			return entry, true
		}
	}
	return Drive{}, false
}

// BeDriveReference matches the drive of an entry of a server's drives: an object with its address and its uuid. What else it tells
// is left open.
func BeDriveReference() types.GomegaMatcher {
	return match{
		expected: "an object with resource_uri and uuid",
		holds: func(drive gjson.Result) bool {
			return drive.IsObject() && drive.Get("resource_uri").Str != "" && drive.Get("uuid").Str != ""
		},
	}
}
