//go:build race

package suites_test

// memoryFactor is how much more memory a test binary may take than the program: the race detector keeps a shadow of it.
const memoryFactor = 4
