// Package run judges an endpoint from the configuration to the report: it checks that there is an endpoint of this API,
// collects what the selected specs look at, runs the scenarios in the account and cleans up after them, judges each
// requirement as a Ginkgo spec over the record, and keeps the record so that it can be judged again.
//
// The specs are passed in. The package must not know the sections of the documentation or the formats of reports.
package run
