// Package collect talks to the endpoint and keeps what was said: a client with authentication, retries, rate and
// limits, and the plan of reads that makes each request once and many at a time. Everything it says and hears goes into
// an evidence.Record.
//
// It must not know requirements, verdicts or Ginkgo: it talks and never judges.
package collect
