package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/evidence"
)

const (
	username = fixtures.DefaultUsername
	password = fixtures.DefaultPassword

	// floorVariable names the file with the requests, to the test binary that is to send them.
	floorVariable = "CONFORMANCE_BENCH_FLOOR"
	// connections are as many as a run uses by default.
	connections = 16
)

// sentRequest is a request of a run, to be sent again.
type sentRequest struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
	Status int         `json:"status"`
	Login  bool        `json:"login"` // it is sent with the account's name and password
}

// sendAll is the floor: it sends requests over as many connections as a run does, reads the answers to their end, and does
// nothing else.
func sendAll(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var requests []sentRequest
	if err := json.Unmarshal(content, &requests); err != nil {
		return err
	}
	client := &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	next := make(chan sentRequest)
	failures := make(chan error, connections)
	var group sync.WaitGroup
	for range connections {
		group.Go(func() {
			for one := range next {
				if err := sendOne(client, one); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	for _, one := range requests {
		select {
		case next <- one:
		case err := <-failures:
			return err
		}
	}
	close(next)
	group.Wait()
	close(failures)
	return <-failures
}

func sendOne(client *http.Client, one sentRequest) error {
	request, err := http.NewRequest(one.Method, "http://"+hostOf(one.URL), bytes.NewReader(one.Body))
	if err != nil {
		return err
	}
	_, path, _ := strings.Cut(one.URL, hostOf(one.URL))
	request.URL.Path, request.URL.Opaque, request.Header = "", path, one.Header // some paths are no well-formed ones
	if one.Login {
		request.SetBasicAuth(username, password)
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}

// requests are those of a run, out of its record, and where they are kept.
func (b *bench) requests(record string) (path string, requests []sentRequest) {
	b.t.Helper()
	for _, x := range b.record(record).All() {
		request := sentRequest{Method: x.Request.Method, URL: x.Request.URL, Header: http.Header{}, Body: x.Request.Body, Status: x.Status(), Login: x.Request.As == evidence.Account || x.Request.As == evidence.ByBasic}
		for name, values := range x.Request.Header {
			if name != "Authorization" && name != "Cookie" {
				request.Header[name] = values
			}
		}
		requests = append(requests, request)
	}
	content, err := json.Marshal(requests)
	path = filepath.Join(b.dir, "requests.json")
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		b.t.Fatalf("the requests can't be kept: %v", err)
	}
	return path, requests
}

func (b *bench) record(path string) *evidence.Record {
	b.t.Helper()
	file, err := os.Open(path)
	if err != nil {
		b.t.Fatalf("there is no record: %v", err)
	}
	defer func() { _ = file.Close() }()
	var head, tail json.RawMessage
	record, err := evidence.ReadRecord(file, &head, &tail)
	if err != nil {
		b.t.Fatalf("the record can't be read: %v", err)
	}
	return record
}

func (b *bench) read(path string, into any) {
	b.t.Helper()
	content, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(content, into)
	}
	if err != nil {
		b.t.Fatalf("%s can't be read: %v", filepath.Base(path), err)
	}
}

// floor compares a read run of all drives with the sending of its requests alone.
func (b *bench) floor() {
	goals := map[time.Duration]string{0: "2 ×", 20 * time.Millisecond: "1.1 ×", 100 * time.Millisecond: "1.05 ×"}
	for _, latency := range []time.Duration{0, 20 * time.Millisecond, 100 * time.Millisecond} {
		served := []string{"--drives", "158"}
		if latency > 0 {
			served = append(served, "--latency", latency.String())
		}
		at := b.reference(served...)
		record := filepath.Join(b.dir, "read.rec")
		b.judge(at, "--sample", "all", "--record", record)
		path, requests := b.requests(record)
		at.stop()
		at = b.reference(append(served, "--listen", hostOf(at.url))...)
		var runs, floors []measured
		for range rounds {
			runs = append(runs, b.judge(at, "--sample", "all"))
			self := exec.CommandContext(b.t.Context(), os.Args[0])
			self.Env = append(os.Environ(), floorVariable+"="+path)
			floors = append(floors, b.measure(self))
		}
		server := at.stop()
		r, f := median(runs), median(floors)
		b.row(fmt.Sprintf("read run, 158 drives, all of them, %d ms latency, against the same %d requests sent over %d connections", latency.Milliseconds(), len(requests), connections),
			fmt.Sprintf("%.2f × (%s, CPU %s, server's share %.0f %%; alone %s)", ratio(runs, floors), seconds(r.wall), seconds(r.cpu), 100*float64(server)/float64(server+rounds*(r.cpu+f.cpu)), seconds(f.wall)), goals[latency])
	}
}

// hostOf is the address of an endpoint's URL.
func hostOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

// lateness is, of each clone of a record, how long after its job was over that was seen: the first look that saw it began so
// much later than the clone was asked for, and its time.
func (b *bench) lateness(record string, clone time.Duration) (late []time.Duration) {
	type job struct {
		UUID  string `json:"uuid"`
		State string `json:"state"`
	}
	asked := map[string]time.Time{}
	for _, x := range b.record(record).All() {
		if x.Response == nil {
			continue
		}
		var drives struct {
			Objects []struct {
				Jobs []job `json:"jobs"`
			} `json:"objects"`
		}
		var one job
		switch {
		case strings.Contains(x.Request.URL, "do=clone") && json.Unmarshal(x.Response.Body.Bytes(), &drives) == nil && x.Status() == http.StatusAccepted:
			for _, drive := range drives.Objects {
				for _, job := range drive.Jobs {
					asked[job.UUID] = x.Started.Add(x.Duration)
				}
			}
		case strings.Contains(x.Request.URL, "/jobs/") && json.Unmarshal(x.Response.Body.Bytes(), &one) == nil && one.State == "success":
			if since, known := asked[one.UUID]; known {
				late = append(late, max(0, x.Started.Add(x.Duration).Sub(since)-clone))
				delete(asked, one.UUID)
			}
		}
	}
	if len(late) == 0 {
		b.t.Fatal("no job of a clone was seen to be done")
	}
	return late
}
