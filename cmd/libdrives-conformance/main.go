//go:build !packaging

// Command libdrives-conformance judges endpoints of CloudSigma's drives library API. This package is the command line
// only: a file per subcommand, each of which turns flags into a call of the packages that do the work.
package main

import (
	"context"
	"os"

	"github.com/libdrives/conformance/cmd/process"
)

func main() {
	process.IgnoreClosedPipes()
	process.KeepSmall(os.Environ())
	os.Exit(execute(context.Background(), os.Args[1:], console{process.NewOutput(os.Stdout), process.NewOutput(os.Stderr), os.Environ()}))
}
