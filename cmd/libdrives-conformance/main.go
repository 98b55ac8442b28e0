// Command libdrives-conformance judges endpoints of CloudSigma's drives library API. This package is the command line
// only: a file per subcommand, each of which turns flags into a call of the packages that do the work.
package main

import (
	"context"
	"os"

	"github.com/libdrives/conformance/cmd/process"
)

// These are stamped by the linker: -ldflags "-X main.version=v1.2.3". The date is that of the commit, as of RFC 3339, and
// not of the build: the same commit makes the same bytes.
var version, commit, date string

func main() {
	process.IgnoreClosedPipes()
	os.Exit(execute(context.Background(), os.Args[1:], console{process.NewOutput(os.Stdout), process.NewOutput(os.Stderr), os.Environ()}))
}
