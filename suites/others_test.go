package suites_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// colleague works in the same account as the suite, and minds if anything of theirs is touched.
type colleague struct {
	base, prefix string
	trouble      []string
	made         int
}

// ask makes a request of the account and returns the status and the uuid of the first object in the answer.
func (c *colleague) ask(ctx context.Context, method, target, body string) (status int, one struct{ UUID, Status string }) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+target, bytes.NewReader([]byte(body)))
	if err != nil {
		c.trouble = append(c.trouble, err.Error())
		return 0, one
	}
	request.SetBasicAuth(fixtures.DefaultUsername, fixtures.DefaultPassword)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.trouble = append(c.trouble, err.Error())
		return 0, one
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		UUID, Status string
		Objects      []struct{ UUID, Status string }
	}
	if response.StatusCode != http.StatusNoContent && json.NewDecoder(response.Body).Decode(&answer) == nil && len(answer.Objects) > 0 {
		return response.StatusCode, answer.Objects[0]
	}
	one.UUID, one.Status = answer.UUID, answer.Status
	return response.StatusCode, one
}

// work makes a drive, a clone of a library drive and a server, and takes them away again, until the others are done.
func (c *colleague) work(ctx context.Context, done <-chan struct{}, source string) {
	for {
		select {
		case <-done:
			return
		case <-time.After(20 * time.Millisecond): // busy, but not so busy that the endpoint does nothing else
		}
		c.made++
		name := fmt.Sprintf("%s%d", c.prefix, c.made)
		_, drive := c.ask(ctx, http.MethodPost, "drives/", `{"objects": [{"name": "`+name+`", "media": "disk", "size": 1048576}]}`)
		_, clone := c.ask(ctx, http.MethodPost, "libdrives/"+source+"/action/?do=clone", `{"name": "`+name+`-clone"}`)
		_, server := c.ask(ctx, http.MethodPost, "servers/", `{"objects": [{"name": "`+name+`", "cpu": 1000, "mem": 536870912, "vnc_password": "x"}]}`)
		for _, path := range []string{"drives/" + drive.UUID + "/", "drives/" + clone.UUID + "/", "servers/" + server.UUID + "/"} {
			if !c.remove(ctx, path) {
				return
			}
		}
	}
}

// remove deletes what must still be there, once it is at rest.
func (c *colleague) remove(ctx context.Context, path string) bool {
	for {
		status, one := c.ask(ctx, http.MethodGet, path, "")
		if status != http.StatusOK {
			c.trouble = append(c.trouble, fmt.Sprintf("%s is answered %d: somebody took it away", path, status))
			return false
		}
		if one.Status == "unmounted" || one.Status == "stopped" {
			break
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			c.trouble = append(c.trouble, path+" never came to rest")
			return false
		}
	}
	if status, _ := c.ask(ctx, http.MethodDelete, path, ""); status != http.StatusNoContent {
		c.trouble = append(c.trouble, fmt.Sprintf("deleting %s is answered %d", path, status))
		return false
	}
	return true
}

// TestOthersAtWork judges a sound endpoint while others make and delete drives and servers in the same account, one of
// them with names as another run of the suite gives them.
func TestOthersAtWork(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	before := endpoint.Account()
	_, library := (&colleague{base: endpoint.URL()}).ask(t.Context(), http.MethodGet, "libdrives/?os=linux&media=disk&limit=1", "")
	done := make(chan struct{})
	var colleagues []*colleague
	var group sync.WaitGroup
	for _, prefix := range []string{"theirs-", "libdrives-conformance-otherrun00-", "libdrives-conformance-"} {
		c := &colleague{base: endpoint.URL(), prefix: prefix}
		colleagues = append(colleagues, c)
		group.Go(func() { c.work(t.Context(), done, library.UUID) })
	}
	config := account(t, endpoint.URL())
	config.Level = requirement.May
	var test recorder
	run := suites.Run(&test, config)
	close(done)
	group.Wait()
	if run.ExitCode() != 0 {
		t.Errorf("a sound endpoint does not conform while others work in the account: exit code %d%s", run.ExitCode(), summary(run.Report))
	}
	for _, c := range colleagues {
		if len(c.trouble) > 0 {
			t.Errorf("whoever names things %q… was disturbed: %q", c.prefix, c.trouble)
		}
		if c.made < 2 {
			t.Errorf("whoever names things %q… made only %d things, too few to be in the way", c.prefix, c.made)
		}
	}
	if after := endpoint.Account(); !reflect.DeepEqual(before, after) {
		t.Errorf("the account was %v and is %v, it should be as before", before, after)
	}
}

// TestDriveIsWithdrawnMeanwhile judges a sound library of which the provider takes a drive after it was listed and before
// it is looked at. That accuses nobody, whichever answers still had it.
func TestDriveIsWithdrawnMeanwhile(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	// The fault is how the provider takes it: a run that only reads does not come to know.
	endpoint := start(t, fixtures.Options{Faults: []string{"library-drive-deleted-through-drives"}})
	provider := &colleague{base: endpoint.URL()}
	_, last := provider.ask(t.Context(), http.MethodGet, "libdrives/?name=Zabbix%207.0%20Appliance", "")
	var once sync.Once
	config := account(t, between(t, endpoint, func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if strings.HasSuffix(r.URL.Path, "/libdrives/"+last.UUID+"/") {
			once.Do(func() { provider.ask(r.Context(), http.MethodDelete, "drives/"+last.UUID+"/", "") })
		}
		return false
	}))
	config.Profile, config.Level = requirement.ReadProfile, requirement.May
	var test recorder
	run := suites.Run(&test, config)
	if failed := failures(run.Report); len(failed) > 0 {
		t.Errorf("%v fail, though a drive was only withdrawn%s", failed, summary(run.Report))
	}
	if len(provider.trouble) > 0 {
		t.Errorf("the drive could not be withdrawn: %q", provider.trouble)
	}
}
