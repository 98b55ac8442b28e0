// Package steps names the scenarios and their steps, and says of each step by which requirements its answer is judged. The
// names stand in records and reports, so they stay what they are.
//
// It must not know anything: it imports nothing of ours.
package steps
