package process

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

// TestGarbage: of what a heap may hold until it is collected, garbage included.
func TestGarbage(t *testing.T) {
	const megabyte = 1 << 20
	for _, c := range []struct {
		what        string
		heap, roots uint64
		least, most uint64
	}{
		{"an empty heap", 0, megabyte, 14 * megabyte, 16 * megabyte},
		{"a small heap", 3 * megabyte, megabyte, 14 * megabyte, 16 * megabyte},
		{"that of a run over a library of usual size", 12 * megabyte, megabyte, 17 * megabyte, 19 * megabyte},
		{"that of 10,000 drives", 32 * megabyte, megabyte, 46 * megabyte, 49 * megabyte},
		{"that of 100,000 drives", 90 * megabyte, megabyte, 115 * megabyte, 126 * megabyte},
		{"a huge heap", 1000 * megabyte, megabyte, 1100 * megabyte, 1200 * megabyte},
	} {
		held := c.heap + (c.heap+c.roots)*uint64(percentFor(c.heap, c.roots))/100
		if held < c.least || held > c.most {
			t.Errorf("%s of %d MiB is collected at %d MiB, want %d to %d", c.what, c.heap/megabyte, held/megabyte, c.least/megabyte, c.most/megabyte)
		}
	}
}

// TestTheUserSaysHowMuchGarbageThereMayBe by the variables of Go.
func TestTheUserSaysHowMuchGarbageThereMayBe(t *testing.T) {
	const asked = 77
	before := debug.SetGCPercent(asked)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	for _, variable := range []string{"GOGC=77", "GOMEMLIMIT=1GiB"} {
		KeepSmall([]string{"HOME=/", variable})
		CollectSeldom([]string{"HOME=/", variable})
		if is := debug.SetGCPercent(asked); is != asked {
			t.Errorf("with %s in the environment, the percentage is made %d", variable, is)
		}
	}
}

// TestWhatTheProgramSaysLaterHolds: a command that says how much garbage there may be is not overruled by later collections.
func TestWhatTheProgramSaysLaterHolds(t *testing.T) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	KeepSmall(nil)
	const asked = 77
	debug.SetGCPercent(asked)
	for range 5 {
		collect()
		if is := debug.SetGCPercent(asked); is != asked {
			t.Fatalf("the percentage is %d, although %d was asked for", is, asked)
		}
	}
}

// TestGarbageFollowsTheHeap at each collection, whether it has grown or has become smaller.
func TestGarbageFollowsTheHeap(t *testing.T) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	KeepSmall(nil)
	for range 2 {
		large := make([]byte, 64<<20)
		collect()
		if is := percentage(); is < 30 || is > 60 {
			t.Errorf("with more than 64 MiB in use, the percentage is %d, want about 47", is)
		}
		runtime.KeepAlive(large)
		collect()
		if is := percentage(); is < 200 {
			t.Errorf("with few megabytes in use, the percentage is %d, want some hundred: so much fits in a small heap", is)
		}
	}
}

// collect collects memory until what takes notice of collections has noticed one of now.
func collect() {
	for range 3 {
		runtime.GC()
		noticed := make(chan struct{})
		runtime.SetFinalizer(new([64]byte), func(*[64]byte) { close(noticed) })
		runtime.GC()
		<-noticed
	}
}

// percentage is how much garbage there may be now.
func percentage() uint64 {
	now := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(now)
	return now[0].Value.Uint64()
}
