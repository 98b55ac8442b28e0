package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
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

// The bounds of the story: how many bodies that did harm are shrunk, with how many requests each, and after how many
// clones that should not be it is enough.
const (
	mostBodiesShrunk = 2
	mostSmaller      = 12
	mostHostileMade  = 3
)

// hostileClones is the story of clone requests that can't be understood. One that the endpoint fails at is cut shorter,
// as long as it still does: what is cut off at its end is not JSON either.
func (m Material) hostileClones(probes bool) *Experiment {
	drive := m.smallest()
	if drive == nil || !probes {
		return nil
	}
	return &Experiment{Name: "hostile clones", Run: func(ctx context.Context, s *Story) {
		send := func(step, body string) *evidence.Exchange {
			return s.Probe(ctx, step, Request{
				Method: http.MethodPost, Path: drive.through("libdrives").Path + "action/", Query: "do=clone",
				Body: []byte(strings.ReplaceAll(body, nameHere, s.NewName())),
			})
		}
		shrunk, made := 0, 0
		for i, body := range hostileBodies(m.Seed) {
			step := fmt.Sprintf("hostile body %d", i+1)
			x := send(step, body)
			if x.Status()/100 == 2 {
				made++
			}
			if made == mostHostileMade {
				return // the endpoint takes anything: each clone more would cost and tell nothing new
			}
			if fails := x.Status() >= 500 || Closed(x); fails && shrunk < mostBodiesShrunk {
				shrunk++
				cutShorter(step, body, send)
			}
		}
	}}
}

// cutShorter looks for the shortest beginning of a body at which the endpoint still fails, by halves.
func cutShorter(step, body string, send func(step, body string) *evidence.Exchange) {
	least, most := 0, len(body)
	for n := 1; n <= mostSmaller && most-least > 1; n++ {
		middle := (least + most) / 2
		if json.Valid([]byte(body[:middle])) {
			least = middle // that would be a request to be carried out
			continue
		}
		if x := send(fmt.Sprintf("%s cut %d", step, n), body[:middle]); x.Status() >= 500 || Closed(x) {
			most = middle
		} else {
			least = middle
		}
	}
}
