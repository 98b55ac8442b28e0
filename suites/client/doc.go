// Package client talks HTTP to the endpoint and keeps what was said: it logs in, retries, keeps to the rate and the
// limits, lets nothing but reads out where it is configured so, and makes each wanted read once and many at a time. Everything
// it says and hears, each attempt, goes into an evidence.Record. What went wrong it says in words that tell a person what
// to do.
//
// It must not know what is asked for or why: accounts, scenarios, requirements and verdicts are for others.
package client
