package client

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// A library of tens of thousands of drives has lists that are longer than other answers may be. That they may is learned from
// what was really seen of it: a page says how many drives there are, and shows what one takes.
const (
	leastSeen   = 10      // drives on a page by which others are measured, unless there are no more
	roomFor     = 2       // times what the drives that were seen take: others may be longer, and XML is
	mostListing = 1 << 30 // bytes of a list, whatever was seen

	// What is read of one drive, server or job is asked for hundreds of times in a run.
	mostDefinition = evidence.LongestEntry
)

// definition reports whether a read is for what one thing is, and not for a list: a word of the API has small letters alone, an id has
// digits or dashes. What a resource_uri leads to is one thing.
func definition(r evidence.Read) bool {
	return r.Rooted || strings.ContainsFunc(r.Path, func(c rune) bool { return c != '/' && c != '_' && (c < 'a' || c > 'z') })
}

// longest is the most that is read of the answer to a read, where that is less than of others; else 0.
func (c *Client) longest(r evidence.Read) int64 {
	if c.config.MaxBody != DefaultMaxBody || !definition(r) {
		return 0 // what the user says holds
	}
	return mostDefinition
}

// librarySeen is how long a list of the library may be by what was seen of it.
type librarySeen struct{ bytes, values int64 }

// lists reports whether a request is for a list of the library.
func lists(r Request) bool {
	return r.Method == http.MethodGet && (strings.HasSuffix(r.Path, "libdrives/") || strings.HasSuffix(r.Path, "libdrives/detail/"))
}

// learn takes note of how many drives a list of the library counts, and how long those are that it shows.
func (c *Client) learn(r Request, body evidence.Body, counts evidence.Counts) {
	if c.config.MaxBody != DefaultMaxBody || !lists(r) || !body.IsList() || strings.Contains(r.Query, "fields=") {
		return // what the user says holds
	}
	var frame struct {
		Meta struct {
			Total int64 `json:"total_count"`
		} `json:"meta"`
	}
	shown := int64(len(body.Entries()))
	if shown == 0 || json.Unmarshal(body.Frame(), &frame) != nil {
		return
	}
	total := frame.Meta.Total
	if total <= shown || total > evidence.MostCounted || shown < leastSeen {
		return
	}
	c.limits.mu.Lock()
	defer c.limits.mu.Unlock()
	seen := &c.limits.library
	seen.bytes = max(seen.bytes, min(mostListing, roomFor*total*int64(body.Len())/shown))
	seen.values = max(seen.values, roomFor*total*counts.Values/shown)
}

// bounds are those of the answer to a request: the longest body, and the most values in it.
func (c *Client) bounds(r Request) (bytes, values int64) {
	bytes, values = c.config.MaxBody, mostValues
	if r.MaxBody > 0 {
		bytes = min(bytes, r.MaxBody)
	} else if lists(r) {
		c.limits.mu.Lock()
		defer c.limits.mu.Unlock()
		bytes, values = max(bytes, c.limits.library.bytes), max(values, c.limits.library.values)
	}
	return bytes, values
}
