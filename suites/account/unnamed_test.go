package account_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
)

// namesNothing reports whether a request is for a clone of a library drive and gives it no name.
func namesNothing(r *http.Request) bool {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return isClone(r) && strings.Contains(r.URL.Path, "/libdrives/") && !bytes.Contains(body, []byte(`"name"`))
}

// TestALibraryDriveIsClonedUnnamedWhereItsJobProvesIt: such clones bear no name of the run's, and are removed all the same;
// where no job says whose they are, none is asked for, and it is said what is missing.
func TestALibraryDriveIsClonedUnnamedWhereItsJobProvesIt(t *testing.T) {
	for name, c := range map[string]struct {
		jobs *regexp.Regexp
		said string
	}{
		"jobs as documented":           {nil, ""},
		"jobs that name no resources":  {regexp.MustCompile(`"resources": ?\[[^\]]*\]`), "has no `resources`"},
		"jobs that do not say a time":  {regexp.MustCompile(`"created": ?"[^"]*"`), "has no `created`"},
		"jobs with their uuid alone":   {regexp.MustCompile(`"(created|resources)": ?("[^"]*"|\[[^\]]*\])`), "has no `created`, no `resources`"},
		"jobs of another time":         {regexp.MustCompile(`"created": ?"20`), "`created` that is no time after"},
		"jobs that name another drive": {regexp.MustCompile(`/libdrives/[^/]*/"`), "do not name the clone together with its source"},
	} {
		jobs := c.jobs
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			unnamed := 0
			n := rent(t, fixtures.Options{}, func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
				if namesNothing(r) {
					mu.Lock()
					unnamed++
					mu.Unlock()
				}
				rewrite(func(r *http.Request, body []byte) []byte {
					if jobs == nil || !strings.Contains(r.URL.Path, "/jobs/") {
						return body
					}
					instead := `"none": null`
					switch name {
					case "jobs of another time":
						instead = `"created": "19`
					case "jobs that name another drive":
						instead = `/libdrives/another/"`
					}
					return jobs.ReplaceAll(body, []byte(instead))
				})(out, r, pass)
			}, nil)
			n.runAll(t.Context(), false)
			if want := map[bool]int{true: 3, false: 0}[jobs == nil]; unnamed != want {
				t.Errorf("%d clones of the library were asked for without a name, want %d; the scenarios ended with %v", unnamed, want, n.account.Ended())
			}
			if said := fmt.Sprint(n.account.Ended()); !strings.Contains(said, c.said) {
				t.Errorf("the scenarios ended with %s, which does not say that a job %s", said, c.said)
			}
			n.clean()
			if found := n.cleanUp(account.CleanUpOptions{Entries: n.entries(), DryRun: true}).Found; len(found) > 0 {
				t.Errorf("after the clean-up a later clean-up finds %v", found)
			}
		})
	}
}

// TestAnUnnamedCloneOfSomebodyElseIsNotTaken: somebody else clones the same drive at the same moment, without a name too, and
// the answers to the run's own clones name that one. Which is whose nobody can tell, so that none is touched.
func TestAnUnnamedCloneOfSomebodyElseIsNotTaken(t *testing.T) {
	for name, body := range map[string]string{"without a name": `{}`, "under another name": `{"name": "shop staging"}`} {
		t.Run(name, func(t *testing.T) {
			w := &watched{t: t}
			var n *tenant
			var once sync.Once
			var theirs string
			n = rent(t, fixtures.Options{}, w.watch(func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
				if !namesNothing(r) {
					pass.ServeHTTP(out, r)
					return
				}
				once.Do(func() {
					answer := n.raw("POST", n.material().Unlicensed.Path+"action/?do=clone", body)
					theirs = answer["objects"].([]any)[0].(map[string]any)["uuid"].(string)
					w.add(theirs, "what is somebody else's")
				})
				claiming(func() string { return theirs })(out, r, pass)
			}), nil)
			n.runAll(t.Context(), false)
			left := n.account.Cleanup(t.Context())
			if left.Settled || len(left.Left) == 0 {
				t.Errorf("what the answers do not name is left, and said to be: left are %v, settled %t", left.Left, left.Settled)
			}
			n.cleanUp(account.CleanUpOptions{Entries: n.entries()})
			n.raw("GET", "drives/"+theirs+"/", "") // fails the test where it is not there
		})
	}
}

// TestAnUnnamedCloneIsRemovedByALaterCleanup: by the journal and its job, after the run was killed. What the journal does not
// name, what it says was there before the run, and all of it where it does not say what was there before, is left alone.
func TestAnUnnamedCloneIsRemovedByALaterCleanup(t *testing.T) {
	n := rent(t, fixtures.Options{}, nil, nil)
	source := n.material().Unlicensed
	began := time.Now().Add(-time.Minute)
	entry := func(event, uuid string) account.Entry {
		return account.Entry{Run: n.account.Run(), Target: n.base.String(), Event: event, Kind: account.Drive, UUID: uuid, Source: source.UUID, Asked: began}
	}
	var made []account.Entry
	for range 2 {
		answer := n.raw("POST", source.Path+"action/?do=clone", "")
		made = append(made, entry(account.Made, answer["objects"].([]any)[0].(map[string]any)["uuid"].(string)))
	}
	unnamed := []account.Entry{entry(account.Intend, ""), entry(account.Intend, "")}
	unnamed[1].Step = "another"
	holding := func(uuids ...string) account.Entry {
		return account.Entry{Run: n.account.Run(), Target: n.base.String(), Event: account.Before, Kind: account.Drive, Held: uuids}
	}
	for what, entries := range map[string][]account.Entry{
		"names one of two":                    {holding(), made[0]},
		"does not say what was there before":  made,
		"says that both were there before":    append([]account.Entry{holding(made[0].UUID, strings.ToUpper(made[1].UUID))}, made...),
		"says so, and asked for two":          append([]account.Entry{holding(made[0].UUID, made[1].UUID)}, unnamed...),
		"asked for two, and says no more":     unnamed,
		"asked for one of two":                {holding(), unnamed[0]},
		"is of another run and says what was": {holding(), {Run: "other", Target: n.base.String(), Event: account.Made, Kind: account.Drive, UUID: made[0].UUID, Source: source.UUID, Asked: began}},
	} {
		if result := n.cleanUp(account.CleanUpOptions{Entries: entries}); len(result.Removed) > 0 {
			t.Errorf("of two clones without a name the journal %s; removed are %v", what, result.Removed)
		}
	}
	if result := n.cleanUp(account.CleanUpOptions{Entries: append([]account.Entry{holding()}, made...)}); len(result.Removed) != 2 || !result.Settled {
		t.Errorf("the later clean-up removed %v: %q", result.Removed, result.Notes)
	}
	n.unchanged("after the later clean-ups")
}

// TestAServerIsClonedWithKnownDrivesOnly: the disks of a server are cloned with it.
func TestAServerIsClonedWithKnownDrivesOnly(t *testing.T) {
	n := rent(t, fixtures.Options{}, nil, nil)
	s := n.account.Writer("servers")
	s.Get(t.Context(), "library", "libdrives/"+n.material().CDROM.UUID+"/")
	n.account.Protect(n.material().KnownUUIDs)
	_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	s.AwaitClone(t.Context(), "job", clone)
	_, server := s.CreateServer(t.Context(), "server", []map[string]any{{"drive": clone.UUID, "device": "virtio", "dev_channel": "0:0"}})
	cdrom := n.material().CDROM.UUID
	if x, made := s.CloneServer(t.Context(), "with a disk", server, cdrom); x.Response != nil || made != nil {
		t.Errorf("a server with a disk was cloned: %s", x.Outcome())
	}
	s.EditServer(t.Context(), "edit", server, []map[string]any{{"drive": cdrom, "device": "ide", "dev_channel": "0:0"}})
	if x, made := s.CloneServer(t.Context(), "with the CDROM", server, cdrom); x.Status() != 202 || made == nil {
		t.Errorf("a server with the CDROM was not cloned: %s", x.Outcome())
	}
	n.clean()
}

// TestNoListOfDrivesIsDeletedFromBesideOthers: in an account that has drives of its owner no request is sent that deletes
// several drives at once.
func TestNoListOfDrivesIsDeletedFromBesideOthers(t *testing.T) {
	for _, empty := range []bool{false, true} {
		o := fixtures.Options{}
		if empty {
			o.Variants = []string{"empty-account"}
		}
		sent := false
		n := rent(t, o, func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
			sent = sent || r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/drives/")
			pass.ServeHTTP(out, r)
		}, nil)
		n.account.Protect(n.material().KnownUUIDs)
		s := n.account.Writer("bulk")
		s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
		s.Get(t.Context(), "done", "drives/"+n.account.Made()[0].UUID+"/")
		x := s.DeleteAmongDrives(t.Context(), "delete", n.material().Unlicensed.UUID)
		if sent != empty {
			t.Errorf("in an account without other drives (%t) the request was sent: %t; it ended as %s", empty, sent, x.Outcome())
		}
		n.clean()
	}
}
