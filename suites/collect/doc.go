// Package collect talks to the endpoint and keeps what was said: a client with authentication, retries, rate and
// limits, and the plan of reads that makes each request once and many at a time. Everything it says and hears goes into
// an evidence.Record.
//
// Writing has one door: the Account. It knows what the run made, by a journal that is written before anything is asked
// for, and by names that no other run gives; nothing else is changed through it, and all of that is removed in the end,
// by Cleanup, or by Sweep where the run was killed. What is written is told as experiments: stories of named steps that
// run side by side and share the few clones that they make.
//
// It must not know requirements, verdicts or Ginkgo: it talks and never judges.
package collect
