package main

import (
	"sync"

	"github.com/libdrives/conformance/cmd/settings"
	"github.com/libdrives/conformance/reports/github"
)

// suspendCommands keeps GitHub Actions from taking what an endpoint says for a command, until resume is called the first
// time. It does nothing where no annotations are asked for: nobody else knows these lines.
func (c console) suspendCommands(s settings.Settings) (resume func()) {
	if s.Annotations == "" {
		return func() {}
	}
	again, err := github.Suspend(c.stdout)
	if err != nil {
		return func() {} // the annotations can't be written either, and are reported then
	}
	return sync.OnceFunc(func() { _ = again() })
}
