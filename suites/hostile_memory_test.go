//go:build !race

package suites_test

// memoryFactor is how much more memory a test binary may take than the program.
const memoryFactor = 1
