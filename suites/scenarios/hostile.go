package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/minimize"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// nameHere stands in a hostile body where the name of what it might make goes, so that it can be found.
const nameHere = "NAME"

// hostileBodies are clone requests that are not JSON, not an object, or have a wrong type in a field.
func hostileBodies(seed uint64) []string {
	bodies := []string{
		`{"name": "NAME"`, `{"name": "NAME",}`, `{name: "NAME"}`, `{'name': 'NAME'}`, `name=NAME`, `<name>NAME</name>`, `{"name": "NAME"} {}`,
		`{"name": "NAME", "size": 0x10}`, "{\"name\": \"NAME\x00\"", "{\"name\": \"NAME\xff\xfe}",
		`["NAME"]`, `"NAME"`, `[{"name": "NAME"}`,
		`{"name": ["NAME"]}`, `{"name": {"name": "NAME"}}`, `{"name": "NAME", "size": "NAME"}`, `{"name": "NAME", "size": [1]}`, `{"name": "NAME", "size": {}}`,
		`{"name": "NAME", "media": 7}`, `{"name": "NAME", "media": ["disk"]}`, `{"name": "NAME", "affinities": "ssd"}`, `{"name": "NAME", "affinities": {"ssd": true}}`,
		`{"name": "NAME", "affinities": [7]}`, `{"name": "NAME", "storage_type": 7}`, `{"name": "NAME", "storage_type": ["dssd"]}`,
		`{"name": "NAME", "meta": ` + strings.Repeat("[", 2000) + `}`,
	}
	random := rand.New(rand.NewPCG(seed, 14))
	pieces := []string{`{`, `}`, `[`, `"`, `:`, `,`, `null`, `1e999`, `"size"`, `"media"`, `\u0000`, `\ud800`, "\t", `-`, `tru`, `'`}
	for range 6 {
		body := `{"name": "NAME", `
		for range 1 + random.IntN(8) {
			body += pieces[random.IntN(len(pieces))]
		}
		bodies = append(bodies, body+"<") // nothing that ends so is JSON
	}
	return bodies
}

// The bounds of the scenario: how many bodies that the endpoint failed at are minimized, with how many requests each, and after
// how many clones that should not be it is enough.
const (
	mostBodiesMinimized = 2
	mostSmaller         = 60
	mostHostileMade     = 3
)

// hostileClones is the scenario of clone requests that can't be understood. One that the endpoint fails at is minimized, as far
// as the bounds allow.
func (m Material) hostileClones(probes bool) *Scenario {
	drive := m.probed(0)
	if drive == nil || !probes {
		return nil
	}
	return &Scenario{Name: string(steps.HostileClones), Makes: Makes{Refused: mostHostileMade}, Run: func(ctx context.Context, s *Runner) {
		h := hostileClones{there: s.madeSoFar, send: func(step, body string) *evidence.Exchange {
			return s.Probe(ctx, step, client.Request{
				Method: http.MethodPost, Path: drive.Through("libdrives").Path + "action/", Query: "do=clone",
				Body: []byte(strings.ReplaceAll(body, nameHere, s.NewName())),
			})
		}}
		w := watch{runner: s, drive: *drive, alone: true}
		w.begin(ctx)
		for i, body := range hostileBodies(m.Seed) {
			if h.made == mostHostileMade {
				s.EndFor(account.CauseMade, "requests that can't be understood made drives, enough to judge by")
				return
			}
			step := fmt.Sprintf("hostile body %d", i+1)
			h.try(step, body)
			if s.didHarm(ctx, &w, step) {
				return
			}
		}
	}}
}

// hostileClones is the scenario under way.
type hostileClones struct {
	send    func(step, body string) *evidence.Exchange
	there   func() int // how many clones were found to be there
	made    int        // requests that made one
	failing int        // bodies that the endpoint failed at and that were minimized
}

// try sends a body, and smaller ones where the endpoint failed at it. A body that made a drive is not sent again in any
// form.
func (h *hostileClones) try(step, body string) {
	before := h.made
	if x := h.ask(step, body); failedAt(x) && h.made == before && h.failing < mostBodiesMinimized {
		h.failing++
		h.minimize(step, body)
	}
}

func (h *hostileClones) ask(step, body string) *evidence.Exchange {
	before := h.there()
	x := h.send(step, body)
	if carriedOut(x) || h.there() > before { // who fails may have made it before
		h.made++
	}
	return x
}

// madeSoFar is how many resources the scenario has made.
func (s *Runner) madeSoFar() int {
	made := 0
	for _, r := range s.Account().Made() {
		if r.Scenario == s.Name() {
			made++
		}
	}
	return made
}

func carriedOut(x *evidence.Exchange) bool { return x.Status()/100 == 2 }

// failedAt reports whether the endpoint failed at a write. Where the answer was lost on the way, nobody knows.
func failedAt(x *evidence.Exchange) bool {
	return x.Status() >= 500 && x.Obstacle() == evidence.NoObstacle
}

// minimize looks for the smallest part of a body that the endpoint still fails at, as long as none of them makes a drive.
func (h *hostileClones) minimize(step, body string) {
	before := h.made
	known := map[string]bool{}
	minimize.Search{AtOnce: 1, Harms: func(candidate string) (harm, answered bool) {
		harm, answered = known[candidate]
		switch {
		case answered:
		case !sendable(candidate):
			return false, true
		case len(known) < mostSmaller && h.made == before:
			harm, answered = failedAt(h.ask(fmt.Sprintf("%s smaller %d", step, len(known)+1), candidate)), true
			known[candidate] = harm
		}
		return harm, answered
	}}.Smallest(bodyUnit.FindAllString(body, -1))
}

// bodyUnit is the least part of a body that makes sense: the name, an escape, a word or number, white space, or one
// character.
var bodyUnit = regexp.MustCompile(nameHere + `|\\u[0-9a-fA-F]{4}|\\.|[0-9A-Za-z_]+|\s+|(?s:.)`)

// sendable reports whether a part of a hostile body may be sent: what it might make can be found by its name, and it is
// not a clone request that a sound endpoint understands, for that one would be carried out.
func sendable(body string) bool {
	return strings.Contains(body, nameHere) && !understandable(body)
}

// understandable reports whether a body is an object whose documented fields are of their types; the name may be that of
// a field that there is not.
func understandable(body string) bool {
	var request struct {
		Name        *string
		Size        *json.Number
		Media       *string
		Affinities  []string
		StorageType *string `json:"storage_type"`
	}
	return json.Unmarshal([]byte(strings.ReplaceAll(body, nameHere, "some-name")), &request) == nil
}
