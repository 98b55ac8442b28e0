// Package redact finds secrets in texts and removes them by value, however they are written there. It is used at the one
// door through which evidence leaves the process, after it was judged, and once more on finished files.
//
// It must not know exchanges, requirements or reports: it is given texts.
package redact
