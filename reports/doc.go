// Package reports is what a run found, as data: the Report with its results and findings, waivers and what became of them,
// the comparison of two reports, the matrix of a selftest, and the exit codes. Beside the facts it holds the lines that
// every format tells alike, because others rely on them: a finding in one line, by which waivers know it, and the conclusion.
//
// It must not know Ginkgo or how to talk HTTP, for it says what others found, and no format: each has a package of its own
// below this one.
package reports
