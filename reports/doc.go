// Package reports says what a run found: the Report itself, from which every format is written, and the writers for
// JUnit and for a terminal.
//
// It must not know Ginkgo or how to talk HTTP: it says what others found.
package reports
