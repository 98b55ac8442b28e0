package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/libdrives/conformance/fixtures"
)

// fleetSizes is the variable that asks for fleets of so many endpoints, such as 10,100,1000: they take long.
const fleetSizes = "CONFORMANCE_FLEET"

// TestFleetsOfManyEndpoints judges many reference endpoints, all of them in this process, of which every tenth is faulty, and prints
// how long it took and how much memory: make fleet.
func TestFleetsOfManyEndpoints(t *testing.T) {
	sizes := os.Getenv(fleetSizes)
	if sizes == "" {
		t.Skipf("%s does not say how many endpoints", fleetSizes)
	}
	for size := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			t.Fatalf("%s: %q is no number of endpoints", fleetSizes, size)
		}
		t.Run(size, func(t *testing.T) { judgeMany(t, n) })
	}
}

func judgeMany(t *testing.T, n int) {
	folder := t.TempDir()
	var list strings.Builder
	faulty := 0
	for i := range n {
		var options fixtures.Options
		if i%10 == 3 {
			options.Faults = []string{"owner-missing-through-drives"}
			faulty++
		}
		endpoint, err := fixtures.Start(options)
		if err != nil {
			t.Fatalf("no reference endpoint: %v", err)
		}
		t.Cleanup(func() { _ = endpoint.Close() })
		fmt.Fprintf(&list, "- {name: e%04d, target: %q, username: %s, profile: read, sample: 5}\n", i, endpoint.URL(), fixtures.DefaultUsername)
	}
	file := filepath.Join(folder, "fleet.yaml")
	if err := os.WriteFile(file, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	cmd := command(t.Context(), []string{"LIBDRIVES_PASSWORD=" + fixtures.DefaultPassword}, "fleet", "--targets", file, "--output-dir", folder+"/out")
	var output strings.Builder
	cmd.Stdout = &output
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	own := highest(t, cmd.Process.Pid)
	code := exitCode(t, cmd.Wait())
	took := time.Since(begun)
	if want := fmt.Sprintf("%d of %d endpoints do", faulty, n); code != min(faulty, 1) || faulty > 0 && !strings.HasPrefix(output.String(), want) {
		t.Errorf("exit code %d, %q; %d of %d endpoints are faulty", code, output.String(), faulty, n)
	}
	page, err := os.Stat(folder + "/out/board.html")
	if err != nil {
		t.Fatalf("there should be a board: %v", err)
	}
	begun = time.Now()
	again := command(t.Context(), nil, "board", folder+"/out")
	if err := again.Run(); err != nil {
		t.Fatalf("the board must be made: %v", err)
	}
	usage, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	boardUsage, _ := again.ProcessState.SysUsage().(*syscall.Rusage)
	t.Logf("%d endpoints: %.0f s, %.2f s of processor time for each; the fleet's own process up to %d MiB, the largest of all processes up to %d MiB; the board %.1f s (%.1f s of processor time), %d MiB, %d KB", n, took.Seconds(),
		(cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Seconds()/float64(n), <-own>>10, usage.Maxrss>>10,
		time.Since(begun).Seconds(), (again.ProcessState.UserTime() + again.ProcessState.SystemTime()).Seconds(), boardUsage.Maxrss>>10, page.Size()>>10)
}

// highest is the most memory that a process was seen to take, in KiB, once it has ended.
func highest(t *testing.T, pid int) <-chan int {
	t.Helper()
	result := make(chan int, 1)
	go func() {
		most := 0
		ticker := time.NewTicker(100 * time.Millisecond)
		defer ticker.Stop()
		for range ticker.C {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, found := strings.Cut(string(status), "VmHWM:")
			if err != nil || !found { // it ended
				result <- most
				return
			}
			if n, err := strconv.Atoi(strings.Fields(after)[0]); err == nil {
				most = max(most, n)
			}
		}
	}()
	return result
}
