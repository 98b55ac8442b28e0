package redact

import (
	"io"
	"slices"
)

// chunk is how much of a file is looked at at once.
const chunk = 1 << 20

// shortest is the least length of what is looked for in a finished file. What is shorter stands in one by chance, and a
// report without all letters x is no report; in the evidence it was removed all the same.
const shortest = 6

// Cleaner is a writer through which a finished file goes: what it passes on holds no secret of the run, the ones
// included that belonged to a single exchange. Evidence holds none from the beginning; this is for what came into a
// report by another way. Close passes on the rest, and does not close the writer behind it.
type Cleaner struct {
	to      io.Writer
	matcher *Matcher
	longest int // the most bytes that a secret can take in a file
	buffer  []byte
	enough  int // how much of the buffer there has to be for a part of it to be passed on
	removed int
	err     error
}

// Cleaner makes a writer that removes the secrets known by now.
func (r *Redactor) Cleaner(to io.Writer) *Cleaner {
	c := &Cleaner{to: to, matcher: r.Long()}
	for _, pattern := range c.matcher.patterns {
		c.longest = max(c.longest, longestEscape*len(pattern))
	}
	c.enough = chunk + c.longest
	return c
}

// Write takes a part of the file.
func (c *Cleaner) Write(part []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	c.buffer = append(c.buffer, part...)
	if len(c.buffer) >= c.enough {
		c.pass(len(c.buffer) - c.longest)
		c.enough = max(chunk+c.longest, 2*len(c.buffer)) // one secret after another is not looked at over and over
	}
	return len(part), c.err
}

// Close passes on what was held back. The error is the first that the writer behind it gave.
func (c *Cleaner) Close() error {
	if c.err == nil {
		c.pass(len(c.buffer))
	}
	return c.err
}

// Removed is how often a secret was removed.
func (c *Cleaner) Removed() int { return c.removed }

// pass hands on the beginning of the buffer, up to a place before which every secret that begins is there whole.
func (c *Cleaner) pass(upTo int) {
	done := 0
	for _, s := range c.matcher.find(c.buffer) {
		if s.from >= upTo {
			break
		}
		if s.to > upTo && upTo < len(c.buffer) {
			upTo = s.from // the secret goes on, and another may touch it: it waits
			break
		}
		c.write(c.buffer[done:s.from])
		c.write([]byte(Placeholder))
		c.removed++
		done = s.to
	}
	c.write(c.buffer[done:upTo])
	c.buffer = slices.Delete(c.buffer, 0, upTo)
}

func (c *Cleaner) write(part []byte) {
	if c.err == nil && len(part) > 0 {
		_, c.err = c.to.Write(part)
	}
}
