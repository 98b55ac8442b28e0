package suites_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/evidence"
)

// TestTheLinesOfASessionWorkWhenPasted runs the lines that repeat a login, what its cookies are good for, and the logout, in
// a shell against the reference endpoint: each is answered as in the run.
func TestTheLinesOfASessionWorkWhenPasted(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"sh", "curl", "mktemp", "awk", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s on this machine, which the lines need", program)
		}
	}
	const password = `a "quoted" \ $HOME 'word' 100% ü`
	endpoint := start(t, fixtures.Options{Password: password})
	config := account(t, endpoint.URL())
	config.Password, config.Select = password, "AUTH-06,AUTH-07"
	run := suites.Run(&recorder{}, config)
	tried := map[string]int{}
	for _, x := range run.Record.All() {
		if x.Request.Login == "" || x.Request.As != evidence.Nobody && x.Request.As != evidence.BySession && x.Request.As != evidence.BySessionOnly {
			continue
		}
		line := x.Request.Curl()
		folder := t.TempDir()
		command := exec.Command("sh", "-u", "-c", line)
		command.Dir = folder
		command.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "TMPDIR=" + folder, "LIBDRIVES_USERNAME=" + fixtures.DefaultUsername, "LIBDRIVES_PASSWORD=" + password}
		out, err := command.Output()
		if err != nil {
			t.Fatalf("the shell can't run %s: %v", line, err)
		}
		if left, err := exec.Command("ls", folder).Output(); err != nil || len(left) > 0 {
			t.Errorf("%s leaves %q behind, with the cookies in it", line, left)
		}
		output := string(out)
		if strings.HasPrefix(output, "HTTP/") {
			status := strings.Fields(output)[1]
			if status != strconv.Itoa(x.Status()) {
				t.Errorf("%s: pasted, the line is answered with %s, in the run it was %d:\n%s\n%s", x.Key, status, x.Status(), line, output)
			}
			tried[status]++
			continue
		}
		if !json.Valid(out) || strings.Contains(output, "error_type") != (x.Status() >= 400) {
			t.Errorf("%s: pasted, the line is answered otherwise than in the run, where it was %d:\n%s\n%s", x.Key, x.Status(), line, output)
		}
		tried[fmt.Sprint(http.MethodGet, " ", x.Status())]++
	}
	for _, kind := range []string{"200", "403", "GET 200", "GET 401"} {
		if tried[kind] == 0 {
			t.Errorf("no line was tried that should be answered as %s: %v", kind, tried)
		}
	}
}
