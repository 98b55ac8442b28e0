package process

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
)

// A run's answers are in a file: what is in memory is small, and is to stay so. How much that is no longer used may stand beside what
// is: of a heap that is small altogether as much as keeps it so, for to collect it often would take time and save nothing; then a part
// of what is used, and of a large heap a smaller part.
const (
	smallHeap   = 15 << 20
	smallPart   = 0.5
	largePart   = 0.125
	largerParts = 22 << 20 // from where a small part is more than this and a large one
)

// KeepSmall has memory collected earlier than programs usually do, which takes some more time; unless the user says how, or somebody
// in the program does so later.
func KeepSmall(environment []string) {
	if saysHow(environment) {
		return
	}
	const beforeTheFirst = 375 // the runtime takes it of 4 MiB, which is the small heap
	debug.SetGCPercent(beforeTheFirst)
	p := &pacer{last: beforeTheFirst}
	runtime.SetFinalizer(&collected{p}, (*collected).again)
}

// CollectSeldom has memory collected later than programs usually do, unless the user says how: it is for a program that holds little and
// serves whoever waits for it.
func CollectSeldom(environment []string) {
	const garbage = 200 // percent
	if !saysHow(environment) {
		debug.SetGCPercent(garbage)
	}
}

// saysHow reports whether the user says by the variables of Go how much garbage there may be.
func saysHow(environment []string) bool {
	return slices.ContainsFunc(environment, func(variable string) bool {
		return strings.HasPrefix(variable, "GOGC=") || strings.HasPrefix(variable, "GOMEMLIMIT=")
	})
}

// pacer says after each collection when the next one is due.
type pacer struct{ last int }

// collected is used by nobody, so that it is noticed by each collection.
type collected struct{ pacer *pacer }

func (c *collected) again() {
	next := percentFor(heapInUse())
	if was := debug.SetGCPercent(next); was != c.pacer.last {
		debug.SetGCPercent(was) // somebody else says how
		return
	}
	c.pacer.last = next
	runtime.SetFinalizer(c, (*collected).again)
}

// percentFor is how much garbage may be made until the next collection, in percent as the runtime takes it: of what is in use on the
// heap and of the roots together.
func percentFor(heap, roots uint64) int {
	garbage := min(smallPart*float64(heap), largePart*float64(heap)+largerParts)
	if heap < smallHeap {
		garbage = max(garbage, float64(smallHeap-heap))
	}
	return max(1, int(100*garbage/float64(max(1, heap+roots))))
}

// heapInUse is how many bytes of the heap were found to be in use last, and how many there are on stacks and in global variables.
func heapInUse() (heap, roots uint64) {
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}
	metrics.Read(samples)
	read := func(s metrics.Sample) uint64 {
		if s.Value.Kind() != metrics.KindUint64 {
			return 0
		}
		return s.Value.Uint64()
	}
	return read(samples[0]), read(samples[1]) + read(samples[2])
}
