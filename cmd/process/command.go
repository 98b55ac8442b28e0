package process

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"time"
)

// endingTime is what a command may take to end once it was asked to.
const endingTime = 5 * time.Second

// RunCommand runs a command to its end, with what it prints on either output in one. Where the context ends first it is asked
// to end, with everything that it started, and ended by force where it does not. The error says how it ended, unless with
// success.
func RunCommand(ctx context.Context, command, environ []string, out io.Writer) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = environ, out, out, endingTime
	ownGroup(cmd)
	err := cmd.Run()
	endGroup(cmd)
	if errors.Is(err, exec.ErrWaitDelay) { // it ended, and something that it started still holds its output
		return nil
	}
	return err
}
