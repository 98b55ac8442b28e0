package redact_test

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// through is a text after a cleaner, written in parts of a size.
func through(t *testing.T, r *redact.Redactor, text string, size int) (clean string, removed int) {
	t.Helper()
	var out bytes.Buffer
	cleaner := r.Cleaner(&out)
	for rest := []byte(text); len(rest) > 0; rest = rest[min(size, len(rest)):] {
		if _, err := cleaner.Write(rest[:min(size, len(rest))]); err != nil {
			t.Fatalf("writing to memory must not fail: %v", err)
		}
	}
	if err := cleaner.Close(); err != nil {
		t.Fatalf("writing to memory must not fail: %v", err)
	}
	return out.String(), cleaner.Removed()
}

func TestACleanerRemovesSecretsInEveryEncoding(t *testing.T) {
	redactor := redact.New(awkward, "bef0re", "0123456789abcdef")
	for name, encode := range encodings {
		secret := encode(awkward)
		for _, size := range []int{1, 7, 1 << 20} {
			clean, removed := through(t, redactor, "before "+secret+" after", size)
			if clean != "before [redacted] after" || removed != 1 {
				t.Errorf("%s, in parts of %d: %d removed, and the file says %q", name, size, removed, clean)
			}
		}
	}
	for _, odd := range []string{"qq q/q", "äqqqqq", "q%qqqq"} {
		if clean, removed := through(t, redact.New(odd, awkward), "before "+odd+"xx after", 1<<20); removed != 1 || clean != "before [redacted]xx after" {
			t.Errorf("the secret %q: %d removed, and the file says %q", odd, removed, clean)
		}
	}
	if clean, removed := through(t, redact.New("x"), `<?xml version="1.0"?>`, 1<<20); removed != 0 {
		t.Errorf("a password of one letter takes apart what is written: %q", clean)
	}
	inside := base64.StdEncoding.EncodeToString([]byte("user:" + awkward))
	if clean, removed := through(t, redactor, inside, 1<<20); removed != 1 || strings.Contains(clean, inside[8:len(inside)-4]) {
		t.Errorf("base64: %d removed, and the file says %q", removed, clean)
	}
}

// TestACleanerSeesWhatStandsAtItsBorders writes a file of many chunks with a secret at each place around where one ends.
func TestACleanerSeesWhatStandsAtItsBorders(t *testing.T) {
	const secret = "correct horse"
	redactor := redact.New(secret)
	const mib = 1 << 20
	for at := mib - 40; at < mib+40; at += 11 {
		// The border moves by what is held back, so the secret stands at many places in a row.
		text := strings.Repeat("x", at) + strings.Repeat(secret+"yyy", 300) + strings.Repeat("z", mib/8)
		clean, removed := through(t, redactor, text, 64<<10)
		if removed != 300 || strings.Contains(clean, "correct") || strings.Contains(clean, "horse") {
			t.Fatalf("with the first at byte %d, %d of 300 secrets were removed", at, removed)
		}
		if want := strings.Repeat("x", at) + strings.Repeat("[redacted]yyy", 300) + strings.Repeat("z", mib/8); clean != want {
			t.Fatalf("with the first at byte %d, more than the secrets was changed", at)
		}
	}
	if clean, _ := through(t, redactor, strings.Repeat(secret, 100_000), 32<<10); clean != "[redacted]" && strings.ReplaceAll(clean, "[redacted]", "") != "" {
		t.Errorf("a file of nothing but secrets keeps %d bytes", len(clean))
	}
}

// TestACleanerKnowsTheSecretsOfSingleExchanges looks for what only one exchange had, such as the response of a digest.
func TestACleanerKnowsTheSecretsOfSingleExchanges(t *testing.T) {
	redactor := redact.New("the password")
	redactor.AddOnce("0123456789abcdef-of-one")
	if clean, removed := through(t, redactor, "x 0123456789abcdef-of-one x the password", 5); removed != 2 || clean != "x [redacted] x [redacted]" {
		t.Errorf("%d removed, and the file says %q", removed, clean)
	}
}

func TestACleanerPassesErrorsOn(t *testing.T) {
	cleaner := redact.New("secret").Cleaner(fullDisk{})
	if _, err := cleaner.Write(make([]byte, 4<<20)); err == nil {
		t.Error("what could not be written is taken for written")
	}
	if cleaner.Close() == nil {
		t.Error("a file that could not be written is taken for whole")
	}
}

// BenchmarkCleaner passes a record on, JSON in JSON strings, full of escapes: of a run by HTTP Basic, and of one by Digest,
// where every request has a secret of its own.
func BenchmarkCleaner(b *testing.B) {
	line := []byte(strings.Repeat(`{\"name\": \"Debian 12\", \"uuid\": \"c7105ec8-0a36-4f0b-8b5e-6d8f0d0f2b11\"}, `, 1<<20/80))
	for name, digests := range map[string]int{"basic": 0, "digest": 900} {
		b.Run(name, func(b *testing.B) {
			redactor := redact.New("correct horse battery staple", "reference@example.com:correct horse battery staple")
			for i := range digests {
				redactor.AddOnce(fmt.Sprintf("%x", md5.Sum([]byte{byte(i), byte(i >> 8)})))
			}
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			for b.Loop() {
				cleaner := redactor.Cleaner(&bytes.Buffer{})
				if _, err := cleaner.Write(line); err != nil || cleaner.Close() != nil {
					b.Fatalf("writing to memory must not fail: %v", err)
				}
			}
		})
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
