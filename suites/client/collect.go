package client

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/libdrives/conformance/suites/evidence"
)

// Want is a read that somebody needs, and what for.
type Want struct {
	Read    evidence.Read
	Purpose string
}

// Collect makes the reads, many at a time, each distinct one once however often it is wanted, and none that the record
// answers in this round already. Those with wrong credentials, which go one after the other, take the place of one: the others do
// not wait for them. It tells ended (which may be nil) of every read's last exchange, from many goroutines.
// When the context ends it starts no more, waits for those under way, which end with it, and returns the context's
// error.
func (c *Client) Collect(ctx context.Context, want []Want, round int, ended func(*evidence.Exchange)) error {
	var group errgroup.Group
	group.SetLimit(c.config.Concurrency)
	do := func(w Want) {
		if ctx.Err() != nil {
			return
		}
		x := c.Do(ctx, w.Read, round, w.Purpose)
		if ended != nil {
			ended(x)
		}
	}
	want, wrong := c.open(want, round)
	if len(wrong) > 0 {
		group.Go(func() error {
			for _, w := range wrong {
				do(w)
			}
			return nil
		})
	}
	for _, w := range want {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			do(w)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// open are the reads that the record does not answer in a round, each once, and apart from them those with wrong credentials.
func (c *Client) open(want []Want, round int) (right, wrong []Want) {
	seen := make(map[string]bool, len(want))
	for _, w := range want {
		key := w.Read.Key()
		switch {
		case seen[key] || c.record.Answer(key, round) != nil:
			continue
		case w.Read.As.Wrong():
			wrong = append(wrong, w)
		default:
			right = append(right, w)
		}
		seen[key] = true
	}
	return right, wrong
}
