package judge

import (
	"cmp"
	"fmt"
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
	more   int // further answers that tell the same of the drive, for the report
}

// Appearances are drives as the answers of the run tell them, in the order of the record. What must hold of a drive wherever it
// is told is expected of all of them, with Everywhere. They are shared, and not to be changed.
type Appearances []*Appearance

// Appearances are all drives that the whole answers of the run tell in JSON, whoever asked and whatever for: lists, pages,
// filtered lists, single drives, answers to writes, looks at what is under way. As Everything, they are empty while the
// plan is made.
func (lib *Library) Appearances() Appearances {
	lib.All = true
	if lib.Planning {
		return nil
	}
	return lib.allAppearances()
}

// allAppearances are those that are in the record so far.
func (lib *Library) allAppearances() Appearances {
	return Once(lib.Evaluator, fmt.Sprintf("appearances, %d exchanges", lib.Record.Len()), func() (told Appearances) {
		answers := lib.wholeAnswers()
		slices.SortStableFunc(answers, func(a, b Answer) int { return cmp.Compare(a.Exchange.Number, b.Exchange.Number) })
		for _, answer := range answers {
			told = append(told, lib.appearing(answer.Exchange)...)
		}
		return told
	})
}

// AppearancesInXML are Appearances as the answers in XML tell them, with the values of each drive as texts.
func (lib *Library) AppearancesInXML() Appearances {
	lib.All = true
	if lib.Planning {
		return nil
	}
	return lib.allAppearancesInXML()
}

func (lib *Library) allAppearancesInXML() Appearances {
	return Once(lib.Evaluator, fmt.Sprintf("appearances in XML, %d exchanges", lib.Record.Len()), func() (told Appearances) {
		answers := lib.wholeAnswers()
		slices.SortStableFunc(answers, func(a, b Answer) int { return cmp.Compare(a.Exchange.Number, b.Exchange.Number) })
		for _, answer := range answers {
			path, query, drives := lib.below(answer.Exchange)
			if !drives || answer.Status() != 200 || answer.Exchange.Request.Method != http.MethodGet || answer.format() != "XML" {
				continue
			}
			found, err := answer.XML()
			if err != nil {
				continue
			}
			defined := path != DrivesDetailPath && path != LibdrivesDetailPath && strings.Count(path, "/") > 1
			for _, drive := range found {
				told = append(told, &Appearance{Drive: drive, Listed: !defined, Path: path, Query: query})
			}
		}
		return told
	})
}

// appearing are the drives that one answer tells.
func (lib *Library) appearing(x *evidence.Exchange) (told Appearances) {
	path, query, drives := lib.below(x)
	method := x.Request.Method
	if !drives || x.Status()/100 != 2 || method == http.MethodHead || method == http.MethodOptions {
		return nil
	}
	body := lib.Parsed.body(x)
	if body.problem != "" {
		return nil
	}
	if body.listed {
		for _, drive := range lib.Parsed.objects(x) {
			if drive.UUID != "" {
				told = append(told, &Appearance{Drive: drive, Path: path, Query: query, Listed: method == http.MethodGet})
			}
		}
		return told
	}
	if drive, shown := lib.Parsed.object(x); shown {
		told = append(told, &Appearance{Drive: drive, Path: path, Query: query})
	}
	return told
}

// below is what a request asked for below the API base, and whether that is a drive or a list of drives.
func (lib *Library) below(x *evidence.Exchange) (path string, query url.Values, drives bool) {
	path, text, _ := strings.Cut(x.Request.Path(), "?")
	path = strings.TrimPrefix(path, lib.BasePath)
	switch path {
	case LibdrivesSchemaPath, DrivesPath + "schema/":
		return path, nil, false
	}
	query, _ = url.ParseQuery(text) // of what can't be read, what can be is enough to tell `fields` by
	return path, query, strings.HasPrefix(path, LibdrivesPath) || strings.HasPrefix(path, DrivesPath)
}

// where are those of the appearances for which a condition holds.
func (told Appearances) where(holds func(*Appearance) bool) (some Appearances) {
	for _, a := range told {
		if holds(a) {
			some = append(some, a)
		}
	}
	return some
}

// Under are those told by a path that begins so: DrivesPath, LibdrivesPath.
func (told Appearances) Under(path string) Appearances {
	return told.where(func(a *Appearance) bool { return strings.HasPrefix(a.Path, path) })
}

// ByGet are those of answers to GET.
func (told Appearances) ByGet() Appearances {
	return told.where(func(a *Appearance) bool { return a.From.Request.Method == http.MethodGet })
}

// InLists are those that are entries of a list.
func (told Appearances) InLists() Appearances {
	return told.where(func(a *Appearance) bool { return a.Listed })
}

// AsDefined are those of answers that define the drive.
func (told Appearances) AsDefined() Appearances {
	return told.where(func(a *Appearance) bool { return !a.Listed })
}

// Of are those of the drives.
func (told Appearances) Of(drives map[string]Drive) Appearances {
	return told.where(func(a *Appearance) bool { _, is := drives[a.UUID]; return is })
}

// NotOf are those of other drives.
func (told Appearances) NotOf(drives map[string]Drive) Appearances {
	return told.where(func(a *Appearance) bool { _, is := drives[a.UUID]; return !is })
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
	return told.where(func(a *Appearance) bool { return first != nil && !a.From.Started.Before(first.Started) })
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

// Everywhere asserts of every appearance that it matches. A drive is one subject, however many answers tell of it: of those in
// which it is not as it should be, the first one is the finding, which says how many more there are.
func (lib *Library) Everywhere(told Appearances, matcher types.GomegaMatcher, rule string, relying ...string) {
	type drive struct {
		first, wrong *Appearance
		more         int
	}
	drives := map[string]*drive{}
	var order []*drive
	_, ofAnswers := matcher.(interface{ ofAnswers() })
	matching := map[*fields]bool{} // what is told in the same words matches as it did before, unless it matters by which answer
	for _, a := range told {
		d := drives[a.UUID]
		if d == nil {
			d = &drive{first: a}
			drives[a.UUID], order = d, append(order, d)
		} else if a.From.Key < d.first.From.Key { // which of them was answered first differs from run to run
			d.first = a
		}
		matches, known := matching[a.fields]
		if !known || a.fields == nil || ofAnswers {
			matched, err := matcher.Match(*a)
			matches = matched && err == nil
			matching[a.fields] = matches
		}
		if matches {
			continue
		}
		switch {
		case d.wrong == nil:
			d.wrong = a
		case a.From.Key < d.wrong.From.Key:
			d.wrong = a
			d.more++
		default:
			d.more++
		}
	}
	slices.SortStableFunc(order, func(a, b *drive) int {
		return cmp.Or(cmp.Compare(a.first.From.Key, b.first.From.Key), cmp.Compare(a.first.Index, b.first.Index))
	})
	known := map[string]bool{}
	for _, f := range lib.Findings {
		known[f.Subject.UUID] = known[f.Subject.UUID] || !f.compared
	}
	for _, d := range order {
		subject := *d.first
		if d.wrong != nil {
			if known[subject.UUID] {
				continue // it was found already where the drive was asked for
			}
			subject = *d.wrong
			subject.more = d.more
			lib.takeAgain(subject.From)
		}
		lib.Expect(subject).RelyingOn(relying...).To(matcher, rule)
	}
}

// count notes that a subject was judged. A drive that was judged by itself is not another subject where an answer tells it.
func (lib *Library) count(actual any, subject reports.Subject) {
	if _, told := actual.(Appearance); !told || !lib.counted[subject.UUID] {
		lib.looks[subject.String()] = true
	}
	if subject.UUID != "" {
		lib.counted[subject.UUID] = true
	}
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
