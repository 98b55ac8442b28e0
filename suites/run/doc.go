// Package run judges an endpoint from the configuration to the report: it checks that there is an endpoint of this API,
// collects what the selected specs look at, runs the scenarios in the account and cleans up after them, judges each
// requirement over the record, and keeps the record so that it can be judged again. Ginkgo's runner judges only in a
// process that is the run's own, and Describe puts the requirements into a tree of specs that is somebody else's.
//
// The specs are passed in. The package must not know the sections of the documentation or the formats of reports.
package run
