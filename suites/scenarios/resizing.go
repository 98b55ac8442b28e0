package scenarios

import (
	"context"
	"slices"

	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// resizeBy is a multiple of what sizes are rounded up to, 64 KiB.
const resizeBy = 16 * 64 << 10

// atRest are the statuses of a drive that nothing is being done to. A clone that was taken off a server and goes on saying that it
// is mounted is not waited for as long as a resize may take.
var atRest = []string{"unmounted", "mounted"}

// resize makes a clone of a source a little bigger, asks for what else is said with it, and looks at the clone until it is at rest.
// Several scenarios do so, each to a clone of its own and side by side: what goes wrong now and then is not told by one resize, and
// several of one clone, one after the other, would each take as long as a clone.
func (s *Runner) resize(ctx context.Context, clone *account.Resource, of account.Source, further map[string]any) (last *evidence.Exchange, rested bool) {
	own, _ := s.Account().Known(account.Drive, clone.UUID)
	size := min(own.Size, of.Size+mostBeyond) + resizeBy
	change := map[string]any{"size": size}
	for name, value := range further {
		change[name] = value
	}
	x := s.Resize(ctx, steps.Resize, clone, change)
	last, rested = s.AwaitStatus(ctx, steps.AfterResize, clone, atRest...)
	if one, seen := account.DefinitionOf(last); rested && seen && one.Size < size && account.Succeeded(x) {
		// It was at rest before, too: that it was resized may not show yet.
		last = s.GetUntil(ctx, steps.AfterResize, clone.Path(), account.EntryShown, func(one account.Definition) bool {
			return one.Size >= size && slices.Contains(atRest, one.Status)
		})
	}
	return last, rested
}
