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
// answers in this round already. It tells ended (which may be nil) of every read's last exchange, from many goroutines.
// When the context ends it starts no more, waits for those under way, which end with it, and returns the context's
// error.
func (c *Client) Collect(ctx context.Context, want []Want, round int, ended func(*evidence.Exchange)) error {
	var group errgroup.Group
	group.SetLimit(c.config.Concurrency)
	seen := make(map[string]bool, len(want))
	for _, w := range want {
		if ctx.Err() != nil {
			break
		}
		key := w.Read.Key()
		if seen[key] || c.record.Answer(key, round) != nil {
			continue
		}
		seen[key] = true
		group.Go(func() error {
			if ctx.Err() != nil {
				return nil
			}
			x := c.Do(ctx, w.Read, round, w.Purpose)
			if ended != nil {
				ended(x)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}
