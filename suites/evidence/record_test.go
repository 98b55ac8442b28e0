package evidence_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/evidence/redact"
)

func exchange(key string, take, attempt, status int) evidence.Exchange {
	return evidence.Exchange{Key: key, Round: take, Attempt: attempt, Response: &evidence.Response{Status: status}}
}

func TestTheLastAttemptOfATakeIsItsAnswer(t *testing.T) {
	record := evidence.NewRecord(redact.New())
	record.Add(exchange("GET a", 1, 1, 503))
	record.Add(exchange("GET a", 1, 2, 200))
	record.Add(exchange("GET a", 2, 1, 404))
	record.Add(exchange("GET b", 1, 1, 204))
	for _, c := range []struct {
		key          string
		take, status int
	}{{"GET a", 1, 200}, {"GET a", 2, 404}, {"GET b", 1, 204}, {"GET b", 2, 0}, {"GET c", 1, 0}} {
		if got := record.Answer(c.key, c.take).Status(); got != c.status {
			t.Errorf("the answer to %s at take %d is %d, want %d", c.key, c.take, got, c.status)
		}
	}
	all := record.All()
	if len(all) != 4 || record.Len() != 4 {
		t.Fatalf("the record has %d exchanges and says %d, want 4", len(all), record.Len())
	}
	for i, x := range all {
		if x.Number != i+1 {
			t.Errorf("exchange %d of the record has the number %d", i+1, x.Number)
		}
	}
}

func TestARecordIsUsedByManyAtOnce(t *testing.T) {
	record := evidence.NewRecord(redact.New("secret"))
	var group sync.WaitGroup
	for i := range 50 {
		group.Go(func() {
			key := fmt.Sprintf("GET %d", i)
			record.Redactor().Add(fmt.Sprintf("cookie-%d", i))
			record.Add(exchange(key, 1, 1, 200), "own")
			if record.Answer(key, 1) == nil {
				t.Errorf("the answer to %s is not there right after it was added", key)
			}
		})
	}
	group.Wait()
	if record.Len() != 50 {
		t.Errorf("the record has %d exchanges, want 50", record.Len())
	}
}

func TestAnExchangeSaysHowItEnded(t *testing.T) {
	for want, x := range map[string]*evidence.Exchange{
		"200 in 48 ms":                   {Response: &evidence.Response{Status: 200}, Duration: 48 * time.Millisecond},
		"200 in 48 ms, the body is long": {Response: &evidence.Response{Status: 200}, Duration: 48 * time.Millisecond, Failure: "the body is long"},
		"no response: it was refused":    {Failure: "it was refused"},
	} {
		if got := x.Outcome(); got != want {
			t.Errorf("the outcome is told as %q, want %q", got, want)
		}
	}
	for url, want := range map[string]string{"https://host/api/?a=b": "/api/?a=b", "https://host": "/", "http://h:1//x/..": "//x/.."} {
		if got := (evidence.Request{URL: url}).Path(); got != want {
			t.Errorf("the path of %s is %q, want %q", url, got, want)
		}
	}
}
