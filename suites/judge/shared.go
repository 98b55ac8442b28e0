package judge

import (
	"hash/maphash"
	"slices"
	"sync"
)

// Shared is material that several runs of a process have in common because they meet the same library: what is worked out of the
// drives that a list shows, word by word, is the same for all of them. It holds texts and numbers, and nothing of a run's own. It
// may be used by many goroutines at once.
type Shared struct {
	seed maphash.Seed

	mu        sync.Mutex
	libraries []*sharedLibrary // the one used last at the end
}

// sharedLibrary is what was worked out of one library.
type sharedLibrary struct {
	digest uint64
	known  map[string]any
}

// mostShared is how many libraries are remembered: most of hundreds of runs meet the same one.
const mostShared = 16

// NewShared makes one that knows nothing yet.
func NewShared() *Shared { return &Shared{seed: maphash.MakeSeed()} }

// MemoizeText is Memoize of something that holds nothing but texts and numbers, and hangs on what the drives say and on the run's
// seed alone. Where runs share their material, it is worked out once for all of them that meet the same library.
func MemoizeText[V any](lib *Library, what string, work func(drives []Drive) V) V {
	return Memoize(lib, what, func(drives []Drive) V {
		if lib.Shared == nil {
			return work(drives)
		}
		library := lib.Shared.library(lib.digestOf(drives))
		if known, done := lib.Shared.get(library, what); done {
			return known.(V)
		}
		made := work(drives)
		lib.Shared.put(library, what, made)
		return made
	})
}

// digestOf is a number that differs, but for chance, where the drives, their order, or the seed do.
func (lib *Library) digestOf(drives []Drive) uint64 {
	return Memoize(lib, "digest of the drives", func([]Drive) uint64 {
		var h maphash.Hash
		h.SetSeed(lib.Shared.seed)
		maphash.WriteComparable(&h, lib.Seed)
		for _, drive := range drives {
			text := drive.JSON().Raw
			maphash.WriteComparable(&h, len(text))
			_, _ = h.WriteString(text) // it never fails
		}
		return h.Sum64()
	})
}

func (s *Shared) library(digest uint64) *sharedLibrary {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.libraries, func(l *sharedLibrary) bool { return l.digest == digest })
	if at < 0 {
		if at = len(s.libraries); at == mostShared {
			s.libraries, at = slices.Delete(s.libraries, 0, 1), at-1
		}
		s.libraries = append(s.libraries, &sharedLibrary{digest: digest, known: map[string]any{}})
	}
	library := s.libraries[at]
	s.libraries = append(slices.Delete(s.libraries, at, at+1), library)
	return library
}

func (s *Shared) get(of *sharedLibrary, what string) (value any, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, known = of.known[what]
	return value, known
}

func (s *Shared) put(of *sharedLibrary, what string, value any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	of.known[what] = value
}
