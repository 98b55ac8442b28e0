package evidence

import (
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// Store keeps the texts that answers are made of, each once however many answers repeat it: a library's lists show the same
// drives over and over. They stand in pages, of which so many bytes are in memory; the others are in a temporary file, as
// they came. The file is readable by nobody else, and has no name any more where the system allows that. It is made when it
// is needed first. A store may be used by many goroutines at once.
type Store struct {
	most  int // bytes of pages in memory
	seeds [2]maphash.Seed
	held  atomic.Int64 // about what it takes in memory

	mu       sync.Mutex
	pages    []page
	resident []uint32 // the pages in memory
	hand     int      // the one of these that is looked at next for whether it can go
	inPages  int      // bytes of these
	spare    [][]byte // rooms of pages that went
	filling  int      // the page that texts are added to; -1 where there is none
	texts    []textRow
	known    map[digest]Entry
	bodies   map[digest]*kept
	searched *redact.Matcher // which the entries were searched by
	secret   []secretState   // by entry
	temp     *tempFile
	failed   error // why no file can be written: all stays in memory
	lost     error // why something that was written can't be read
}

// page is some texts, one after another.
type page struct {
	data []byte // nil where it is in the file alone
	at   int64  // in the file; negative where it is not there yet
	size int
	used bool // since the hand came by
}

// blob is a text in a page.
type blob struct{ page, at, size uint32 }

// Entry is a text that is kept once: an entry of a list, or a short body. Two are the same where their texts are.
type Entry uint32

// textRow is where an entry is, and whether it is one JSON value.
type textRow struct {
	blob
	syntax syntaxState
}

// syntaxState is what is known of a text as JSON.
type syntaxState uint8

const (
	unchecked syntaxState = iota
	strictJSON
	notStrictJSON
)

// secretState is what is known of a text's secrets.
type secretState uint8

const (
	unsearched secretState = iota
	noSecret
	someSecret
)

// digest tells texts apart. It is made with seeds that nobody knows outside of the process, so that no endpoint can have two
// texts taken for one.
type digest [2]uint64

// The rooms of a store.
const (
	pageSize    = 64 << 10
	mostInPages = 4 << 20 // in memory
	mostInFile  = 4 << 30 // lists of 100,000 drives, as all that is asked of a library shows them, take half of it
	rowWeight   = 160     // about what an entry takes beside its text, for who looks into it too
	refWeight   = 4
	bodyWeight  = 512 // and a body
)

func newStore(most int) *Store {
	return &Store{most: most, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, filling: -1, known: map[digest]Entry{}, bodies: map[digest]*kept{}}
}

func (s *Store) digest(text []byte) digest {
	return digest{maphash.Bytes(s.seeds[0], text), maphash.Bytes(s.seeds[1], text)}
}

// Hash is a number that differs, but for chance, where one of some texts does. It is another one in every process.
func (s *Store) Hash(texts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seeds[0])
	for _, text := range texts {
		maphash.WriteComparable(&h, len(text))
		_, _ = h.WriteString(text) // it never fails
	}
	return h.Sum64()
}

// Digest is a number that differs where two texts do.
func (s *Store) Digest(text string) [2]uint64 {
	return [2]uint64{maphash.String(s.seeds[0], text), maphash.String(s.seeds[1], text)}
}

// Keep keeps a text, once.
func (s *Store) Keep(text []byte) Entry {
	d := s.digest(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, is := s.known[d]; is {
		return known
	}
	e := Entry(len(s.texts))
	s.texts = append(s.texts, textRow{blob: s.add(text)})
	s.known[d] = e
	s.held.Add(rowWeight)
	return e
}

// put keeps a text.
func (s *Store) put(text []byte) blob {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(text)
}

// add keeps a text in a page: a long one in one of its own. The caller holds the lock.
func (s *Store) add(text []byte) blob {
	if len(text) > pageSize/4 {
		at := s.newPage(append(make([]byte, 0, len(text)), text...))
		s.makeRoom(s.filling)
		return blob{uint32(at), 0, uint32(len(text))}
	}
	if s.filling < 0 || s.pages[s.filling].size+len(text) > pageSize {
		room := make([]byte, 0, pageSize)
		if n := len(s.spare); n > 0 {
			room, s.spare = s.spare[n-1], s.spare[:n-1]
		}
		s.filling = s.newPage(room)
	}
	p := &s.pages[s.filling]
	b := blob{uint32(s.filling), uint32(p.size), uint32(len(text))}
	p.data = append(p.data, text...)
	p.size = len(p.data)
	s.makeRoom(s.filling)
	return b
}

// release has a text go that nobody will ask for again, where it has a page of its own. The caller holds the lock.
func (s *Store) release(b blob) {
	p := &s.pages[b.page]
	at := slices.Index(s.resident, b.page)
	if int(b.page) == s.filling || int(b.size) != p.size || at < 0 {
		return
	}
	s.inPages -= cap(p.data)
	s.held.Add(-int64(cap(p.data)))
	p.data = nil
	s.resident = slices.Delete(s.resident, at, at+1)
}

// newPage begins a page with what is in a room.
func (s *Store) newPage(room []byte) int {
	s.pages = append(s.pages, page{data: room, at: -1, size: len(room)})
	s.enter(len(s.pages)-1, cap(room))
	return len(s.pages) - 1
}

// enter counts a page that is in memory now.
func (s *Store) enter(at, room int) {
	s.pages[at].used = true
	s.resident = append(s.resident, uint32(at))
	s.inPages += room
	s.held.Add(int64(room))
}

// makeRoom has pages go that were not used for long, until no more are in memory than may be: neither the one that is filled, nor
// one that is wanted now.
func (s *Store) makeRoom(wanted int) {
	for spared := 0; s.inPages > s.most && s.failed == nil && spared <= 2*len(s.resident); {
		if s.hand >= len(s.resident) {
			s.hand = 0
		}
		at := int(s.resident[s.hand])
		p := &s.pages[at]
		if at == s.filling || at == wanted || p.used {
			p.used = false
			s.hand++
			spared++
			continue
		}
		if p.at < 0 {
			if p.at, s.failed = s.write(p.data); s.failed != nil {
				p.at = -1
				return
			}
		}
		s.inPages -= cap(p.data)
		s.held.Add(-int64(cap(p.data)))
		if cap(p.data) == pageSize && len(s.spare) < 4 {
			s.spare = append(s.spare, p.data[:0])
		}
		p.data = nil
		s.resident[s.hand] = s.resident[len(s.resident)-1]
		s.resident = s.resident[:len(s.resident)-1]
	}
}

// write appends to the file.
func (s *Store) write(data []byte) (at int64, err error) {
	if s.temp == nil {
		if s.temp, err = newTempFile(); err != nil {
			return 0, err
		}
		runtime.AddCleanup(s, func(t *tempFile) { t.close() }, s.temp)
	}
	at = s.temp.end
	if at+int64(len(data)) > mostInFile {
		return 0, fmt.Errorf("the temporary file holds %d bytes, and is not to hold more", at)
	}
	if _, err := s.temp.file.WriteAt(data, at); err != nil {
		return 0, fmt.Errorf("the temporary file can't be written: %w", err)
	}
	s.temp.end += int64(len(data))
	return at, nil
}

// read returns a copy of a text, of so many bytes of it from a place on.
func (s *Store) read(into []byte, b blob) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.pages[b.page]
	if p.data == nil {
		if !s.load(int(b.page)) {
			return into
		}
		p = &s.pages[b.page]
	}
	p.used = true
	return append(into, p.data[b.at:b.at+b.size]...)
}

// load reads a page back. It reports false where that can't be done.
func (s *Store) load(at int) bool {
	p := &s.pages[at]
	if p.at < 0 || s.temp == nil {
		if s.lost == nil {
			s.lost = errors.New("what was answered is not kept any more")
		}
		return false
	}
	var room []byte
	if n := len(s.spare); n > 0 && p.size <= pageSize {
		room, s.spare = s.spare[n-1][:p.size], s.spare[:n-1]
	} else {
		room = make([]byte, p.size)
	}
	if _, err := s.temp.file.ReadAt(room, p.at); err != nil {
		if s.lost == nil {
			s.lost = fmt.Errorf("what was answered can't be read back from the temporary file: %w", err)
		}
		return false
	}
	p.data = room
	s.enter(at, cap(room))
	s.makeRoom(at)
	return true
}

// Size is how many bytes an entry has.
func (s *Store) Size(e Entry) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int(s.texts[e].size)
}

// String is an entry's text as a string.
func (s *Store) String(e Entry) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.texts[e].blob
	if s.pages[b.page].data == nil && !s.load(int(b.page)) {
		return ""
	}
	p := &s.pages[b.page]
	p.used = true
	return string(p.data[b.at : b.at+b.size])
}

// Text is an entry's text.
func (s *Store) Text(e Entry) []byte {
	s.mu.Lock()
	b := s.texts[e].blob
	s.mu.Unlock()
	return s.read(make([]byte, 0, b.size), b)
}

// once is a body as it is kept already, where the same came before.
func (s *Store) once(k *kept, d digest) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.bodies[d]
	if known == nil {
		s.bodies[d], known = k, k
		s.held.Add(bodyWeight + refWeight*int64(len(k.entries)))
	} else {
		s.releaseAround(k)
	}
	known.users++
	return known
}

// forget has a body go that nobody has but who asks for it.
func (s *Store) forget(k *kept, d digest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.users--; k.users == 0 {
		delete(s.bodies, d)
		s.held.Add(-bodyWeight - refWeight*int64(len(k.entries)))
		s.releaseAround(k)
	}
}

// releaseAround has what stands around a body's entries go. The caller holds the lock.
func (s *Store) releaseAround(k *kept) {
	for _, b := range slices.Concat(k.head, k.tail) {
		s.release(b)
	}
}

// strict reports whether an entry is one JSON value as CheckJSON has it, which nests no deeper than so. It is worked out
// once.
func (s *Store) strict(e Entry, maxDepth int) bool {
	s.mu.Lock()
	state := s.texts[e].syntax
	s.mu.Unlock()
	if state == unchecked {
		state = notStrictJSON
		if walkJSON(s.Text(e), maxDepth) == nil {
			state = strictJSON
		}
		s.mu.Lock()
		s.texts[e].syntax = state
		s.mu.Unlock()
	}
	return state == strictJSON
}

// holds reports whether an entry has a secret that the matcher finds. What the last matcher said of an entry is remembered.
func (s *Store) holds(e Entry, m *redact.Matcher) bool {
	s.mu.Lock()
	if s.searched != m {
		s.searched, s.secret = m, nil
	}
	if missing := len(s.texts) - len(s.secret); missing > 0 {
		s.secret = append(s.secret, make([]secretState, missing)...)
	}
	state := s.secret[e]
	s.mu.Unlock()
	if state == unsearched {
		state = noSecret
		if _, found := m.Bytes(s.Text(e)); found {
			state = someSecret
		}
		s.mu.Lock()
		if s.searched == m {
			s.secret[e] = state
		}
		s.mu.Unlock()
	}
	return state == someSecret
}

// problem says why something that was kept can't be read back; nil where nothing is lost.
func (s *Store) problem() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// close gives the file back. What is read afterwards, and is not in memory, is lost.
func (s *Store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.temp != nil {
		s.temp.close()
	}
}

// tempFile is a file that nobody else can read and that is gone once it is closed.
type tempFile struct {
	file *os.File
	end  int64
	name string // while it has one
	once sync.Once
}

// newTempFile makes a file that loses its name at once where the system lets it: then it ends with the process, however
// that ends.
func newTempFile() (*tempFile, error) {
	file, err := os.CreateTemp("", "libdrives-conformance-*.answers") // which is readable by its owner alone
	if err != nil {
		return nil, fmt.Errorf("no temporary file can be made: %w", err)
	}
	t := &tempFile{file: file, name: file.Name()}
	if os.Remove(t.name) == nil {
		t.name = ""
	}
	return t, nil
}

func (t *tempFile) close() {
	t.once.Do(func() {
		_ = t.file.Close() // it was for nobody but this process
		if t.name != "" {
			_ = os.Remove(t.name) // it is in the folder of what may be removed at any time
		}
	})
}
