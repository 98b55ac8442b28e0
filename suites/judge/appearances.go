package judge

import (
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites/evidence"
)

// Appearance is a drive as one answer of the run tells it: as an entry of a list, or as its definition.
type Appearance struct {
	Drive
	Listed bool   // an entry of a list; else the answer is the drive's definition
	Path   string // of the request, below the API base, without its query: drives/detail/
	Query  url.Values
	server string // on which the drive is, in small letters, where it is told as an entry of one
	more   int    // further answers that tell the same of the drive, for the report
	place  placeTold
}

// Appearances are drives as the answers of the run tell them, in the order of the record. What must hold of a drive wherever it
// is told is expected of all of them, with Everywhere. A library of thousands of drives has millions of them: they are made
// one by one when they are looked at.
type Appearances struct {
	parsed  *parsed
	answers []telling
	only    []placeTold                       // where one drive is told; nil where it is about all
	mounts  []Appearance                      // in place of drives that answers tell: entries of servers, which name them
	byWhom  []func(a *Appearance) bool        // what holds of the answers; nothing of the drive is known yet
	holds   []func() func(a *Appearance) bool // makes what holds of the drives, for one pass over them
}

// telling is an answer that tells of drives.
type telling struct {
	from   *evidence.Exchange
	path   string
	query  url.Values
	listed bool // its drives are entries of a list
	how    howTold
}

// placeTold is the place of a drive: of the answer, and in it. The answer is negative where no answer is looked at, but entries of
// servers.
type placeTold struct{ answer, index int32 }

// howTold is in what an answer tells of drives.
type howTold uint8

const (
	inJSONList howTold = iota
	asJSONObject
	asXML
)

// Appearances are all drives that the whole answers of the run tell in JSON, whoever asked and whatever for: lists, pages,
// filtered lists, single drives, answers to writes, looks at what is under way. As Everything, they are empty while the
// plan is made.
func (lib *Library) Appearances() Appearances {
	lib.All = true
	if lib.Planning {
		return Appearances{}
	}
	return lib.allAppearances()
}

// allAppearances are those that are in the record so far.
func (lib *Library) allAppearances() Appearances {
	return Appearances{parsed: lib.Parsed, answers: lib.tellings("JSON", lib.tellsInJSON)}
}

// AppearancesInXML are Appearances as the answers in XML tell them, with the values of each drive as texts.
func (lib *Library) AppearancesInXML() Appearances {
	lib.All = true
	if lib.Planning {
		return Appearances{}
	}
	return lib.allAppearancesInXML()
}

func (lib *Library) allAppearancesInXML() Appearances {
	return Appearances{parsed: lib.Parsed, answers: lib.tellings("XML", lib.tellsInXML)}
}

// tellings are the answers of the run that tell of drives, in the order of the record.
func (lib *Library) tellings(format string, tells func(Answer) (telling, bool)) []telling {
	return lib.Parsed.looks.tellings(format).extended(lib, tells)
}

func (lib *Library) tellsInXML(answer Answer) (telling, bool) {
	path, query, drives := lib.below(answer.Exchange)
	if !drives || answer.Status() != 200 || answer.Exchange.Request.Method != http.MethodGet || answer.format() != "XML" {
		return telling{}, false
	}
	if _, err := answer.XML(); err != nil {
		return telling{}, false
	}
	defined := path != DrivesDetailPath && path != LibdrivesDetailPath && strings.Count(path, "/") > 1
	return telling{from: answer.Exchange, path: path, query: query, listed: !defined, how: asXML}, true
}

func (lib *Library) tellsInJSON(answer Answer) (telling, bool) {
	x := answer.Exchange
	path, query, drives := lib.below(x)
	method := x.Request.Method
	if !drives || x.Status()/100 != 2 || method == http.MethodHead || method == http.MethodOptions {
		return telling{}, false
	}
	switch body := lib.Parsed.body(x); {
	case body.problem != "":
		return telling{}, false
	case body.listed:
		return telling{from: x, path: path, query: query, listed: method == http.MethodGet}, true
	}
	_, shown := lib.Parsed.object(x)
	return telling{from: x, path: path, query: query, how: asJSONObject}, shown
}

// each gives the appearances one by one. They are one and the same: who keeps one takes a copy.
func (told Appearances) each(yield func(*Appearance) bool) {
	holds := make([]func(*Appearance) bool, len(told.holds))
	for i, made := range told.holds {
		holds[i] = made()
	}
	var a Appearance
	all := func(conditions []func(*Appearance) bool) bool {
		return !slices.ContainsFunc(conditions, func(holds func(*Appearance) bool) bool { return !holds(&a) })
	}
	begin := func(t telling) bool {
		a = Appearance{Path: t.path, Query: t.query, Listed: t.listed}
		a.From = t.from
		return all(told.byWhom)
	}
	look := func(drive Drive, answer int) bool {
		a.Drive, a.place = drive, placeTold{int32(answer), int32(drive.Index)}
		return !all(holds) || yield(&a)
	}
	for i, mount := range told.mounts {
		a, a.place = mount, placeTold{-1, int32(i)}
		if all(told.byWhom) && all(holds) && !yield(&a) {
			return
		}
	}
	if told.only != nil {
		for _, place := range told.only {
			t := told.answers[place.answer]
			if begin(t) && !look(told.parsed.toldAt(t, place.index), int(place.answer)) {
				return
			}
		}
		return
	}
	for i, t := range told.answers {
		if !begin(t) {
			continue
		}
		for drive := range told.parsed.toldBy(t) {
			if !look(drive, i) {
				return
			}
		}
	}
}

// toldBy are the drives that an answer tells of.
func (p *parsed) toldBy(t telling) iter.Seq[Drive] {
	return func(yield func(Drive) bool) {
		switch t.how {
		case asJSONObject:
			if drive, shown := p.object(t.from); shown {
				yield(drive)
			}
		case asXML:
			drives, _ := p.drivesInXML(t.from) // that it can be read is known
			for _, drive := range drives {
				if !yield(drive) {
					return
				}
			}
		default:
			for drive := range p.listedBy(t.from) {
				if drive.UUID != "" && !yield(drive) {
					return
				}
			}
		}
	}
}

// toldAt is the drive at a place of an answer.
func (p *parsed) toldAt(t telling, index int32) Drive {
	switch t.how {
	case asJSONObject:
		drive, _ := p.object(t.from)
		return drive
	case asXML:
		drives, _ := p.drivesInXML(t.from)
		return drives[index]
	}
	if p.body(t.from).framed {
		p.mu.Lock()
		defer p.mu.Unlock()
		body := t.from.Response.Body
		return p.drive(body.Store(), body.Entries()[index], t.from, int(index))
	}
	return p.objects(t.from)[index]
}

// where are those of the appearances for which a condition holds.
func (told Appearances) where(holds func(*Appearance) bool) Appearances {
	return told.wherePassing(func() func(*Appearance) bool { return holds })
}

// wherePassing is where, by a condition that is made anew for each pass over the appearances.
func (told Appearances) wherePassing(made func() func(*Appearance) bool) Appearances {
	told.holds = append(slices.Clip(told.holds), made)
	return told
}

// inAnswers is where, by a condition of the answer alone.
func (told Appearances) inAnswers(holds func(*Appearance) bool) Appearances {
	told.byWhom = append(slices.Clip(told.byWhom), holds)
	return told
}

// In are those that one answer tells.
func (told Appearances) In(x *evidence.Exchange) Appearances {
	return told.inAnswers(func(a *Appearance) bool { return a.From == x })
}

// Under are those told by a path that begins so: DrivesPath, LibdrivesPath.
func (told Appearances) Under(path string) Appearances {
	return told.inAnswers(func(a *Appearance) bool { return strings.HasPrefix(a.Path, path) })
}

// ByGet are those of answers to GET.
func (told Appearances) ByGet() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return a.From.Request.Method == http.MethodGet })
}

// InLists are those that are entries of a list.
func (told Appearances) InLists() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return a.Listed })
}

// AsDefined are those of answers that define the drive.
func (told Appearances) AsDefined() Appearances {
	return told.inAnswers(func(a *Appearance) bool { return !a.Listed })
}

// Whole are those that define a drive with all that is known of it: by itself, or in the detail list with no fields chosen.
func (told Appearances) Whole() Appearances {
	return told.inAnswers(func(a *Appearance) bool {
		return !a.Listed || (a.Path == DrivesDetailPath || a.Path == LibdrivesDetailPath) && !a.Query.Has("fields")
	})
}

// Of are those of the drives.
func (told Appearances) Of(drives *Index) Appearances {
	return told.where(func(a *Appearance) bool { return drives.has(a.Drive) })
}

// NotOf are those of other drives.
func (told Appearances) NotOf(drives *Index) Appearances {
	return told.where(func(a *Appearance) bool { return !drives.has(a.Drive) })
}

// Telling are those in which a field is to be there: without those that were asked for other fields and do not have it.
func (told Appearances) Telling(field string) Appearances {
	return told.where(func(a *Appearance) bool {
		chosen, chosenAtAll := a.Query["fields"]
		return !chosenAtAll || a.Field(field).Exists() ||
			slices.ContainsFunc(chosen, func(list string) bool { return slices.Contains(strings.Split(list, ","), field) })
	})
}

// Having are those that have a field that is not null.
func (told Appearances) Having(field string) Appearances {
	return told.where(func(a *Appearance) bool { return a.Field(field).Type != gjson.Null })
}

// SinceWriting are those of answers that came once the run had begun to write. What the exchange tells as it was asked for
// counts: an answer to a request that was sent before may be older.
func (told Appearances) SinceWriting(lib *Library) Appearances {
	first := lib.firstWrite()
	return told.inAnswers(func(a *Appearance) bool { return first != nil && !a.From.Started.Before(first.Started) })
}

// BeforeWriting are those of answers to what was asked before the run began to write: all, where it did not.
func (told Appearances) BeforeWriting(lib *Library) Appearances {
	first := lib.firstWrite()
	return told.inAnswers(func(a *Appearance) bool { return first == nil || a.From.Started.Before(first.Started) })
}

// firstWrite is the exchange by which the run began to write; nil where it did not.
func (lib *Library) firstWrite() *evidence.Exchange {
	if lib.Planning {
		return nil
	}
	return lib.beganToWrite()
}

// beganToWrite is firstWrite, as far as the record has come.
func (lib *Library) beganToWrite() *evidence.Exchange {
	return Once(lib.Evaluator, fmt.Sprintf("first write, %d exchanges", lib.Record.Len()), func() (first *evidence.Exchange) {
		for _, x := range lib.Record.All() {
			if !reads(x) && x.Step.Scenario != "" && !x.Unsent && (first == nil || x.Started.Before(first.Started)) {
				first = x
			}
		}
		return first
	})
}

// Subject is the drive, with the answer that tells it.
func (a Appearance) Subject() reports.Subject {
	subject := a.Drive.Subject()
	x := a.From
	place := fmt.Sprintf("%s %s", x.Request.Method, ClipTo(x.Request.Path(), LongestShown))
	if x.Step.Scenario != "" {
		place += fmt.Sprintf(" at the step “%s” of the scenario “%s”", strings.TrimPrefix(x.Key, x.Step.Scenario+"/"), x.Step.Scenario)
	}
	subject.Words = "in the answer to " + place
	if a.more > 0 {
		subject.Words += fmt.Sprintf(", and in %d more", a.more)
	}
	return subject
}

// BeToldOnce matches no appearance: each of those is of a drive that its answer tells before.
func BeToldOnce() types.GomegaMatcher {
	return match{
		expected: "each drive once",
		holds:    func(gjson.Result) bool { return false },
		found:    func(v gjson.Result) string { return "it is listed a second time: " + Clip(Show(v)) },
	}
}

// NotBeTold matches no appearance: where a drive must not be told, each that tells it is wrong.
func NotBeTold() types.GomegaMatcher {
	return match{
		expected: "an answer without it",
		holds:    func(gjson.Result) bool { return false },
		found:    func(v gjson.Result) string { return "it is told: " + Clip(Show(v)) },
	}
}
