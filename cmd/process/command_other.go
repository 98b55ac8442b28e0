//go:build !unix

package process

import "os/exec"

// ownGroup does nothing where there are no groups of processes: the command itself is ended.
func ownGroup(*exec.Cmd) {}

func endGroup(*exec.Cmd) {}
