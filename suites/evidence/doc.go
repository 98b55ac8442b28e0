// Package evidence keeps what was said between the suite and an endpoint: every exchange of a run, in the order of its
// requests, with secrets removed by value at the one place where bytes become evidence (Record.Add). It also writes the
// curl line that repeats an exchange, keeps a record in a file and reads it back, and looks through finished files for
// secrets.
//
// It must not know requirements, verdicts or Ginkgo: it holds what happened, never what to think of it.
package evidence
