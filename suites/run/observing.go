package run

import (
	"fmt"
	"sync"

	"github.com/libdrives/conformance/reports"
)

// careful is the caller's observer, whose panics end neither the process, for it is reported from many goroutines, nor the
// cleanup that is under way.
type careful struct {
	observer Observer

	mu      sync.Mutex
	mistake any // the first
}

func (c *careful) Collecting(done, planned int, what string) {
	defer c.keep()
	c.observer.Collecting(done, planned, what)
}

func (c *careful) Judged(result reports.Result) {
	defer c.keep()
	c.observer.Judged(result)
}

func (c *careful) Note(line string) {
	defer c.keep()
	c.observer.Note(line)
}

func (c *careful) keep() {
	if mistake := recover(); mistake != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.mistake == nil {
			c.mistake = mistake
		}
	}
}

// failed says that the observer did, or nothing.
func (c *careful) failed() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mistake == nil {
		return ""
	}
	return fmt.Sprintf("the observer that the configuration names failed: %v", c.mistake)
}
