//go:build unix

package process

import "syscall"

// OwnGroup keeps a process that is started with it from what a terminal sends to the whole group of its parent: the parent alone
// passes signals on, so that none comes twice.
func OwnGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
