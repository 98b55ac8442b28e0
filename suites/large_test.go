package suites_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/html"
	reportjson "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

// manyDrives make a large library, of which parts of lists are asked for.
const manyDrives = 5_200

// TestOfALargeLibraryPartsOfListsAreAskedFor judges a sound endpoint with a large library, and says of which lists how much it
// looked at.
func TestOfALargeLibraryPartsOfListsAreAskedFor(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	var wholes atomic.Int64
	target := between(t, start(t, fixtures.Options{Drives: manyDrives}), func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if isLibrary(r) && r.URL.RawQuery == "limit=0" {
			wholes.Add(1)
		}
		return false
	})
	config := account(t, target)
	config.Profile, config.Level, config.Select = requirement.ReadProfile, requirement.May, "LIST-03,LIST-07,FIELDS,DETAIL-02,DETAIL-04,DETAIL-05,FILTER-03,FILTER-07,FORMAT-10"
	run := suites.Run(&recorder{}, config)
	if run.ExitCode() != reports.ExitConforms {
		t.Fatalf("a sound endpoint with a large library ends with %d: %v", run.ExitCode(), failures(run.Report))
	}
	const most = 3 // the list, twice, and the detail list
	if n := wholes.Load(); n > most {
		t.Errorf("%d whole lists are asked for, %d are enough", n, most)
	}
	covered := func(report *reports.Report, id string) *reports.Coverage { return result(t, report, id).Covered }
	for _, id := range []string{"FIELDS-01", "DETAIL-05", "FILTER-07", "FORMAT-10"} {
		if c := covered(run.Report, id); c == nil || c.Entries <= 0 || c.Entries >= c.Of {
			t.Errorf("%s is said to cover %v, want a part", id, c)
		}
	}
	for _, id := range []string{"LIST-03", "LIST-07", "DETAIL-02"} {
		if c := covered(run.Report, id); c != nil {
			t.Errorf("%s is said to cover %v, want all", id, c)
		}
	}
	var written, page, lines bytes.Buffer
	if err := reportjson.Write(&written, run.Report); err != nil {
		t.Fatalf("the report can't be written: %v", err)
	}
	read, err := reportjson.Read(&written)
	if err != nil {
		t.Fatalf("the report can't be read back: %v", err)
	}
	if was, is := covered(run.Report, "FIELDS-01"), covered(read, "FIELDS-01"); is == nil || *is != *was {
		t.Errorf("read back, FIELDS-01 covers %v, want %v", is, was)
	}
	if err := html.Write(&page, run.Report); err != nil {
		t.Fatalf("the page can't be written: %v", err)
	}
	if err := text.Write(&lines, run.Report, text.Options{}); err != nil {
		t.Fatalf("the text can't be written: %v", err)
	}
	for name, told := range map[string]string{"HTML": page.String(), "text": lines.String()} {
		if want := covered(run.Report, "FIELDS-01").String(); !strings.Contains(told, want) {
			t.Errorf("the %s does not say %q", name, want)
		}
	}
}

// TestOfALargeLibraryLongAnswersAreFew: what pages and odd limits are asked for is answered shortly.
func TestOfALargeLibraryLongAnswersAreFew(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	const long = 600 // entries: a stretch is shorter
	var mu sync.Mutex
	asked := map[string]int{}
	target := between(t, start(t, fixtures.Options{Drives: manyDrives}), func(_ http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		query := r.URL.Query()
		limit, err := strconv.Atoi(query.Get("limit"))
		offset, _ := strconv.Atoi(query.Get("offset"))
		if isLibrary(r) && err == nil && limit >= 0 && (limit == 0 || limit > long) && manyDrives-offset > long {
			mu.Lock()
			defer mu.Unlock()
			asked[r.URL.RequestURI()]++
		}
		return false
	})
	config := account(t, target)
	config.Profile, config.Level, config.Select = requirement.ReadProfile, requirement.May, "PAGE-01,PAGE-04,PAGE-05,DETAIL-03,ROBUST-02"
	run := suites.Run(&recorder{}, config)
	if run.ExitCode() != reports.ExitConforms {
		t.Fatalf("a sound endpoint with a large library ends with %d: %v", run.ExitCode(), failures(run.Report))
	}
	for uri, n := range asked {
		if !strings.HasSuffix(uri, "/?limit=0") || n > 1 {
			t.Errorf("%s, which is answered with thousands of drives, is asked for %d times: the whole list and the detail list, once each, are enough", uri, n)
		}
	}
	if c := result(t, run.Report, "DETAIL-03").Covered; c == nil || c.Entries >= c.Of {
		t.Errorf("DETAIL-03 is said to cover %v, want a part", c)
	}
}

// TestOfALargeLibraryMistakesOfPagesAreThose judges endpoints whose pages are not as they should be, and whose lists are. What is
// judged by parts of lists passes, or is blocked by what says so of pages.
func TestOfALargeLibraryMistakesOfPagesAreThose(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	limited := regexp.MustCompile(`\blimit=([0-9]+)`)
	counted := regexp.MustCompile(`"total_count": *[0-9]+`)
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request, limit int, forward http.Handler) bool{
		"total_count counts the page": func(w http.ResponseWriter, r *http.Request, _ int, forward http.Handler) bool {
			r.Header.Set("Accept-Encoding", "identity")
			heard := httptest.NewRecorder()
			forward.ServeHTTP(heard, r)
			text := heard.Body.Bytes()
			if listed := gjson.GetBytes(text, "objects.#"); listed.Exists() {
				text = counted.ReplaceAll(text, []byte(`"total_count": `+listed.Raw))
			}
			heard.Header().Del("Content-Length")
			maps.Copy(w.Header(), heard.Header())
			w.WriteHeader(heard.Code)
			_, _ = w.Write(text)
			return true
		},
		"a limit above 200 is refused": func(w http.ResponseWriter, _ *http.Request, limit int, _ http.Handler) bool {
			return limit > 200 && refuse(w, http.StatusBadRequest, "validation", "limit: at most 200")
		},
	} {
		target := between(t, start(t, fixtures.Options{Drives: manyDrives}), func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
			asked := limited.FindStringSubmatch(r.URL.RawQuery)
			if !isLibrary(r) || asked == nil || asked[1] == "0" {
				return false
			}
			limit, err := strconv.Atoi(asked[1])
			return err == nil && answer(w, r, limit, forward)
		})
		config := account(t, target)
		config.Profile, config.Level, config.Select = requirement.ReadProfile, requirement.May, "FIELDS,DETAIL-05,DETAIL-06,FILTER-01,FILTER-07,FILTER-12,FORMAT-02,FORMAT-08,FORMAT-10"
		report := suites.Run(&recorder{}, config).Report
		if failed := failures(report); len(failed) > 0 || result(t, report, "FILTER-07").Verdict != reports.Pass {
			t.Errorf("where %s, %q fail, want none, and FILTER-07 passes:%s", name, failed, summary(report))
		}
	}
}

// TestALibraryThatIsOnlySaidToBeLarge judges an endpoint that counts thousands of drives, has few, and refuses to list all of them.
func TestALibraryThatIsOnlySaidToBeLarge(t *testing.T) {
	t.Parallel()
	counted := regexp.MustCompile(`"total_count": *[0-9]+`)
	target := between(t, start(t, fixtures.Options{}), func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if !isLibrary(r) {
			return false
		}
		if slices.Contains(r.URL.Query()["limit"], "0") {
			return refuse(w, http.StatusBadRequest, "validation", "limit: at least 1")
		}
		r.Header.Set("Accept-Encoding", "identity")
		heard := httptest.NewRecorder()
		forward.ServeHTTP(heard, r)
		heard.Header().Del("Content-Length")
		maps.Copy(w.Header(), heard.Header())
		w.WriteHeader(heard.Code)
		_, _ = w.Write(counted.ReplaceAll(heard.Body.Bytes(), []byte(`"total_count": 6000`)))
		return true
	})
	config := account(t, target)
	config.Profile, config.Level, config.Select = requirement.ReadProfile, requirement.May, "PAGE-03,FORMAT-02,FORMAT-08,FORMAT-10,DETAIL-06"
	report := suites.Run(&recorder{}, config).Report
	if failed := failures(report); !slices.Equal(failed, []string{"PAGE-03"}) {
		t.Errorf("%q fail, want PAGE-03 alone:%s", failed, summary(report))
	}
}

// TestFaultsShowInALargeLibrary judges endpoints with a fault each: what is found in a part of a list is found in all of it before
// anyone is accused.
func TestFaultsShowInALargeLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for fault, want := range map[string][]string{
		"os-filter-misses-one":          {"FILTER-07"},
		"detail-drops-the-last":         {"DETAIL-02"},
		"fields-shortens-names":         {"FIELDS-03"},
		"detail-filter-misses-the-last": {"DETAIL-05"},
		"detail-xml-drops-the-last":     {"DETAIL-06"},
	} {
		if !soaking() && fault != "os-filter-misses-one" && fault != "fields-shortens-names" {
			continue
		}
		config := suites.Config{Profile: requirement.ReadProfile, Level: requirement.May, Select: strings.Join(want, ","), Reference: fixtures.Options{Drives: manyDrives, Faults: []string{fault}}}
		if failed := failures(suites.Run(&recorder{}, config).Report); !slices.Equal(failed, want) {
			t.Errorf("with the fault %s, %q fail, want %q", fault, failed, want)
		}
	}
}
