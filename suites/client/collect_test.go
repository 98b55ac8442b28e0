package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

func TestEachDistinctReadIsMadeOnce(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.RequestURI+" "+r.Header.Get("Accept")]++
	})
	cl, record := connect(t, base, nil)
	var want []client.Want
	for range 3 {
		for i := range 20 {
			want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/", i)), Purpose: "GET-01"})
		}
		want = append(want, client.Want{Read: evidence.Get("drives/1/").With("Accept", "application/xml")})
	}
	var ended atomic.Int32
	for _, take := range []int{1, 1, 2} {
		if err := cl.Collect(t.Context(), want, take, func(x *evidence.Exchange) {
			ended.Add(1)
			if record.Answer(x.Key, take) != x {
				t.Errorf("%s was told of before it was in the record", x.Key)
			}
		}); err != nil {
			t.Errorf("collecting take %d: %v", take, err)
		}
	}
	if len(asked) != 21 || ended.Load() != 42 || cl.Stats().Sent != 42 {
		t.Errorf("%d different requests, %d told of, %d sent; want 21 in two takes", len(asked), ended.Load(), cl.Stats().Sent)
	}
	for request, times := range asked {
		if times != 2 {
			t.Errorf("%s was asked for %d times, want once for each of two takes", request, times)
		}
	}
	if err := cl.Collect(t.Context(), want, 3, nil); err != nil || record.Answer(want[0].Read.Key(), 3) == nil {
		t.Errorf("collecting without an observer: %v", err)
	}
}

func TestReadsAreMadeTogetherWithinTheLimit(t *testing.T) {
	const limit = 4
	var now, most atomic.Int32
	full := make(chan struct{})
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for seen := most.Load(); n > seen && !most.CompareAndSwap(seen, n); seen = most.Load() {
		}
		if n == limit {
			close(full) // once: nobody before the rest of the reads has left
		}
		select {
		case <-full:
		case <-r.Context().Done():
		}
	})
	cl, _ := connect(t, base, func(c *client.Config) { c.Concurrency = limit })
	var want []client.Want
	for i := range limit {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/", i))})
	}
	var group sync.WaitGroup
	group.Go(func() {
		if err := cl.Collect(t.Context(), want, 1, nil); err != nil {
			t.Errorf("collecting: %v", err)
		}
	})
	group.Wait()
	if most.Load() != limit {
		t.Errorf("at most %d requests were in flight, want %d", most.Load(), limit)
	}
}

func TestNoMoreThanTheLimitAreInFlight(t *testing.T) {
	const limit = 3
	var now atomic.Int32
	base := serve(t, func(_ http.ResponseWriter, _ *http.Request) {
		if n := now.Add(1); n > limit {
			t.Errorf("%d requests are in flight, want at most %d", n, limit)
		}
		now.Add(-1)
	})
	client, _ := connect(t, base, func(c *client.Config) { c.Concurrency = limit })
	var group sync.WaitGroup
	for i := range 60 {
		group.Go(func() { client.Do(t.Context(), evidence.Get(fmt.Sprintf("drives/%d/", i)), 1, "") })
	}
	group.Wait()
}

func TestAnInterruptedCollectionEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	arrived := make(chan struct{}, 100)
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		<-r.Context().Done()
	})
	cl, record := connect(t, base, func(c *client.Config) { c.Concurrency = 2 })
	var want []client.Want
	for i := range 50 {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/", i))})
	}
	go func() {
		<-arrived
		<-arrived
		cancel()
	}()
	err := cl.Collect(ctx, want, 1, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted collection returns %v, want that it was cancelled", err)
	}
	if record.Len() < 2 || record.Len() > 4 {
		t.Errorf("an interrupted collection recorded %d exchanges, want those in flight alone", record.Len())
	}
	for _, x := range record.All() {
		if x.Failure != "the run was interrupted before the answer came" {
			t.Errorf("an interrupted read is recorded as %q", x.Failure)
		}
	}
}

func TestTheRunsDeadlineIsToldFromTheRequests(t *testing.T) {
	t.Parallel()
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	client, _ := connect(t, base, func(c *client.Config) { c.RequestTimeout = 2 * time.Second }) // in which there is a connection, also on a busy machine
	if x := client.Do(t.Context(), evidence.Get("a"), 1, ""); x.Failure != "the request was given up after 2s, while waiting for the answer" {
		t.Errorf("a read that is never answered is recorded as %q", x.Failure)
	}
	client, _ = connect(t, base, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if x := client.Do(ctx, evidence.Get("a"), 1, ""); x.Failure != "the run's time was up before the answer came" {
		t.Errorf("a read that the end of the run cuts off is recorded as %q", x.Failure)
	}
	x := client.Do(ctx, evidence.Get("b"), 1, "")
	if x == nil || x.Response != nil || x.Failure == "" || x.Number != 2 {
		t.Errorf("a read after the end of the run is recorded as %+v", x)
	}
}

func TestABodyThatNeverEndsIsGivenUp(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("beginning"))
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	client, _ := connect(t, base, func(c *client.Config) { c.RequestTimeout = 300 * time.Millisecond })
	x := client.Do(t.Context(), evidence.Get("a"), 1, "")
	if x.Failure != "the request was given up after 300ms, while reading the answer's body" || x.Status() != 200 || string(x.Response.Body.Bytes()) != "beginning" {
		t.Errorf("a body that never ends is recorded as %s with %+v", x.Outcome(), x.Response)
	}
}

func TestTheRateIsKept(t *testing.T) {
	base := serve(t, func(http.ResponseWriter, *http.Request) {})
	cl, _ := connect(t, base, func(c *client.Config) { c.Rate = 100 })
	var want []client.Want
	for i := range 11 {
		want = append(want, client.Want{Read: evidence.Get(fmt.Sprintf("drives/%d/", i))})
	}
	began := time.Now()
	if err := cl.Collect(t.Context(), want, 1, nil); err != nil {
		t.Fatalf("collecting: %v", err)
	}
	if took := time.Since(began); took < 90*time.Millisecond {
		t.Errorf("11 requests at 100 a second took %s, want 100 ms at least", took)
	}
	slow, _ := connect(t, base, func(c *client.Config) { c.Rate = 0.001 })
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if x := slow.Do(ctx, evidence.Get("a"), 1, ""); x.Status() != 200 {
		t.Errorf("the first request under a slow rate ended as %s", x.Outcome())
	}
	if x := slow.Do(ctx, evidence.Get("b"), 1, ""); x.Failure != "its rate of 0.001 requests a second lets no more through in the run's time: it needs more time, or a higher rate" {
		t.Errorf("a request that the rate limit holds beyond the run ended as %s", x.Outcome())
	}
}
