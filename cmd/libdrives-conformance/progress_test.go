package main

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/text"
)

// TestProgressIsWholeAndInOrderWhenItIsClosed tells of much at once, and of more than anybody reads meanwhile.
func TestProgressIsWholeAndInOrderWhenItIsClosed(t *testing.T) {
	var shown bytes.Buffer
	progress := newBackgroundProgress(text.NewProgress(&shown, text.ProgressOptions{Verbose: true}))
	var all sync.WaitGroup
	for done := range 200 {
		all.Go(func() { progress.Collecting(done+1, 200, "reading") })
	}
	all.Wait()
	for i := range 100 {
		progress.Note(fmt.Sprintf("note %d;", i))
		progress.Judged(reports.Result{Verdict: reports.Pass})
	}
	progress.Close()
	progress.Close()
	progress.Note("too late")
	text := shown.String()
	if !strings.Contains(text, "200 requests answered, 100 requirements judged") || strings.Contains(text, "too late") {
		t.Errorf("progress should end with all that was told until it was closed:\n%s", text)
	}
	at := 0
	for i := range 100 {
		next := strings.Index(text[at:], fmt.Sprintf("note %d;", i))
		if next < 0 {
			t.Fatalf("note %d is missing or comes too early:\n%s", i, text)
		}
		at += next
	}
}
