package main_test

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// neverAnswers serves an endpoint whose first request is reported on asked, and whose every answer waits until the client
// gives up.
func neverAnswers(t *testing.T) (target string, asked <-chan struct{}) {
	t.Helper()
	arrived := make(chan struct{})
	var once sync.Once
	target = serve(t, func(_ http.ResponseWriter, r *http.Request) {
		once.Do(func() { close(arrived) })
		<-r.Context().Done()
	})
	return target, arrived
}

func TestAnInterruptedRunIsIncompleteAndWritesItsReports(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			target, asked := neverAnswers(t)
			ctx, cancel := context.WithTimeout(t.Context(), patience(t))
			defer cancel()
			folder := t.TempDir()
			file := filepath.Join(folder, "report.xml")
			cmd := command(ctx, []string{"LIBDRIVES_PASSWORD=x"}, "run", "--target", target, "--username", "u", "--junit", file,
				"--json", folder+"/r.json", "--html", folder+"/r.html", "--markdown", folder+"/r.md", "--har", folder+"/r.har", "--record", folder+"/r.jsonl")
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatalf("the binary must start: %v", err)
			}
			select {
			case <-asked:
			case <-ctx.Done():
				t.Error("no request came")
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Errorf("the signal can't be sent: %v", err)
			}
			o := outcome{exitCode(t, cmd.Wait()), stdout.String(), stderr.String()}
			if o.code != 3 {
				t.Errorf("exit code %d, an interrupted run is incomplete, 3:\n%s%s", o.code, o.stdout, o.stderr)
			}
			if !strings.Contains(o.stdout+o.stderr, signal.String()) {
				t.Errorf("nothing says that it was a signal that ended the run:\n%s%s", o.stdout, o.stderr)
			}
			if all, passed := count(t, file); all == 0 || passed > 0 {
				t.Errorf("the report has %d requirements of which %d pass; nothing was answered, so none can be judged", all, passed)
			}
			for name, end := range map[string]string{"r.json": "}", "r.html": "</html>", "r.md": "", "r.har": "}"} {
				text := strings.TrimSpace(read(t, filepath.Join(folder, name)))
				if text == "" || !strings.HasSuffix(text, end) {
					t.Errorf("%s is not whole; it ends in %q", name, text[max(0, len(text)-40):])
				}
			}
			if again := execute(t, nil, "judge", folder+"/r.jsonl"); again.code != 3 {
				t.Errorf("exit code %d, the record of an interrupted run is judged as incomplete, 3:\n%s%s", again.code, again.stdout, again.stderr)
			}
			if left, err := filepath.Glob(folder + "/.libdrives-*"); err != nil || len(left) > 0 {
				t.Errorf("an interrupted run leaves half a file: %v (%v)", left, err)
			}
		})
	}
}

// served is a reference endpoint in a process of its own.
type served struct {
	introduction string // all that it printed
	end          func(os.Signal) int
	stop         func() int // by SIGTERM
}

// serveReference starts it and reads what it prints, up to the line that has the given words.
func serveReference(t *testing.T, last string, args ...string) served {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience(t))
	t.Cleanup(cancel)
	cmd := command(ctx, nil, append([]string{"reference"}, args...)...)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatalf("no pipe for the output: %v", err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("the binary must start: %v", err)
	}
	output := bufio.NewReader(pipe)
	var introduction strings.Builder
	for !strings.Contains(introduction.String(), last) {
		line, err := output.ReadString('\n') // fails when the process ends, which it does when patience ends
		if err != nil {
			t.Fatalf("it printed %q and no line with %q: %v", introduction.String(), last, err)
		}
		introduction.WriteString(line)
	}
	end := func(sent os.Signal) int {
		if err := cmd.Process.Signal(sent); err != nil {
			t.Errorf("the signal can't be sent: %v", err)
		}
		return exitCode(t, cmd.Wait())
	}
	return served{introduction.String(), end, func() int { return end(syscall.SIGTERM) }}
}

func TestTheReferenceEndpointIsJudgedByTheCommandThatItPrints(t *testing.T) {
	reference := serveReference(t, "Ctrl-C", "--drives", "60")
	_, pasted, found := strings.Cut(reference.introduction, "another shell:\n")
	pasted, _, _ = strings.Cut(strings.TrimSpace(pasted), "\n")
	if !found || !strings.Contains(pasted, " libdrives-conformance run ") {
		t.Fatalf("there is no command to paste in what it prints:\n%s", reference.introduction)
	}
	pasted = strings.Replace(pasted, " libdrives-conformance ", ` "$`+binaryVariable+`" `, 1) + " --select LIST"
	shell := command(t.Context(), nil)
	shell.Path, shell.Args = "/bin/sh", []string{"sh", "-c", pasted}
	output, err := shell.CombinedOutput()
	if code := exitCode(t, err); code != 0 {
		t.Errorf("%s: exit code %d, the reference endpoint conforms in a process of its own too:\n%s", pasted, code, output)
	}
	if code := reference.stop(); code != 0 {
		t.Errorf("exit code %d, being stopped is how the reference endpoint ends: 0", code)
	}
}

func TestTheReferenceEndpointCanBeQuiet(t *testing.T) {
	quiet := serveReference(t, "\n", "--quiet")
	if !strings.HasPrefix(quiet.introduction, "http://127.0.0.1:") || strings.ContainsAny(strings.TrimSpace(quiet.introduction), " \n") {
		t.Errorf("with --quiet it prints %q, the URL and nothing else is expected", quiet.introduction)
	}
	if code := quiet.stop(); code != 0 {
		t.Errorf("exit code %d, being stopped is how the reference endpoint ends: 0", code)
	}
	if o := execute(t, nil, "reference", "--list-faults"); o.code != 0 || !strings.Contains(o.stdout, "Faults") {
		t.Errorf("--list-faults: exit code %d and %q, it should list the faults and end", o.code, o.stdout)
	}
}
