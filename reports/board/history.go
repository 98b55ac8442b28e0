package board

import (
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/requirement"
)

// flakyChanges is how often a requirement has to change between passing and failing to be called flaky: it came and went.
const flakyChanges = 2

// look works out what the runs of an endpoint say over time.
func (e *Endpoint) look(requirements []requirement.Requirement) {
	newest := e.Newest()
	for i := len(e.Runs) - 1; i >= 0 && alike(e.Runs[i], newest); i-- {
		e.Since, e.Lasting = e.Runs[i].Started, e.Lasting+1
	}
	for _, r := range requirements {
		cell := e.cell(r.ID)
		e.Cells = append(e.Cells, cell)
		if cell.Flaky {
			e.Flaky = append(e.Flaky, r.ID)
		}
		before := e.before(r.ID)
		switch {
		case cell.Kind.Fails() && before == Pass:
			e.Came = append(e.Came, r.ID)
		case cell.Kind == Pass && before.Fails():
			e.Went = append(e.Went, r.ID)
		}
	}
}

// cell is how a requirement stands. Runs that did not judge it neither break a row of failures nor make one.
func (e *Endpoint) cell(id string) Cell {
	newest := e.Newest()
	c := Cell{Kind: newest.Kind(id), Message: newest.messages[id]}
	lasting := true
	last := Absent
	for i := len(e.Runs) - 1; i >= 0; i-- {
		kind := e.Runs[i].Kind(id)
		if same(kind, c.Kind) {
			if lasting {
				c.Since, c.Lasting = e.Runs[i].Started, c.Lasting+1
			}
		} else if kind.Judged() || !c.Kind.Judged() {
			lasting = false
		}
		if kind.Judged() {
			if last.Judged() && last.Fails() != kind.Fails() {
				c.Changes++
			}
			last = kind
		}
	}
	c.Flaky = c.Changes >= flakyChanges || newest.unstable[id]
	return c
}

// same reports whether two kinds are one to a reader who asks since when it is so: a failure stays one when it is waived.
func same(a, b Kind) bool { return a == b || a.Fails() && b.Fails() }

// before is how a requirement stood in the last run before the newest that judged it.
func (e *Endpoint) before(id string) Kind {
	for i := len(e.Runs) - 2; i >= 0; i-- {
		if kind := e.Runs[i].Kind(id); kind.Judged() {
			return kind
		}
	}
	return Absent
}

// count is how many requirements are of a kind.
func (e *Endpoint) count(kind Kind) int {
	n := 0
	for _, cell := range e.Cells {
		if cell.Kind == kind {
			n++
		}
	}
	return n
}

// trouble orders endpoints: harm first, then failures, then what could not be said.
func (e *Endpoint) trouble() int {
	run := e.Newest()
	switch {
	case len(run.Harm) > 0:
		return 0
	case run.ExitCode == reports.ExitDoesNot:
		return 1
	case run.Unreported:
		return 2
	case run.ExitCode == reports.ExitIncomplete:
		return 3
	case run.ExitCode == reports.ExitNothingJudged:
		return 4
	case run.ExitCode == reports.ExitLeftBehind:
		return 5
	case len(e.Came) > 0 || len(e.Flaky) > 0 || e.count(Advisory) > 0:
		return 6
	}
	return 7
}

// History is how a requirement stood in each run, the oldest first.
func (e *Endpoint) History(id string) string {
	history := make([]byte, len(e.Runs))
	for i, run := range e.Runs {
		history[i] = byte(run.Kind(id))
	}
	return string(history)
}
