// Package fleet judges many endpoints, a process each, and gathers their reports.
//
// It must not know how one endpoint is judged: the process that is started for it does.
package fleet
