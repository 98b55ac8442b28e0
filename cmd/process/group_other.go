//go:build !unix

package process

import "syscall"

// OwnGroup is nothing where no signal can be passed on: what a console sends reaches every process by itself.
func OwnGroup() *syscall.SysProcAttr { return nil }
