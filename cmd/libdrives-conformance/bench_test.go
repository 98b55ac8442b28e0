package main_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// benchVariable names the file that make bench writes its table to.
const benchVariable = "CONFORMANCE_BENCH"

// rounds is how often everything is measured: what is compared runs one after the other in each round, so that both meet the
// same machine. The median counts.
const rounds = 5

// TestTheBenchTable measures the binary from outside, against a reference endpoint in a process of its own, and writes the
// table, and the part of the README that quotes it. It is what make bench runs, and no part of the tests: figures of a busy machine tell nothing.
func TestTheBenchTable(t *testing.T) {
	path := os.Getenv(benchVariable)
	if path == "" {
		t.Skip("make bench runs this")
	}
	b := &bench{dir: t.TempDir()}
	measured := 0
	parts := []struct {
		name    string
		measure func()
	}{
		{"floor", b.floor}, {"newman", b.newman}, {"clones", b.clones}, {"sizes", b.sizes}, {"sample all", b.sampleAll}, {"selftest", b.selftest}, {"start", b.start},
	}
	for _, part := range parts {
		t.Run(part.name, func(t *testing.T) {
			b.t = t
			part.measure()
			measured++
		})
	}
	text := b.table()
	t.Log("\n" + text)
	if measured < len(parts) {
		t.Logf("%d of %d parts were measured: %s stays as it is", measured, len(parts), path)
		return
	}
	before, _, after := quotation(t)
	for file, content := range map[string]string{path: text, benchReadme: before + quoted(text) + after} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatalf("the table can't be written: %v", err)
		}
	}
}

// bench is the table that is being made.
type bench struct {
	t    *testing.T
	dir  string
	rows [][3]string
}

// row adds a line: what was measured, what was found, and what it should be.
func (b *bench) row(what, found, goal string) {
	b.t.Logf("%s: %s (goal %s)", what, found, goal)
	b.rows = append(b.rows, [3]string{what, found, goal})
}

func (b *bench) table() string {
	var s strings.Builder
	s.WriteString("# Bench\n\nMade by `make bench`, from outside, over real sockets: the binary, the reference endpoint and what it is compared with\n" +
		"each in a process of its own. Figures are medians of " + strconv.Itoa(rounds) + " rounds; ratios compare what ran one after the other.\n\n")
	fmt.Fprintf(&s, "- %s, %s/%s, %d cores%s\n- %s\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor(), time.Now().UTC().Format(time.DateOnly))
	s.WriteString("| measured | found | goal |\n|---|---|---|\n")
	for _, row := range b.rows {
		fmt.Fprintf(&s, "| %s | %s | %s |\n", row[0], row[1], row[2])
	}
	return s.String()
}

// processor is the model of the machine's processor, where it can be had.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, model, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return ", " + strings.TrimSpace(model)
		}
	}
	return ""
}

// measured is what a process took.
type measured struct {
	wall, cpu time.Duration
	peak      int64 // bytes of memory at most; 0 where the system does not tell
	stdout    string
}

// measure runs a command to its end, which has to be one of the exit codes.
func (b *bench) measure(cmd *exec.Cmd, codes ...int) (m measured) {
	b.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.t.Fatalf("%s can't be started: %v", cmd.Path, err)
	}
	ended, seen := make(chan struct{}), make(chan int64)
	go func() { seen <- peakOf(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	m.wall = time.Since(began)
	close(ended)
	m.peak = <-seen
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	m.stdout = stdout.String()
	if code := cmd.ProcessState.ExitCode(); code != 0 && !slices.Contains(codes, code) {
		b.t.Fatalf("%s %q ended with %v:\n%s%s", cmd.Path, cmd.Args, err, stdout.String(), stderr.String())
	}
	return m
}

// peakOf follows the most memory that a process had resident until it ends. What its parent had when it was started, which the
// system adds in its own account of a process that ended, is no part of it.
func peakOf(pid int, ended <-chan struct{}) (peak int64) {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		for line := range strings.Lines(string(status)) {
			if size, found := strings.CutPrefix(line, "VmHWM:"); found {
				kilobytes, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(size), " kB"), 10, 64)
				peak = max(peak, kilobytes<<10)
			}
		}
		select {
		case <-ticker.C:
		case <-ended:
			return peak
		}
	}
}

// endpoint is a reference endpoint in a process of its own.
type endpoint struct {
	cmd *exec.Cmd
	url string
}

// reference starts a reference endpoint.
func (b *bench) reference(args ...string) *endpoint {
	b.t.Helper()
	cmd := command(context.Background(), nil, append([]string{"reference", "--quiet"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		b.t.Fatalf("the reference endpoint can't be started: %v", err)
	}
	b.t.Cleanup(func() { _ = cmd.Process.Kill() })
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		b.t.Fatalf("the reference endpoint %q says no address: %v", args, err)
	}
	return &endpoint{cmd, strings.TrimSpace(string(line[:n]))}
}

// stop ends the endpoint. It returns the processor time that it took.
func (e *endpoint) stop() time.Duration {
	_ = e.cmd.Process.Signal(os.Interrupt)
	_ = e.cmd.Wait()
	return e.cmd.ProcessState.UserTime() + e.cmd.ProcessState.SystemTime()
}

// judge runs the binary against an endpoint.
func (b *bench) judge(at *endpoint, args ...string) measured {
	b.t.Helper()
	environ := []string{"LIBDRIVES_PASSWORD=" + password}
	return b.measure(command(b.t.Context(), environ, append([]string{"run", "--target", at.url, "--username", username, "--quiet", "--journal", filepath.Join(b.dir, "journal")}, args...)...))
}

// median is the middle one of the rounds, by wall time, with the median of each of its other figures.
func median(all []measured) measured {
	by := func(figure func(m measured) int64) int64 {
		figures := make([]int64, len(all))
		for i, m := range all {
			figures[i] = figure(m)
		}
		slices.Sort(figures)
		return figures[len(figures)/2]
	}
	return measured{
		wall: time.Duration(by(func(m measured) int64 { return int64(m.wall) })),
		cpu:  time.Duration(by(func(m measured) int64 { return int64(m.cpu) })),
		peak: by(func(m measured) int64 { return m.peak }),
	}
}

func middle[N cmp.Ordered](figures []N) N {
	figures = slices.Sorted(slices.Values(figures))
	return figures[len(figures)/2]
}

// ratio is the median of the ratios of what ran side by side.
func ratio(of, to []measured) float64 {
	ratios := make([]float64, len(of))
	for i := range of {
		ratios[i] = float64(of[i].wall) / float64(to[i].wall)
	}
	return middle(ratios)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func mebibytes(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }

// clones compares a full run with what it can't do without: two clones, one after the other, beside the read run.
func (b *bench) clones() {
	const clone = 5 * time.Second
	var full, read []measured
	var late []time.Duration
	at := b.reference("--clone-time", clone.String())
	defer at.stop()
	for range rounds {
		record := filepath.Join(b.dir, "full.rec")
		full = append(full, b.judge(at, "--profile", "full", "--level", "may", "--record", record))
		read = append(read, b.judge(at, "--level", "may"))
		late = append(late, b.lateness(record, clone)...)
	}
	f, r := median(full), median(read)
	b.row("full run with clones of 5 s", fmt.Sprintf("%s: %.2f clones + the read run of %s", seconds(f.wall), (f.wall-r.wall).Seconds()/clone.Seconds(), seconds(r.wall)), "2.2 clones + the read run")
	b.row("a job of 5 s that is done is seen", fmt.Sprintf("%s late, at most %s", seconds(middle(late)), seconds(slices.Max(late))), "≤ 0.15 s, or 3 % of the time that the last one took")
}

// sizes judges libraries of three sizes.
func (b *bench) sizes() {
	goals := map[int][2]string{158: {"50 MiB", ""}, 10_000: {"100 MiB", "3 s"}, 100_000: {"200 MiB", "25 s (25 s)"}}
	for _, drives := range []int{158, 10_000, 100_000} {
		at := b.reference("--drives", strconv.Itoa(drives))
		var runs []measured
		for range rounds {
			runs = append(runs, b.judge(at))
		}
		at.stop()
		m := median(runs)
		b.row(fmt.Sprintf("peak memory of a read run, %d drives", drives), mebibytes(m.peak), goals[drives][0])
		if goal := goals[drives][1]; goal != "" {
			b.row(fmt.Sprintf("wall (CPU) of a read run, %d drives", drives), fmt.Sprintf("%s (%s)", seconds(m.wall), seconds(m.cpu)), goal)
		}
	}
}

// sampleAll judges every drive of a library.
func (b *bench) sampleAll() {
	var perDrive []string
	for _, drives := range []int{2500, 5000, 10_000} {
		at := b.reference("--drives", strconv.Itoa(drives))
		var runs []measured
		for range rounds {
			runs = append(runs, b.judge(at, "--sample", "all"))
		}
		at.stop()
		m := median(runs)
		perDrive = append(perDrive, fmt.Sprintf("%.2f ms at %d", m.wall.Seconds()*1000/float64(drives), drives))
		if drives == 10_000 {
			b.row("10000 drives, --sample all", fmt.Sprintf("%s, %s", seconds(m.wall), mebibytes(m.peak)), "8 s, 150 MiB")
		}
	}
	b.row("--sample all, time for each drive", strings.Join(perDrive, ", "), "the same: linear")
}

// selftest runs the selftest of the variants, once. Each is a whole run, as each fault is; with these it takes minutes more.
func (b *bench) selftest() {
	report := filepath.Join(b.dir, "selftest.json")
	m := b.measure(command(b.t.Context(), nil, "selftest", "--quiet", "--only", "variants", "--json", report), 1)
	var matrix struct {
		Faults   []struct{} `json:"faults"`
		Variants []struct{} `json:"variants"`
	}
	b.read(report, &matrix)
	runs := len(matrix.Faults) + len(matrix.Variants)
	b.row("selftest of the variants, once: CPU for each of its runs · peak memory", fmt.Sprintf("%s of %d · %s", seconds(m.cpu/time.Duration(max(runs, 1))), runs, mebibytes(m.peak)), "0.13 s · 400 MiB")
}

// start measures how long it takes until the first request is there.
func (b *bench) start() {
	var took []time.Duration
	for range rounds {
		first := make(chan time.Time, 1)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }))
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateActive {
				select {
				case first <- time.Now():
				default:
				}
			}
		}
		server.Start()
		began := time.Now()
		b.measure(command(b.t.Context(), []string{"LIBDRIVES_PASSWORD=" + password}, "run", "--target", server.URL, "--username", username, "--quiet"), 3)
		took = append(took, (<-first).Sub(began))
		server.Close()
	}
	b.row("start to first request", fmt.Sprintf("%d ms", middle(took).Milliseconds()), "16 ms")
}
