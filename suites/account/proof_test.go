package account_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/account"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
)

// watched fails the test where a request that writes names something that it must not.
type watched struct {
	t      *testing.T
	mu     sync.Mutex
	others map[string]string // uuids, and what they are
}

func (w *watched) add(uuid, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.others == nil {
		w.others = map[string]string{}
	}
	w.others[uuid] = what
}

// watch is a gate before another that looks at every request that writes.
func (w *watched) watch(next gate) gate {
	return func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method != http.MethodGet {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			w.mu.Lock()
			for uuid, what := range w.others {
				if strings.Contains(r.URL.String()+string(body), uuid) {
					w.t.Errorf("%s %s names %s: %s", r.Method, r.URL, what, body)
				}
			}
			w.mu.Unlock()
		}
		next(out, r, pass)
	}
}

// claiming lets every answer to a clone name what another says, in the place of the clone.
func claiming(claim func() string) gate {
	return rewrite(func(r *http.Request, body []byte) []byte {
		var answer struct{ Objects []struct{ UUID string } }
		if !isClone(r) || json.Unmarshal(body, &answer) != nil || len(answer.Objects) == 0 {
			return body
		}
		return bytes.ReplaceAll(body, []byte(answer.Objects[0].UUID), []byte(claim()))
	})
}

// without takes the entry of a drive out of a list.
func without(body []byte, uuid string) []byte {
	var list struct {
		Meta    map[string]any   `json:"meta"`
		Objects []map[string]any `json:"objects"`
	}
	if json.Unmarshal(body, &list) != nil || list.Objects == nil {
		return body
	}
	kept := []map[string]any{}
	for _, o := range list.Objects {
		if o["uuid"] != uuid {
			kept = append(kept, o)
		}
	}
	list.Meta["total_count"], list.Objects = len(kept), kept
	changed, _ := json.Marshal(list)
	return changed
}

// TestNothingThatIsNotProvenIsWrittenTo lets the answer to every clone name a drive that is somebody else's, and that the
// first look at the account did not show.
func TestNothingThatIsNotProvenIsWrittenTo(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for name, somebodys := range map[string]func(n *tenant) string{
		"that appeared after the first look": func(n *tenant) string { return n.drive("shop backup") },
		"that the list of drives hides":      func(n *tenant) string { return n.before.Drives[0].UUID },
		"that another run made, of the same drive at the same time": func(n *tenant) string {
			return n.clone(evidence.NamePrefix + "zzzzzzzzzz-1")
		},
		"that somebody else cloned, of the same drive at the same time": func(n *tenant) string { return n.clone("shop staging") },
		"that has another run's id, which begins as ours":               func(n *tenant) string { return n.drive(evidence.NamePrefix + n.account.Run() + "b-1") },
	} {
		t.Run(name, func(t *testing.T) {
			w := &watched{t: t}
			var n *tenant
			var once sync.Once
			var theirs string
			lists := regexp.MustCompile(`/drives/(detail/)?$`)
			n = rent(t, fixtures.Options{}, w.watch(func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
				if isClone(r) {
					once.Do(func() { theirs = somebodys(n); w.add(theirs, "what is somebody else's") })
				}
				if r.Method == http.MethodGet && lists.MatchString(r.URL.Path) && strings.Contains(name, "hides") {
					rewrite(func(_ *http.Request, body []byte) []byte { return without(body, n.before.Drives[0].UUID) })(out, r, pass)
					return
				}
				claiming(func() string { return theirs })(out, r, pass)
			}), nil)
			n.runAll(t.Context(), true)
			for _, scenario := range []string{"licensed clone", "bigger clone", "side by side"} {
				missing := n.account.Unproven()[scenario]
				if missing == nil || missing.ID != theirs {
					t.Errorf("the scenario %q ended with %q and the missing proof %v, want that of drive %s", scenario, n.account.Ended()[scenario], missing, theirs)
				}
			}
			left := n.account.Cleanup(t.Context())
			if len(left.Left) > 0 || !left.Settled {
				t.Errorf("the clones have our names, so none is to be left: %v, settled %t", left.Left, left.Settled)
			}
			if !strings.Contains(strings.Join(left.Notes, "\n"), theirs) {
				t.Errorf("the notes don't tell of the drive %s that the answers name: %q", theirs, left.Notes)
			}
			for _, r := range n.account.Made() {
				if r.UUID == theirs || !r.Removed {
					t.Errorf("made is said to be %v, removed %t", r, r.Removed)
				}
			}
			removed := n.cleanUp(account.CleanUpOptions{Entries: n.entries()})
			if len(removed.Removed) > 0 {
				t.Errorf("by the journal %v is removed, of which nothing is ours", removed.Removed)
			}
			n.raw("GET", "drives/"+theirs+"/", "")
		})
	}
}

// clone clones the drive that the scenarios clone, as another client of the account would.
func (n *tenant) clone(name string) string {
	n.t.Helper()
	answer := n.raw("POST", n.material().Unlicensed.Path+"action/?do=clone", `{"name": "`+name+`"}`)
	return answer["objects"].([]any)[0].(map[string]any)["uuid"].(string)
}

// TestAWrongNameAloneIsNoMissingProof: a job that names the clone with its source proves it too.
func TestAWrongNameAloneIsNoMissingProof(t *testing.T) {
	t.Parallel()
	renamed := func(_ *http.Request, body []byte) []byte {
		return regexp.MustCompile(`"name": ?"`+evidence.NamePrefix+`[^"]*"`).ReplaceAll(body, []byte(`"name": "theirs"`))
	}
	n := rent(t, fixtures.Options{}, func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
		if strings.Contains(r.URL.Path, "/servers/") {
			pass.ServeHTTP(out, r)
			return
		}
		rewrite(renamed)(out, r, pass)
	}, nil)
	n.runAll(t.Context(), false)
	ended := n.account.Ended()
	delete(ended, "unnamed clones") // what name a clone has that is given none nobody knows here, so that none is asked for
	if len(ended) > 0 {
		t.Errorf("scenarios ended, though the jobs prove the clones: %v", ended)
	}
	n.clean()
	// Nobody proves what has neither.
	n = rent(t, fixtures.Options{}, rewrite(func(r *http.Request, body []byte) []byte {
		return regexp.MustCompile(`"jobs": ?\[[^\]]*\]`).ReplaceAll(renamed(r, body), []byte(`"jobs": []`))
	}), nil)
	s := n.account.Writer("s")
	_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	if x := s.EditDrive(t.Context(), "edit", clone, nil); x.Response != nil {
		t.Errorf("a drive that has neither our name nor a job was edited: %s", x.Outcome())
	}
	left := n.account.Cleanup(t.Context())
	if len(left.Left) != 1 || left.Left[0].UUID != "" || left.Settled || !strings.Contains(strings.Join(left.Notes, "\n"), clone.UUID) {
		t.Errorf("what may have been made is told and left: %v, %q", left.Left, left.Notes)
	}
	if len(n.account.Made()) > 0 {
		t.Errorf("made is said to be %v, of which nobody knows", n.account.Made())
	}
	// The journal keeps what the job proves: a later clean-up that is answered truly removes it.
	if result := n.cleanUp(account.CleanUpOptions{Entries: n.entries()}); len(result.Removed) != 1 || !result.Settled {
		t.Errorf("the later clean-up removed %v: %q", result.Removed, result.Notes)
	}
	n.unchanged("after the later clean-up")
}

// TestAJobProvesACloneForALaterCleanup: nobody's name is on it, but the journal says what was cloned and when.
func TestAJobProvesACloneForALaterCleanup(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, nil, nil)
	source := n.material().Unlicensed
	began := time.Now().Add(-time.Minute)
	uuid := n.clone("named by nobody")
	entry := account.Entry{Run: n.account.Run(), Target: n.base.String(), Event: account.Made, Kind: account.Drive, UUID: uuid, Name: evidence.NamePrefix + n.account.Run() + "-1"}
	before := account.Entry{Run: entry.Run, Target: entry.Target, Event: account.Before, Kind: account.Drive}
	for name, change := range map[string]func(e *account.Entry){
		"without a source":       func(e *account.Entry) { e.Asked = began },
		"of another source":      func(e *account.Entry) { e.Asked, e.Source = began, n.material().CDROM.UUID },
		"asked for later":        func(e *account.Entry) { e.Asked, e.Source = time.Now().Add(time.Minute), source.UUID },
		"asked for nobody knows": func(e *account.Entry) { e.Source = source.UUID },
	} {
		e := entry
		change(&e)
		if result := n.cleanUp(account.CleanUpOptions{Entries: []account.Entry{before, e}}); len(result.Found) > 0 || len(result.Doubtful) != 1 || result.Settled {
			t.Errorf("%s: found is %v, doubtful %v, settled %t", name, result.Found, result.Doubtful, result.Settled)
		}
	}
	entry.Asked, entry.Source = began, source.UUID
	if result := n.cleanUp(account.CleanUpOptions{Entries: []account.Entry{before, entry}}); len(result.Removed) != 1 || !result.Settled {
		t.Errorf("the later clean-up removed %v: %q", result.Removed, result.Notes)
	}
	n.unchanged("after the later clean-ups")
}

func TestAJournalThatNamesACustomersDriveRemovesNothing(t *testing.T) {
	t.Parallel()
	n := rent(t, fixtures.Options{}, nil, nil)
	for _, kind := range []string{account.Drive, account.Server} {
		uuid := map[string]string{account.Drive: n.before.Drives[0].UUID, account.Server: n.before.Servers[0].UUID}[kind]
		result := n.cleanUp(account.CleanUpOptions{Entries: []account.Entry{{Run: "abc", Target: n.base.String(), Event: account.Before, Kind: account.Drive}, {
			Run: "abc", Target: n.base.String(), Event: account.Made, Kind: kind, UUID: uuid, Source: n.material().Unlicensed.UUID, Asked: time.Unix(1, 0),
		}}})
		if len(result.Found)+len(result.Removed) > 0 || len(result.Doubtful) != 1 || result.Settled || !strings.Contains(strings.Join(result.Notes, "\n"), uuid) {
			t.Errorf("a journal that names the customer's %s: found %v, doubtful %v, notes %q", kind, result.Found, result.Doubtful, result.Notes)
		}
	}
	n.unchanged("after such later clean-ups,")
	if empty := n.cleanUp(account.CleanUpOptions{}); empty.Looked || empty.Settled {
		t.Errorf("an empty journal says where to look: %+v", empty)
	}
	other := n.cleanUp(account.CleanUpOptions{Entries: []account.Entry{{Run: "abc", Target: "https://elsewhere/api/2.0/", Event: account.Intend, Kind: account.Drive}}})
	if other.Looked || other.Settled {
		t.Errorf("another target's journal says where to look: %+v", other)
	}
}

// TestALibraryThatListsACustomersDrive: it must not be cloned, attached or probed.
func TestALibraryThatListsACustomersDrive(t *testing.T) {
	t.Parallel()
	for _, shown := range []bool{true, false} { // below libdrives by itself too
		w := &watched{t: t}
		var n *tenant
		n = rent(t, fixtures.Options{}, w.watch(func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
			theirs := n.before.Drives[0].UUID
			if shown && strings.HasSuffix(r.URL.Path, "/libdrives/"+theirs+"/") && r.Method == http.MethodGet {
				r.URL.Path = strings.Replace(r.URL.Path, "/libdrives/", "/drives/", 1)
			}
			pass.ServeHTTP(out, r)
		}), nil)
		theirs := n.before.Drives[0].UUID
		w.add(theirs, "a customer's drive")
		n.account.Protect(map[string]bool{theirs: true, n.material().CDROM.UUID: true})
		source := account.Source{Path: "libdrives/" + theirs + "/", UUID: theirs, Size: 1}
		s := n.account.Writer("s")
		s.Clone(t.Context(), "clone", source, account.CloneOptions{})
		s.Clone(t.Context(), "avoid", *n.material().CDROM, account.CloneOptions{Query: "avoid=" + theirs})
		_, server := s.CreateServer(t.Context(), "server", nil)
		s.EditServer(t.Context(), "attach", server, []map[string]any{{"drive": theirs}})
		s.Probe(t.Context(), "probe", client.Request{Method: "DELETE", Path: source.Path})
		if missing := n.account.Unproven()["s"]; missing == nil {
			t.Errorf("shown below libdrives %t: the scenario ended with %q, for want of a proof", shown, n.account.Ended()["s"])
		}
		n.clean()
	}
}

// TestIDsAreTakenAsTheEndpointGivesThem runs against an endpoint whose new drives and servers have ids that are no uuids.
func TestIDsAreTakenAsTheEndpointGivesThem(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for name, malform := range map[string]func(uuid string, number int) string{
		"one digit short":       func(uuid string, _ int) string { return uuid[:len(uuid)-1] },
		"to be escaped":         func(uuid string, _ int) string { return "ü/" + uuid[:8] + " 5%2e?" },
		"a number":              func(_ string, number int) string { return fmt.Sprint(number) }, // the first is the beginning of the tenth
		"folders above escaped": func(uuid string, _ int) string { return uuid[:8] + "%2e%2e" },
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			given := map[string]string{} // by uuid
			n := rent(t, fixtures.Options{}, func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
				segments := strings.Split(r.URL.EscapedPath(), "/")
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				for uuid, id := range given {
					for i, segment := range segments {
						if segment == url.PathEscape(id) {
							segments[i] = uuid
						}
					}
					quoted, _ := json.Marshal(id)
					body = bytes.ReplaceAll(body, quoted, []byte(`"`+uuid+`"`))
				}
				mu.Unlock()
				r.URL.Path, _ = url.PathUnescape(strings.Join(segments, "/"))
				r.URL.RawPath = ""
				r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
				rewrite(func(r *http.Request, body []byte) []byte {
					mu.Lock()
					defer mu.Unlock()
					var answer struct{ Objects []struct{ UUID string } }
					if r.Method == http.MethodPost && json.Unmarshal(body, &answer) == nil {
						for _, o := range answer.Objects {
							if given[o.UUID] == "" { // an action answers with the drive too
								given[o.UUID] = malform(o.UUID, len(given)+1)
							}
						}
					}
					for uuid, id := range given {
						quoted, _ := json.Marshal(id)
						body = bytes.ReplaceAll(body, []byte(`"`+uuid+`"`), quoted)
					}
					return body
				})(out, r, pass)
			}, nil)
			n.runAll(t.Context(), false)
			// A job refers to the clone by its true uuid here, so that none is asked for without a name.
			ended := n.account.Ended()
			delete(ended, "unnamed clones")
			if len(given) != 12 {
				t.Errorf("the run made %d drives and servers, want 12: %v", len(given), n.account.Ended())
			}
			if len(ended) > 0 {
				t.Errorf("scenarios ended early: %v", ended)
			}
			n.clean()
		})
	}
}

func TestAnIDThatCouldBeAnotherPathIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", ".", "..", "%2e%2e", "%252e%252e", "a/../b", `a\..\b`, "a/", "/a", "a//b", "..;x", "a\x00b", "a%00b", "\xff", strings.Repeat("a", 2000)} {
		w := &watched{t: t}
		quoted, _ := json.Marshal(id)
		n := rent(t, fixtures.Options{}, w.watch(claiming(func() string { return strings.Trim(string(quoted), `"`) })), nil)
		s := n.account.Writer("s")
		_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
		if clone != nil && id != "\xff" { // which comes as another character, that nobody has
			t.Errorf("the id %q was taken for one: %v", id, clone)
		}
		n.clean()
	}
}

// TestAServerWithAnothersDriveIsNotDeletedWithItsDrives: it is deleted without them.
func TestAServerWithAnothersDriveIsNotDeletedWithItsDrives(t *testing.T) {
	t.Parallel()
	var n *tenant
	recursed := 0
	n = rent(t, fixtures.Options{}, func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.URL.Query().Has("recurse") {
			recursed++
		}
		if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/servers/") && !strings.HasSuffix(r.URL.Path, "/servers/") {
			rewrite(func(_ *http.Request, body []byte) []byte {
				return regexp.MustCompile(`"drives": ?\[`).ReplaceAll(body, []byte(`"drives": [{"drive": {"uuid": "`+n.before.Drives[0].UUID+`"}}`))
			})(out, r, pass)
			return
		}
		pass.ServeHTTP(out, r)
	}, nil)
	s := n.account.Writer("s")
	_, server := s.CreateServer(t.Context(), "server", nil)
	s.Delete(t.Context(), "delete", server, "recurse=all_drives")
	if missing := n.account.Unproven()["s"]; recursed > 0 || missing == nil || missing.Gap != account.OthersMounted {
		t.Errorf("the server was deleted with its drives %d times; the missing proof is %v", recursed, missing)
	}
	n.clean()
}

// TestAnotherSpellingOfACustomersDriveIsNotWrittenTo: the endpoint takes several ways to write a uuid for the same, names
// a customer's drive in one of them, and shows it under the name that the run gave.
func TestAnotherSpellingOfACustomersDriveIsNotWrittenTo(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for name, spell := range map[string]func(uuid string) string{
		"without hyphens": func(uuid string) string { return strings.ReplaceAll(uuid, "-", "") },
		"with a space":    func(uuid string) string { return uuid + " " },
		"in braces":       func(uuid string) string { return "{" + strings.ToUpper(uuid) + "}" },
	} {
		t.Run(name, func(t *testing.T) {
			w := &watched{t: t}
			var n *tenant
			n = rent(t, fixtures.Options{}, w.watch(func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
				theirs := n.before.Drives[0].UUID
				if !isClone(r) && strings.Contains(r.URL.Path, spell(theirs)) {
					r.URL.Path, r.URL.RawPath = strings.ReplaceAll(r.URL.Path, spell(theirs), theirs), ""
					rewrite(func(_ *http.Request, body []byte) []byte {
						body = bytes.ReplaceAll(body, []byte(n.before.Drives[0].Name), []byte(evidence.NamePrefix+n.account.Run()+"-1"))
						return bytes.ReplaceAll(body, []byte(theirs), []byte(spell(theirs)))
					})(out, r, pass)
					return
				}
				claiming(func() string { return spell(theirs) })(out, r, pass)
			}), nil)
			theirs := n.before.Drives[0].UUID
			for _, form := range []string{theirs, spell(theirs), url.PathEscape(spell(theirs))} {
				w.add(form, "what is somebody else's")
			}
			n.runAll(t.Context(), true)
			if n.account.Ended()["bigger clone"] == "" {
				t.Error("the scenario came to its end, though the answer names nothing that is the run's")
			}
			if left := n.account.Cleanup(t.Context()); len(left.Left) > 0 {
				t.Errorf("the clones have our names, so none is to be left: %v", left.Left)
			}
			n.unchanged("after such a run,")
		})
	}
}

// TestAProofIsTakenAnewBeforeADelete: GET shows somebody else's drive under our name once, and never again.
func TestAProofIsTakenAnewBeforeADelete(t *testing.T) {
	t.Parallel()
	w := &watched{t: t}
	var n *tenant
	var theirs, given string
	var appears sync.Once // after the first look at the account
	var looks atomic.Int32
	n = rent(t, fixtures.Options{}, w.watch(func(out http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodGet && theirs != "" && strings.HasSuffix(r.URL.Path, "/drives/"+theirs+"/") {
			rewrite(func(_ *http.Request, body []byte) []byte {
				if looks.Add(1) == 1 {
					return bytes.ReplaceAll(body, []byte("shop backup"), []byte(given))
				}
				return body
			})(out, r, pass)
			return
		}
		if isClone(r) {
			appears.Do(func() { theirs = n.drive("shop backup"); w.add(theirs, "what is somebody else's") })
		}
		claiming(func() string { return theirs })(out, r, pass)
	}), nil)
	s := n.account.Writer("s")
	given = evidence.NamePrefix + n.account.Run() + "-1"
	_, clone := s.Clone(t.Context(), "clone", *n.material().Unlicensed, account.CloneOptions{})
	if x := s.Get(t.Context(), "look", "drives/"+theirs+"/"); !strings.Contains(string(x.Response.Body.Bytes()), given) {
		t.Fatalf("the first look is to show our name: %s", x.Response.Body.Bytes())
	}
	if x := s.Delete(t.Context(), "delete", clone, ""); x.Response != nil {
		t.Errorf("a drive that is shown under our name no more was deleted: %s", x.Outcome())
	}
	if left := n.account.Cleanup(t.Context()); !strings.Contains(strings.Join(left.Notes, "\n"), theirs) {
		t.Errorf("the notes don't tell of the drive %s, which is left alone: %q", theirs, left.Notes)
	}
	looks.Store(0)
	entry := account.Entry{Run: n.account.Run(), Target: n.base.String(), Event: account.Made, Kind: account.Drive, UUID: theirs, Name: given}
	if result := n.cleanUp(account.CleanUpOptions{Entries: []account.Entry{entry}}); len(result.Removed) > 0 {
		t.Errorf("by the journal %v is removed, of which nothing is ours", result.Removed)
	}
	n.raw("GET", "drives/"+theirs+"/", "")
}
