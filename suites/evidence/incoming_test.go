package evidence_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/evidence"
)

// kept is a body that came in pieces.
func kept(record *evidence.Record, text []byte, piece int) evidence.Body {
	in := record.Incoming()
	for from := 0; from < len(text); from += piece {
		_, _ = in.Write(text[from:min(len(text), from+piece)])
	}
	return in.Body()
}

// expectKept expects a body to be read back as it came, however it is read.
func expectKept(t *testing.T, body evidence.Body, text []byte) {
	t.Helper()
	if body.Len() != len(text) || !bytes.Equal(body.Bytes(), text) {
		t.Fatalf("%.200q was kept as %.200q", text, body.Bytes())
	}
	if read, err := io.ReadAll(body.Reader()); err != nil || !bytes.Equal(read, text) {
		t.Fatalf("%.200q was read as %.200q: %v", text, read, err)
	}
	for _, most := range []int{0, 1, len(text) / 2, len(text) + 1} {
		if got := body.Beginning(most); !bytes.Equal(got, text[:min(most, len(text))]) {
			t.Fatalf("the first %d bytes of %.200q are %.200q", most, text, got)
		}
	}
	if !body.IsList() {
		return
	}
	// What is a list by the frame and the entries is one to a reader of JSON too.
	if frame := body.Frame(); evidence.CheckJSON(frame, 64) == nil && body.StrictEntries(64) {
		if err := evidence.CheckJSON(text, 64); err != nil {
			t.Fatalf("%.200q is taken for JSON, and it is not: %v", text, err)
		}
		objects := gjson.GetBytes(text, "objects").Array()
		if len(objects) != len(body.Entries()) {
			t.Fatalf("%.200q has %d entries, and %d were found", text, len(objects), len(body.Entries()))
		}
	} else if err := evidence.CheckJSON(text, 64); err == nil {
		t.Fatalf("%.200q is JSON, and is not taken for it", text)
	}
}

var bodies = []string{
	``, ` `, `{`, `{}`, `[]`, `"text"`, `{"objects": []}`, `{"objects":[ ]}`, `{"objects": [{}]}`, `{"meta": {"a": [1, 2]}, "objects": [{"a": 1}, {"b": [1]} ]}`,
	`{"objects": [{"a": "}]\"{"},` + "\n  " + `{"b": 2},{"a": "}]\"{"}], "meta": {"total_count": 3}}`, `{"objects": [{"a": 1}, 2, {"b": 1}]}`,
	`{"objects": [{"a": 1},, {"b": 1}]}`, `{"objects": [{"a": 1}, ]}`, `{"objects": [, {"a": 1}]}`, `{"objects": [{"a": 1} {"b": 1}]}`, `{"objects": [{"a": 1]]}`,
	`{"objects": [{"a": 1}}`, `{"objects": [{"a": 1}], "objects": [{"b": 1}]}`, `{"objects": 1, "objects": [{"b": 1}]}`, `{"objects": {"objects": [{"b": 1}]}}`,
	`{"o\u0062jects": [{"a": 1}]}`, `[{"objects": [{"a": 1}]}]`, `{"a": "objects", "b": [{"a": 1}]}`, `{"objects": [{"a": 1}`, `{"objects": [{"a": 1}, {"b`, `{"objects": [{"a": 1}, `,
	`{"objects": [{"a": 1}]}}`, `{"objects": [{"a": 1}]} {}`, "\xef\xbb\xbf" + `{"objects": [{"a": 1}]}`, `{"objects": [{"a": "` + "\xff" + `"}]}`, `{"objects": [{"a": 1, "a": 2}]}`,
	`{"objects": [{"a": 1}` + strings.Repeat(" ", 400) + `, {"b": 1}]}`, `<xml>"</xml>`, `{"objects": "[{}]"}`, `{"objects" [{"a": 1}]}`, `{"objects":: [{"a": 1}]}`, `{,"objects": [{"a": 1}]}`,
	`{"objects": [` + strings.Repeat(`[`, 70) + strings.Repeat(`]`, 70) + `]}`, `{"objects": [{"a": ` + strings.Repeat(`[`, 61) + strings.Repeat(`]`, 61) + `}]}`, `{"objects": [{"a": ` + strings.Repeat(`[`, 62) + strings.Repeat(`]`, 62) + `}]}`,
}

// TestABodyIsReadBackAsItCame keeps bodies of every kind, in pieces of every size.
func TestABodyIsReadBackAsItCame(t *testing.T) {
	record := evidence.NewRecord(evidence.NewRedactor())
	for _, text := range bodies {
		for _, piece := range []int{1, 2, 3, 7, 1000} {
			expectKept(t, kept(record, []byte(text), piece), []byte(text))
		}
	}
}

// FuzzABodyIsReadBackAsItCame keeps whatever comes.
func FuzzABodyIsReadBackAsItCame(f *testing.F) {
	for _, text := range bodies {
		f.Add([]byte(text), 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, piece int) {
		record := evidence.NewRecord(evidence.NewRedactor())
		expectKept(t, kept(record, text, 1+(piece&0xff)), text)
	})
}

// longList is a list of so many drives, each of about half a kilobyte, which begin by a number.
func longList(from, drives int) []byte {
	var list bytes.Buffer
	list.WriteString(`{"meta": {"total_count": ` + fmt.Sprint(drives) + `}, "objects": [`)
	for i := range drives {
		if i > 0 {
			list.WriteString(", ")
		}
		fmt.Fprintf(&list, `{"uuid": "%08d", "name": %q}`, from+i, strings.Repeat("drive ", 80))
	}
	list.WriteString("]}\n")
	return list.Bytes()
}

// TestAnswersGoToATemporaryFile keeps more than may be in memory: what is held stays within its bounds, all of it is read
// back, and the file has no name where the system allows that, or is gone with the record.
func TestAnswersGoToATemporaryFile(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	record := evidence.NewRecord(evidence.NewRedactor())
	var texts [][]byte
	var all []evidence.Body
	for i := range 12 {
		texts = append(texts, longList(i*10_000, 4_000))
		all = append(all, kept(record, texts[i], 32<<10))
	}
	for range 20 { // which came before, and takes no room
		all, texts = append(all, kept(record, texts[0], 10_000)), append(texts, texts[0])
	}
	if held := record.Held(); held > 20<<20 {
		t.Errorf("%d bytes are in memory", held)
	}
	files, _ := filepath.Glob(filepath.Join(folder, "*"))
	if runtime.GOOS == "linux" && len(files) > 0 {
		t.Errorf("the temporary file has a name, and would stay if the process was killed: %v", files)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the temporary file can be read by others: %v %v", info.Mode(), err)
		}
	}
	for i, body := range all {
		expectKept(t, body, texts[i])
	}
	if err := record.Lost(); err != nil {
		t.Error(err)
	}
	record.Close()
	if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
		t.Errorf("the record left %v", left)
	}
	_ = all[1].Bytes()
	if record.Lost() == nil {
		t.Error("what was closed is read back, or it is not said that it is lost")
	}
}

// TestWhatIsReadBackStaysUntilItIsRead reads long and short texts back in every order: the room for one must not be made by letting
// go of that one.
func TestWhatIsReadBackStaysUntilItIsRead(t *testing.T) {
	record := evidence.NewRecord(evidence.NewRedactor())
	var texts []string
	for i := range 400 {
		texts = append(texts, fmt.Sprintf(`{"uuid": "%08d", "name": %q}`, i, strings.Repeat("drive ", 100+i*i%17_000)))
	}
	body := kept(record, []byte(`{"objects": [`+strings.Join(texts, ", ")+`]}`), 32<<10)
	entries := body.Entries()
	if len(entries) != len(texts) {
		t.Fatalf("the list has %d entries, want %d", len(entries), len(texts))
	}
	chance := rand.New(rand.NewPCG(1, 1))
	for range 4_000 {
		i := chance.IntN(len(texts))
		if text := body.Store().String(entries[i]); text != texts[i] {
			t.Fatalf("the entry %d of %d bytes is read back as one of %d", i, len(texts[i]), len(text))
		}
		if text := body.Store().Text(entries[i]); string(text) != texts[i] {
			t.Fatalf("the entry %d of %d bytes is read back as one of %d", i, len(texts[i]), len(text))
		}
	}
	if err := record.Lost(); err != nil {
		t.Error(err)
	}
}

// TestWithoutRoomForAFileAnswersStayInMemory has no folder for temporary files.
func TestWithoutRoomForAFileAnswersStayInMemory(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "there", "is", "none"))
	record := evidence.NewRecord(evidence.NewRedactor())
	text := longList(0, 30_000)
	expectKept(t, kept(record, text, 32<<10), text)
	if held := record.Held(); held < int64(len(text)) {
		t.Errorf("%d bytes are said to be in memory, and there are %d", held, len(text))
	}
}

// BenchmarkAList keeps a list whose drives came before.
func BenchmarkAList(b *testing.B) {
	record := evidence.NewRecord(evidence.NewRedactor())
	text := longList(0, 5_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		kept(record, text, 32<<10)
	}
}

// BenchmarkDigests looks for drives that came before by their digests.
func BenchmarkDigests(b *testing.B) {
	store := evidence.NewRecord(evidence.NewRedactor()).Store()
	drive := []byte(gjson.GetBytes(longList(0, 1), "objects.0").Raw)
	first := store.Keep(drive)
	b.SetBytes(int64(len(drive)))
	b.ReportAllocs()
	for b.Loop() {
		if store.Keep(drive) != first {
			b.Fatal("a drive that came before is kept once more")
		}
	}
}
