package judge

import (
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// NotMade are those of drives that the run did not make.
func (told Appearances) NotMade(lib *Library) Appearances {
	made := map[string]bool{}
	for _, clone := range lib.Clones() {
		made[strings.ToLower(clone.UUID)] = true
	}
	return told.where(func(a *Appearance) bool { return !made[strings.ToLower(a.UUID)] })
}

// HoldSoundReferences matches a list of related things of which each that is told by data, with a uuid and an address, has for its uuid
// the end of its address. How much of a related thing is told is left open.
func HoldSoundReferences() types.GomegaMatcher {
	unsound := func(one gjson.Result) bool {
		uuid, uri := one.Get("uuid"), one.Get("resource_uri")
		return one.IsObject() && uuid.Exists() && (uuid.Type != gjson.String || uri.Type == gjson.String && !strings.EqualFold(uuid.Str, lastSegment(uri.Str)))
	}
	return match{
		expected: "of each the uuid with which its address ends",
		holds:    func(v gjson.Result) bool { return !v.IsArray() || !slices.ContainsFunc(v.Array(), unsound) },
	}
}

// TellUsers matches licences of which each says who holds it, null included.
func TellUsers() types.GomegaMatcher {
	return match{
		expected: "of each licence the user, or null",
		holds: func(v gjson.Result) bool {
			return !v.IsArray() || !slices.ContainsFunc(v.Array(), func(entry gjson.Result) bool { return entry.IsObject() && !entry.Get("user").Exists() })
		},
	}
}

// OwnAtTheEnd asks for a drive of the account's by itself when the run is over: what holds of every answer is to hold of this.
func (lib *Library) OwnAtTheEnd(own Drive) {
	read := evidence.Get(DrivesPath + url.PathEscape(own.UUID) + "/")
	read.Nth = atTheEnd
	lib.Answer(read)
}
