package fleet_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/libdrives/conformance/cmd/fleet"
)

func write(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatalf("the file for the test can't be written: %v", err)
	}
	return file
}

func targets(t *testing.T, yaml string) []*fleet.Target {
	t.Helper()
	read, err := fleet.ReadTargets(write(t, "fleet.yaml", yaml, 0o600), nil)
	if err != nil {
		t.Fatalf("the targets must be read: %v", err)
	}
	return read
}

// notes keeps what a fleet tells.
type notes struct {
	mu    sync.Mutex
	lines []string
}

func (n *notes) add(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
}

// program is a shell script in the place of the binary.
func program(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no shell")
	}
	return write(t, "program", "#!/bin/sh\n"+script+"\n", 0o700)
}

const three = `
- {name: A, target: "https://a.example/api/2.0/", username: u}
- {name: B, target: "https://b.example/api/2.0/", username: u, sample: 7}
- {name: C, target: "https://c.example/api/2.0/", username: u}
`

// TestAProcessThatDiesHarmsNone: it is told, is on the board, and the others are judged.
func TestAProcessThatDiesHarmsNone(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var told notes
	all := &fleet.Fleet{
		Program: program(t, `echo "$LIBDRIVES_TARGET sample $LIBDRIVES_SAMPLE"; echo "libdrives-conformance: no luck" >&2; case "$LIBDRIVES_TARGET" in *//b.*) kill -9 $$;; esac; exit 2`),
		Targets: targets(t, three), OutputDir: folder, Parallel: 3, Note: told.add,
	}
	outcomes, err := all.Run(t.Context())
	if err != nil {
		t.Fatalf("the fleet must run: %v", err)
	}
	for i, want := range []string{"no luck", "its process was killed", "no luck"} {
		if !strings.Contains(outcomes[i].Conclusion, want) || outcomes[i].ExitCode != 3 {
			t.Errorf("%s ends with %d, %q; it should end with 3 and say %q", outcomes[i].Target.Name, outcomes[i].ExitCode, outcomes[i].Conclusion, want)
		}
	}
	if fleet.Worst(outcomes) != 3 {
		t.Errorf("the worst is %d, it should be 3", fleet.Worst(outcomes))
	}
	log, err := filepath.Glob(filepath.Join(folder, "b", "*", "run.log"))
	if err != nil || len(log) != 1 {
		t.Fatalf("there should be one log of B: %v %v", log, err)
	}
	if text, err := os.ReadFile(log[0]); err != nil || !strings.Contains(string(text), "https://b.example/api/2.0/ sample 7") {
		t.Errorf("the process of B is given %q (%v), it should have its own settings", text, err)
	}
	b, err := fleet.Gather(t.Context(), folder, folder)
	if err != nil {
		t.Fatalf("the board must be made: %v", err)
	}
	if got, want := b.Conclusion(), "0 of 3 endpoints do not conform; of 3 it is not known"; got != want {
		t.Errorf("the board says %q, it should say %q", got, want)
	}
}

// TestAFleetThatIsEndedStartsNoMore, and waits for what runs.
func TestAFleetThatIsEndedStartsNoMore(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	all := &fleet.Fleet{
		Program: program(t, `trap 'echo cleaned up; exit 3' INT; echo begun > "`+folder+`/begun"; while :; do sleep 0.05; done`),
		Targets: targets(t, three), OutputDir: folder, Parallel: 1, Note: func(string) {},
	}
	begun := filepath.Join(folder, "begun")
	if err := exec.Command("mkfifo", begun).Run(); err != nil {
		t.Skipf("no pipe with a name can be made here: %v", err)
	}
	go func() {
		_, _ = os.ReadFile(begun) // returns once the process wrote to it
		cancel()
	}()
	outcomes, err := all.Run(ctx)
	if err != nil {
		t.Fatalf("the fleet must run: %v", err)
	}
	logs, err := filepath.Glob(filepath.Join(folder, "*", "*", "run.log"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("one process should have been started: %v %v", logs, err)
	}
	if text, err := os.ReadFile(logs[0]); err != nil || !strings.Contains(string(text), "cleaned up") {
		t.Errorf("the process that ran should be told to end, and printed %q (%v)", text, err)
	}
	for _, o := range outcomes[1:] {
		if o.ExitCode != 3 || !strings.Contains(o.Conclusion, "not judged") {
			t.Errorf("%s comes to %d, %q: it was not judged", o.Target.Name, o.ExitCode, o.Conclusion)
		}
	}
}

// TestClonesAreBoundOverAll: each that writes gets a part, and none gets what another has.
func TestClonesAreBoundOverAll(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	all := &fleet.Fleet{
		Program: program(t, `for word; do case "$word" in --max-clones=*) echo "$word" >> "`+folder+`/given";; esac; done; exit 3`),
		Targets: targets(t, `
- {name: reads, target: "https://a.example/", username: u}
- {name: few, target: "https://b.example/", username: u, profile: write, max-clones: 2}
- {name: more, target: "https://c.example/", username: u, profile: full}
- {name: last, target: "https://d.example/", username: u, profile: full}
`), OutputDir: folder, Parallel: 1, MaxClones: 11, Note: func(string) {},
	}
	if _, err := all.Run(t.Context()); err != nil {
		t.Fatalf("the fleet must run: %v", err)
	}
	given, err := os.ReadFile(filepath.Join(folder, "given"))
	if want := "--max-clones=2\n--max-clones=4\n--max-clones=5\n"; err != nil || string(given) != want {
		t.Errorf("the parts are %q (%v), of 11 they should be %q", given, err, want)
	}
}

func TestLocationsBecomeTargets(t *testing.T) {
	t.Parallel()
	listed, asked := "", ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		asked = fmt.Sprintf("%s %s by %s:%s", r.Method, r.URL, user, password)
		_, _ = fmt.Fprintf(w, `{"objects": [%s]}`, listed)
	}))
	t.Cleanup(server.Close)
	environ := []string{"LIBDRIVES_USERNAME=u", "LIBDRIVES_PASSWORD=p", "LIBDRIVES_SAMPLE=5", "LIBDRIVES_TARGET=https://other.example/"}
	listed = `{"id": "ZRH", "api_endpoint": "https://zrh.example/api/2.0/"}, {"id": "PER", "api_endpoint": "https://per.example/api/2.0/"}`
	read, err := fleet.ReadLocations(t.Context(), server.URL+"/api/2.0", environ)
	if err != nil {
		t.Fatalf("the locations must be read: %v", err)
	}
	if want := "GET /api/2.0/locations/?limit=0 by u:p"; asked != want {
		t.Errorf("asked is %q, it should be %q", asked, want)
	}
	if len(read) != 2 || read[1].Name != "PER" || read[1].URL != "https://per.example/api/2.0/" {
		t.Fatalf("the targets are %v", read)
	}
	if environ := strings.Join(read[1].Environ, " "); !strings.Contains(environ, "LIBDRIVES_TARGET=https://per.example/api/2.0/") || strings.Contains(environ, "other.example") || !strings.Contains(environ, "LIBDRIVES_SAMPLE=5") {
		t.Errorf("the environment of a location is %q", environ)
	}
	for name, c := range map[string]struct{ listed, says string }{
		"none":        {``, "has no locations"},
		"no address":  {`{"id": "ZRH"}`, "both are needed"},
		"in the open": {`{"id": "ZRH", "api_endpoint": "http://zrh.example/api/2.0/"}`, "not HTTPS"},
		"twice":       {`{"id": "ZRH", "api_endpoint": "https://a.example/"}, {"id": "zrh", "api_endpoint": "https://b.example/"}`, "give each a name of its own"},
		"no list":     {`{`, "is no list of them"},
	} {
		listed = c.listed
		if _, err := fleet.ReadLocations(t.Context(), server.URL, environ); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: the error is %v, it should say %q", name, err, c.says)
		}
	}
}

func TestSharesHaveEveryTargetOnce(t *testing.T) {
	t.Parallel()
	all := targets(t, three)
	seen := map[string]int{}
	for index := range 2 {
		for _, target := range fleet.Share(all, index, 2) {
			seen[target.Name]++
		}
	}
	if len(seen) != 3 || seen["A"] != 1 || seen["B"] != 1 || seen["C"] != 1 {
		t.Errorf("two shares have the targets %v, each should be in one", seen)
	}
}

func TestTheWorstCodeCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		codes []int
		want  int
	}{{nil, 0}, {[]int{0, 0}, 0}, {[]int{0, 5}, 5}, {[]int{5, 4}, 4}, {[]int{4, 3, 0}, 3}, {[]int{3, 1, 5}, 1}, {[]int{0, 139}, 3}} {
		var outcomes []fleet.Outcome
		for _, code := range c.codes {
			outcomes = append(outcomes, fleet.Outcome{ExitCode: code})
		}
		if got := fleet.Worst(outcomes); got != c.want {
			t.Errorf("of %v the worst is %d, it should be %d", c.codes, got, c.want)
		}
	}
}
