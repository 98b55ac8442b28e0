package evidence

import (
	"hash/maphash"
	"net/http"
	"sync"
)

// headers keeps those of exchanges, each once: most requests of a run are sent with the same, and most answers come with the
// same, but for their dates and lengths. They are not to be changed. It may be used by many goroutines at once.
type headers struct {
	seeds [2]maphash.Seed

	mu    sync.Mutex
	known map[digest]http.Header
	texts map[string]string
}

// The bounds of what is remembered: an endpoint chooses what its headers say.
const (
	mostHeaders     = 4096
	mostHeaderTexts = 4096
	longestHeader   = 200 // of a value
)

func newHeaders(seeds [2]maphash.Seed) *headers {
	return &headers{seeds: seeds, known: map[digest]http.Header{}, texts: map[string]string{}}
}

// one is the header that is kept for all that are the same.
func (h *headers) one(header http.Header) http.Header {
	if header == nil {
		return nil
	}
	sum := h.digest(header)
	h.mu.Lock()
	defer h.mu.Unlock()
	if known, is := h.known[sum]; is {
		return known
	}
	n := 0
	for _, values := range header {
		n += len(values)
	}
	kept, room := make(http.Header, len(header)), make([]string, 0, n)
	for name, values := range header {
		if values == nil {
			kept[name] = nil
			continue
		}
		from := len(room)
		for _, value := range values {
			room = append(room, h.text(value))
		}
		kept[h.text(name)] = room[from:len(room):len(room)]
	}
	if len(h.known) < mostHeaders {
		h.known[sum] = kept
	}
	return kept
}

// text is a text that is kept for all that are the same.
func (h *headers) text(text string) string {
	if known, is := h.texts[text]; is {
		return known
	}
	if len(text) <= longestHeader && len(h.texts) < mostHeaderTexts {
		h.texts[text] = text
	}
	return text
}

// digest tells headers apart, whatever the order of their names.
func (h *headers) digest(header http.Header) (sum digest) {
	for i, seed := range h.seeds {
		var hash maphash.Hash
		hash.SetSeed(seed)
		for name, values := range header {
			hash.Reset()
			maphash.WriteComparable(&hash, len(name))
			_, _ = hash.WriteString(name) // it never fails
			maphash.WriteComparable(&hash, len(values))
			for _, value := range values {
				maphash.WriteComparable(&hash, len(value))
				_, _ = hash.WriteString(value)
			}
			sum[i] += hash.Sum64()
		}
	}
	return sum
}
