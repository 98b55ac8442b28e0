// Package account is the one door for writing to the account of a run. It knows what the run made, by a journal that is
// written before anything is asked for, and by names that no other run gives. Nothing is written to that is not proven to
// be the run's own, or the library's where it is only named. All that was made is removed in the end, by Cleanup, or by
// CleanUp where the run was killed.
//
// It must not know in which order somebody writes, nor what that is to show: scenarios, requirements and verdicts are for
// others.
package account
