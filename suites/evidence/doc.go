// Package evidence keeps what was said between the suite and an endpoint: every exchange of a run, in the order of its
// requests, as it came. What leaves the process goes through one door, where secrets are removed by value (Record.Shown,
// Record.Redacted and Record.Text). It also writes the curl line that repeats an exchange, and keeps a record in a file and
// reads it back.
//
// Bodies come in as Incoming and are read back as Body. What they are made of is kept once, in a Store: the entries of lists, which
// most answers of a run repeat, and what stands around them. A store has few bytes in memory and the rest in a temporary file.
//
// It must not know requirements, verdicts or Ginkgo: it holds what happened, never what to think of it.
package evidence
