package suites_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/fixtures/hostile"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// whatWrites are the requirements whose judging sends anything but reads.
const whatWrites = "CLONE,LIC,ATTACH,METHOD,HIDE-04,ROBUST-04,ROBUST-05,AUTH-06,AUTH-07,AUTH-08"

var uuidForm = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// trespasses are the writes that name what is not the run's, each with what it names. Allowed are clones of true library
// drives, putting them on servers of the run's own, and, with probes, the documented probes of them.
func trespasses(front *hostile.Front, world *watched, probes bool) []string {
	var found []string
	probed := map[string]int{}
	for _, r := range front.Log() {
		if !r.IsWrite() {
			continue
		}
		note := func(format string, values ...any) {
			found = append(found, fmt.Sprintf("%s %s?%s %.120q ", r.Method, r.Path, r.Query, r.Body)+fmt.Sprintf(format, values...))
		}
		plain := strings.ToLower(unescaped(r.Path))
		if at := path.Clean(plain); r.Method != http.MethodPost && (strings.HasSuffix(at, "/drives") && !strings.HasSuffix(at, "/libdrives") || strings.HasSuffix(at, "/servers")) {
			note("is about the account's whole list")
		}
		for place, text := range map[string]string{"path": plain, "query": unescaped(r.Query), "body": r.Body} {
			for _, uuid := range uuidForm.FindAllString(text, -1) {
				switch owner := world.belongs(uuid); {
				case front.Made(uuid), owner == "":
				case owner != "library drive":
					note("names in its %s the %s %s, which is somebody else's", place, owner, uuid)
				case place == "body" && strings.Contains(plain, "/servers/"):
				case place == "path" && strings.HasSuffix(strings.TrimSuffix(plain, "/"), uuid+"/action") && !strings.Contains(r.Query, "do=resize"):
				case place == "path" && probes:
					// Each probe is sent once; an edit has one more request, to undo what was carried out.
					probe := r.Method + " " + r.Path
					if !r.Reached {
						continue // it was refused for now before it came to the endpoint, and is sent again
					}
					if probed[probe]++; probed[probe] > 1 && r.Method != http.MethodPut || probed[probe] > 2 {
						note("is the probe of a library drive, sent once more than documented")
					}
				default:
					note("names the library drive %s in its %s", uuid, place)
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// unescaped takes escapes away, also those of escapes.
func unescaped(text string) string {
	for range 3 {
		plain, err := url.QueryUnescape(text)
		if err != nil || plain == text {
			break
		}
		text = plain
	}
	return text
}

// judgeBehind judges the endpoint behind a behaviour by all that writes.
func judgeBehind(t *testing.T, b hostile.Behaviour, seed uint64, profile requirement.Profile) (*suites.Result, *hostile.Front, *watched) {
	t.Helper()
	front, world := behind(t, b, seed)
	config := account(t, front.URL())
	config.Profile, config.Level, config.Select, config.Seed = profile, requirement.May, whatWrites, seed
	impatient(&config)
	return suites.RunContext(t.Context(), &recorder{}, config), front, world
}

// profileOf lets every second run send probes too.
func profileOf(seed uint64) requirement.Profile {
	if seed%2 == 0 {
		return requirement.FullProfile
	}
	return requirement.WriteProfile
}

// TestNothingOfAnothersIsNamedInAWrite judges endpoints that answer anything with the uuid of any drive, server or
// library drive of the account, at random. No write names what the run did not make, and all of it is as it was.
func TestNothingOfAnothersIsNamedInAWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	behaviours := slices.DeleteFunc(hostile.Of(hostile.Identity), func(b hostile.Behaviour) bool { return !strings.HasPrefix(b.Name, "random-") })
	each := uint64(len(behaviours))
	runs := each // once each
	if soaking() {
		runs = 1000
	}
	for seed := range runs {
		b := behaviours[seed%each]
		t.Run(fmt.Sprintf("seed %d %s", seed, b.Name), func(t *testing.T) {
			t.Parallel()
			profile := profileOf(seed%each + seed/each) // each behaviour meets both
			run, front, world := judgeBehind(t, b, seed, profile)
			logVerdicts(t, b, run)
			tellTrespasses(t, front, world, profile == requirement.FullProfile)
		})
	}
}

// identityInShort are those that every `go test` tries: of each kind one. What an id may be is also in package account.
var identityInShort = []string{
	"clone-is-a-new-drive-by-uuid", "clone-is-a-new-drive-by-uuid-and-makes-nothing", "clone-is-a-hidden-drive-by-uuid", "clone-is-another-runs-drive-by-uuid",
	"server-is-a-new-drive", "library-lists-customers-drives", "customers-drives-under-our-name", "names-swapped", "servers-name-customers-drives",
	"clone-answer-names-two", "edit-answers-name-another", "clone-name-is-cut", "id-with-slash", "id-leads-to-a-customers-drive", "delete-does-nothing", "deleting-for-ever",
}

// TestNoAnswerMakesAnothersOurs goes over the ways in which an answer claims what belongs to somebody else.
func TestNoAnswerMakesAnothersOurs(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for i, b := range hostile.Of(hostile.Identity) {
		if strings.HasPrefix(b.Name, "random-") || !soaking() && !slices.Contains(identityInShort, b.Name) {
			continue
		}
		t.Run(b.Name, func(t *testing.T) {
			t.Parallel()
			run, front, world := judgeBehind(t, b, uint64(i), requirement.FullProfile)
			logVerdicts(t, b, run)
			tellTrespasses(t, front, world, true)
			if names := left(front, world); len(names) > 0 {
				switch {
				case !b.Stays:
					t.Errorf("left in the account, though the endpoint would remove it, are %q; warnings: %q", names, run.Report.Warnings)
				case len(run.Report.Resources.Left) == 0 && len(run.Report.Warnings) == 0:
					t.Errorf("left in the account are %q, and no report says a word of it", names)
				}
			}
		})
	}
}

// TestACloneThatIsAnOldDriveIsAccused judges an endpoint whose answer to a clone names a drive that the account had before:
// nothing is written to that, and CLONE-02 tells why the rest could not be judged.
func TestACloneThatIsAnOldDriveIsAccused(t *testing.T) {
	t.Parallel()
	const name = "clone-is-an-old-drive-by-uuid"
	behaviours := hostile.Of(hostile.Identity)
	i := slices.IndexFunc(behaviours, func(b hostile.Behaviour) bool { return b.Name == name })
	if i < 0 {
		t.Fatalf("there is no behaviour %s", name)
	}
	run, front, world := judgeBehind(t, behaviours[i], 1, requirement.FullProfile)
	tellTrespasses(t, front, world, true)
	if r := result(t, run.Report, "CLONE-02"); r.Verdict != reports.Fail {
		t.Errorf("CLONE-02 is %s (%s), and the answer to a clone named a drive that was there before", r.Verdict, r.Reason)
	}
}

// TestACloneThatIsAnOldDriveInCapitalsIsAccused writes the uuid of such a drive in capitals, which names the same drive.
func TestACloneThatIsAnOldDriveInCapitalsIsAccused(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	old := endpoint.AddDrive("payroll")
	target := between(t, endpoint, func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if r.Method != http.MethodGet && strings.Contains(strings.ToLower(r.URL.Path), old) {
			t.Errorf("%s %s names a drive of somebody else's", r.Method, r.URL.Path)
		}
		if !isClone(r) {
			return false
		}
		heard := httptest.NewRecorder()
		forward.ServeHTTP(heard, r)
		made := regexp.MustCompile(`"uuid": ?"[0-9a-f-]{36}"`)
		body := heard.Body.String()
		for _, uuid := range made.FindAllString(body, -1)[:min(1, len(made.FindAllString(body, -1)))] {
			body = strings.ReplaceAll(body, uuid, `"uuid": "`+strings.ToUpper(old)+`"`)
		}
		w.Header().Set("Content-Type", heard.Header().Get("Content-Type"))
		w.WriteHeader(heard.Code)
		_, _ = io.WriteString(w, body)
		return true
	})
	config := account(t, target)
	config.Profile = requirement.FullProfile
	run := suites.Run(&recorder{}, config)
	if r := result(t, run.Report, "CLONE-02"); r.Verdict != reports.Fail {
		t.Errorf("CLONE-02 is %s (%s), and the answer to a clone named a drive that was there before, in capitals", r.Verdict, r.Reason)
	}
}

// logVerdicts checks what has to hold of every run, whatever the endpoint does.
func logVerdicts(t *testing.T, b hostile.Behaviour, run *suites.Result) {
	t.Helper()
	for _, wrong := range invalid(run) {
		t.Errorf("%s (%s): %s", b.Name, b.Does, wrong)
	}
}

func tellTrespasses(t *testing.T, front *hostile.Front, world *watched, probes bool) {
	t.Helper()
	found := trespasses(front, world, probes)
	for _, one := range found[:min(4, len(found))] {
		t.Errorf("a write was sent that may not be sent: %s", one)
	}
	if len(found) > 4 {
		t.Errorf("and %d more", len(found)-4)
	}
	front.Settle()
	for _, change := range world.changes(front) {
		t.Errorf("something of somebody else's was changed: %s", change)
	}
}

// TestACleanupTouchesNothingOfAnothers cleans up by journals that name what the run never made, through an endpoint that
// tells the truth and through ones that answer at random.
func TestACleanupTouchesNothingOfAnothers(t *testing.T) {
	t.Parallel()
	runs := uint64(6)
	if soaking() {
		runs = 200
	}
	behaviours := slices.DeleteFunc(hostile.Of(hostile.Identity), func(b hostile.Behaviour) bool { return !strings.HasPrefix(b.Name, "random-") })
	behaviours = append([]hostile.Behaviour{{Name: "sound", Does: "Nothing is changed."}}, behaviours...)
	for seed := range runs {
		b := behaviours[seed%uint64(len(behaviours))]
		t.Run(fmt.Sprintf("seed %d %s", seed, b.Name), func(t *testing.T) {
			t.Parallel()
			front, world := behind(t, b, seed)
			config := account(t, front.URL())
			impatient(&config)
			doctored(t, config.Journal, front.URL(), world)
			ctx, cancel := cleanupTime(t)
			defer cancel()
			done, err := suites.CleanUp(ctx, config, suites.CleanupOptions{Remove: true})
			if err != nil && b.Name == "sound" {
				t.Errorf("the cleanup of a sound endpoint fails: %v", err)
			}
			if len(done.Removed) > 0 {
				t.Errorf("removed is said to be %v, of which the run made nothing", done.Removed)
			}
			tellTrespasses(t, front, world, false)
		})
	}
}

// TestACleanupByPrefixTakesOnlyNamesThatRunsGive leaves alone what only begins as the names of runs do.
func TestACleanupByPrefixTakesOnlyNamesThatRunsGive(t *testing.T) {
	t.Parallel()
	endpoint := start(t, fixtures.Options{})
	var kept []string
	for _, name := range []string{
		"libdrives-conformance-notes", "libdrives-conformance-", "libdrives-conformance-backup-of-2025", "libdrives-conformance-results 7",
		"libdrives-conformance-Abcdefghij-1", "libdrives-conformance-abcdefghij-x", "my libdrives-conformance-abcdefghij-1",
	} {
		kept = append(kept, endpoint.AddDrive(name))
	}
	ours := endpoint.AddDrive("libdrives-conformance-abcdefghij-12")
	config := account(t, endpoint.URL())
	config.Journal = ""
	impatient(&config)
	ctx, cancel := cleanupTime(t)
	defer cancel()
	if _, err := suites.CleanUp(ctx, config, suites.CleanupOptions{Prefix: "libdrives-conformance-", Remove: true}); err != nil {
		t.Errorf("the cleanup of a sound endpoint fails: %v", err)
	}
	there := endpoint.Account().Drives
	named := func(uuid string) string {
		for _, r := range there {
			if r.UUID == uuid {
				return r.Name
			}
		}
		return ""
	}
	for _, uuid := range kept {
		if named(uuid) == "" {
			t.Errorf("drive %s is gone; its name only begins as those that runs give", uuid)
		}
	}
	if name := named(ours); name != "" {
		t.Errorf("%q is still there; it is a name that runs give", name)
	}
}

// doctored writes a journal that says of everything in the account and the library that a run made it.
func doctored(t *testing.T, file, target string, world *watched) {
	t.Helper()
	var text strings.Builder
	line := func(event, kind, uuid, name, step string) {
		entry, err := json.Marshal(map[string]any{
			"run": "abcdefghij", "target": target, "event": event, "kind": kind, "uuid": uuid, "name": name,
			"story": "clone", "scenario": "clone", "step": step, "time": time.Now(),
		})
		if err != nil {
			t.Fatalf("a line of a journal must be JSON: %v", err)
		}
		text.Write(append(entry, '\n'))
	}
	n := 0
	made := func(kind string, uuids []string) {
		for _, uuid := range uuids {
			n++
			name, step := fmt.Sprintf("libdrives-conformance-abcdefghij-%d", n), fmt.Sprintf("step %d", n)
			line("intend", kind, "", name, step)
			line("made", kind, uuid, name, step)
		}
	}
	made("drive", world.DriveUUIDs())
	made("server", world.ServerUUIDs())
	made("drive", world.LibraryUUIDs()[:5])
	made("drive", world.ServerUUIDs())
	made("drive", []string{"", ".", "..", "detail", "../" + world.DriveUUIDs()[0]})
	line("intend", "drive", "", "shop", "a lost one")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatalf("the journal's folder can't be made: %v", err)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatalf("the journal can't be written: %v", err)
	}
}
