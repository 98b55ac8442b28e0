package judge

import (
	"fmt"
	"iter"

	"github.com/libdrives/conformance/suites/evidence"
)

// Index finds the drives of a list by their uuids. It is shared, and not to be changed.
type Index struct {
	drives []Drive
	of     *parsed
	places byNumber[int32]    // from 1 on, by the numbers of the uuids
	byUUID map[string]Drive   // in place of these, where nobody gave the uuids numbers
	from   *evidence.Exchange // in place of the drives, where they are all that an answer lists
}

// Index finds drives by uuid in long lists.
func (list List) Index() *Index {
	if len(list.Drives) <= ManyDrives || len(list.Parts) != 1 || list.Parts[0].asked() != evidence.Get(LibdrivesPath+"?limit=0") {
		return list.index()
	}
	return Once(list.Lib.Evaluator, fmt.Sprintf("index of the %d drives of exchange %d", len(list.Drives), list.Exchange().Number), func() *Index {
		index := list.index()
		if x := list.Exchange(); list.Lib.Parsed.body(x).framed && len(x.Response.Body.Entries()) == len(list.Drives) {
			index.drives, index.from = nil, x // which others make again, too
		}
		return index
	})
}

func (list List) index() *Index {
	if list.Lib == nil {
		index := &Index{byUUID: make(map[string]Drive, len(list.Drives))}
		for _, drive := range list.Drives {
			index.byUUID[drive.UUID] = drive
		}
		return index
	}
	index := &Index{drives: list.Drives, of: list.Lib.Parsed}
	for i, drive := range list.Drives {
		*index.places.of(index.of.numberOf(drive)) = int32(i) + 1
	}
	return index
}

// Get is the drive that has a uuid.
func (index *Index) Get(uuid string) (drive Drive, listed bool) {
	if index.of == nil {
		drive, listed = index.byUUID[uuid]
		return drive, listed
	}
	return index.get(index.of.numberOfUUID(uuid))
}

// entryOf is the drive that has the uuid of another.
func (index *Index) entryOf(other Drive) (drive Drive, listed bool) {
	if index.of == nil {
		return index.Get(other.UUID)
	}
	return index.get(index.of.numberOf(other))
}

// has reports whether a drive is one of those of the list, by its uuid.
func (index *Index) has(drive Drive) bool {
	if index.of == nil {
		_, listed := index.byUUID[drive.UUID]
		return listed
	}
	number := int(index.of.numberOf(drive))
	return number < len(index.places.values) && index.places.values[number] > 0
}

func (index *Index) get(number uint32) (drive Drive, listed bool) {
	if int(number) >= len(index.places.values) || index.places.values[number] == 0 {
		return Drive{}, false
	}
	at := index.places.values[number] - 1
	if index.from != nil {
		return index.of.toldAt(telling{from: index.from, how: inJSONList}, at), true
	}
	return index.drives[at], true
}

// Shared are the drives that both lists name, as this one shows them and as the other does.
func (list List) Shared(other List) iter.Seq2[Drive, Drive] {
	entries := other.Index()
	return func(yield func(Drive, Drive) bool) {
		for _, drive := range list.Drives {
			if entry, listed := entries.entryOf(drive); listed && !yield(drive, entry) {
				return
			}
		}
	}
}
