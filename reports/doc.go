// Package reports says what a run found: the Report itself, from which every format is written, and the writers of the
// formats: a terminal, JUnit, JSON (which is read back, too), HTML, Markdown, annotations and HAR. It compares two reports
// and says what became of waivers.
//
// It must not know Ginkgo or how to talk HTTP: it says what others found.
package reports
