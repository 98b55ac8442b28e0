package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
)

// newmanVariable names the newman to compare with; make bench installs it.
const newmanVariable = "CONFORMANCE_BENCH_NEWMAN"

// newman compares a read run with Newman, which sends the same requests of the account's one after the other and checks the
// status of each.
func (b *bench) newman() {
	const what, goal = "read run, 20 ms latency, against Newman with the same requests, which checks their status alone", "1/25"
	program := os.Getenv(newmanVariable)
	if _, err := os.Stat(program); program == "" || err != nil {
		b.row(what, "left out: Newman could not be installed", goal)
		return
	}
	at := b.reference("--drives", "158", "--latency", "20ms")
	defer at.stop()
	record := filepath.Join(b.dir, "newman.rec")
	b.judge(at, "--record", record)
	_, requests := b.requests(record)
	collection := filepath.Join(b.dir, "collection.json")
	if err := os.WriteFile(collection, collectionOf(requests), 0o600); err != nil {
		b.t.Fatalf("the collection can't be written: %v", err)
	}
	var runs, newmans []measured
	for range rounds {
		runs = append(runs, b.judge(at))
		newmans = append(newmans, b.measure(exec.CommandContext(b.t.Context(), program, "run", collection, "--reporters", "json", "--reporter-json-export", filepath.Join(b.dir, "newman.json"), "--ignore-redirects")))
	}
	b.row(what, fmt.Sprintf("1/%.1f (%s against %s)", 1/ratio(runs, newmans), seconds(median(runs).wall), seconds(median(newmans).wall)), goal)
}

// collectionOf is a Postman collection of the GET requests that the account sent.
func collectionOf(requests []sentRequest) []byte {
	type object = map[string]any
	var items []object
	for n, one := range requests {
		if one.Method != http.MethodGet || !one.Login {
			continue
		}
		header := []object{}
		for name := range one.Header {
			header = append(header, object{"key": name, "value": one.Header.Get(name)})
		}
		items = append(items, object{
			"name":    fmt.Sprintf("request %d", n+1),
			"request": object{"method": one.Method, "url": one.URL, "header": header},
			"event": []object{{"listen": "test", "script": object{"type": "text/javascript", "exec": []string{
				fmt.Sprintf("pm.test('status', function () { pm.response.to.have.status(%d); });", one.Status),
			}}}},
		})
	}
	content, _ := json.Marshal(object{ // maps of texts and numbers can be written
		"info": object{"name": "library drives", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"auth": object{"type": "basic", "basic": []object{{"key": "username", "value": username}, {"key": "password", "value": password}}},
		"item": items,
	})
	return content
}
