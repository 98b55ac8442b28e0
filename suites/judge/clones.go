package judge

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// Clone is a drive that an answer to a clone request of the run defines.
type Clone struct {
	Drive
	Made   *evidence.Exchange // the request, and the answer that defines it
	Source string             // the uuid of the drive that was cloned
	Asked  gjson.Result       // the body of the request; it does not exist where there was none
}

// Clones are all drives that the run's clone requests made, as their answers say, in the order of the record. A drive of the
// library, which a broken answer may name, is none.
func (lib *Library) Clones() []Clone {
	if lib.Planning {
		return nil
	}
	library := lib.List().Index()
	return slices.Clone(Once(lib.Evaluator, fmt.Sprintf("clones, %d exchanges", lib.Record.Len()), func() (clones []Clone) {
		for _, x := range lib.Record.All() {
			path := cloneRequest.FindStringSubmatch(x.Request.Path())
			if path == nil || x.Status()/100 != 2 || x.Step.Scenario == "" || !strings.Contains(x.Request.Path(), "do=clone") {
				continue
			}
			answer := Answer{lib: lib, Exchange: x, step: true}
			if answer.Problem() != "" {
				continue
			}
			drive, defined := answer.Defines()
			if _, isLibrary := library[drive.UUID]; !defined || drive.UUID == "" || isLibrary {
				continue
			}
			source, err := url.PathUnescape(path[1])
			if err != nil {
				continue
			}
			clones = append(clones, Clone{Drive: drive, Made: x, Source: source, Asked: answer.Asked("@this")})
		}
		return clones
	}))
}

// AppearancesOf are those of the clone below /drives/, from the answer that made it on, up to a request: what the answers after
// that tell may be another thing. Without one they are all of them.
func (lib *Library) AppearancesOf(clone Clone, until *evidence.Exchange) Appearances {
	return lib.Appearances().Under(DrivesPath).where(func(a Appearance) bool {
		return a.UUID == clone.UUID && a.From.Number >= clone.Made.Number && (until == nil || a.From.Number < until.Number && a.From.Started.Before(until.Started))
	})
}

// FirstWrite is the first request after it was made that wrote to a clone and for which a condition holds, whatever it was
// answered; nil where there is none. Attaching is a write to the server, and counts as one to what is attached.
func (lib *Library) FirstWrite(clone Clone, holds func(x *evidence.Exchange) bool) *evidence.Exchange {
	for _, x := range lib.Record.All() {
		if reads(x) || x.Unsent || x == clone.Made || x.Started.Before(clone.Made.Started) {
			continue
		}
		named := strings.Contains(x.Request.Path(), clone.UUID) || strings.Contains(string(x.Request.Body), clone.UUID)
		if named && holds(x) {
			return x
		}
	}
	return nil
}
