package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/libdrives/conformance/fixtures"
)

// TestScripts runs the scripts in testdata/script, each in an empty folder, with nothing of the developer's environment. In them,
// `expand FILE…` puts variables into files, `conformance CODE ARGS…` runs the binary, and fails unless it ends with that exit code; $URL is a reference
// endpoint of the script's own, $FAULTY one that OWNER-02 does not hold of, and $USER and $PASSWORD their account.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			for name, options := range map[string]fixtures.Options{"URL": {}, "FAULTY": {Faults: []string{"owner-missing-through-drives"}}} {
				endpoint, err := fixtures.Start(options)
				if err != nil {
					return err
				}
				env.Defer(func() { _ = endpoint.Close() })
				env.Setenv(name, endpoint.URL())
			}
			env.Setenv("USER", fixtures.DefaultUsername)
			env.Setenv("PASSWORD", fixtures.DefaultPassword)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"expand": func(script *testscript.TestScript, _ bool, args []string) {
				for _, name := range args {
					text := os.Expand(script.ReadFile(name), script.Getenv)
					script.Check(os.WriteFile(script.MkAbs(name), []byte(text), 0o600))
				}
			},
			"conformance": func(script *testscript.TestScript, _ bool, args []string) {
				if len(args) == 0 {
					script.Fatalf("conformance needs an exit code")
				}
				want, err := strconv.Atoi(args[0])
				if err != nil {
					script.Fatalf("%q is no exit code", args[0])
				}
				got := 0
				if err := script.Exec(os.Getenv(binaryVariable), args[1:]...); err != nil {
					var exited *exec.ExitError
					if !errors.As(err, &exited) {
						script.Fatalf("the binary did not run: %v", err)
					}
					got = exited.ExitCode()
				}
				if got != want {
					script.Fatalf("%q ends with %d, it should end with %d", args[1:], got, want)
				}
			},
		},
	})
}
