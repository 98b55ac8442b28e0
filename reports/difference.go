package reports

import (
	"fmt"
	"slices"
	"strings"
)

// Subject is what was looked at: a drive, or something else that stands in the library or in the account, by its kind and
// uuid; or an answer or a list, in words.
type Subject struct {
	Kind  string `json:"kind"` // drive, clone, field, answer …: empty where the words say it all
	UUID  string `json:"uuid"`
	Name  string `json:"name"`
	Words string `json:"words"` // what else there is to say of it
}

// KindDrive is a drive that others may add or remove while the suite reads.
const KindDrive = "drive"

// InWords is a subject that has no kind.
func InWords(text string) Subject { return Subject{Words: text} }

// String names the subject as reports do: `drive c7105ec8-…  "Windows Server 2022"`.
func (s Subject) String() string {
	if s.Kind == "" {
		return s.Words
	}
	return s.Kind + " " + s.Bare()
}

// Identity is what makes it another subject than others: a drive is one, in however many answers it is looked at.
func (s Subject) Identity() string {
	if s.UUID != "" {
		return s.Kind + " " + s.UUID
	}
	return s.String()
}

// Bare is the subject without its kind, which then stands beside it.
func (s Subject) Bare() string {
	text := s.UUID
	if s.Name != "" {
		text += fmt.Sprintf("  %q", s.Name)
	}
	return strings.TrimSpace(text + " " + s.Words)
}

// Difference is one thing that is not as it should be.
type Difference struct {
	In       Location `json:"in"`
	Path     string   `json:"path"`     // in a body, licenses[1].amount, empty for all of it; a header's name; of a drive, what is wrong with it
	Expected string   `json:"expected"` // empty where a rule has no value that would be right
	Found    string   `json:"found"`
	Value    string   `json:"value,omitempty"` // the value itself, where Found says in words what is wrong with it
	Drive    Subject  `json:"drive,omitzero"`  // of a list: the drive that is missing, too many or out of place
	Note     string   `json:"note,omitempty"`  // what else was found with it
}

// Place is what a difference is found in.
type Location string

// The places.
const (
	InAnswer Location = "answer" // as a whole
	InBody   Location = "body"
	InStatus Location = "status"
	InHeader Location = "header"
	InList   Location = "list"  // which drives it names
	InCount  Location = "count" // how many it names
	InOrder  Location = "order" // where it names them
)

// Sides name two answers that were compared.
type Sides struct {
	There string `json:"there"`
	Here  string `json:"here"`
}

// Part is a piece of what a finding says. It may be a side of a difference, which then has another one.
type Part struct {
	Text  string
	Of    SideOf
	Other string // the other side
	Loose bool   // the sides are whole texts, that need not have anything in common
}

// SideOf says which side of a difference a part is.
type SideOf int

// The sides.
const (
	OfNeither SideOf = iota
	OfExpected
	OfFound
)

// mostSaid is how many bytes are said of what two answers differ in.
const mostSaid = 4000

// Words say what was expected and what was found, in pieces of which it is known what differs.
func (f Finding) Words() (expected, found []Part) {
	expected, found = f.expectedParts(), f.foundParts()
	if f.Under != "" {
		under := Part{Text: f.Under + ": "}
		expected, found = append([]Part{under}, expected...), append([]Part{under}, found...)
	}
	return expected, found
}

// ExpectedText is what was expected, in words.
func (f Finding) ExpectedText() string {
	expected, _ := f.Words()
	return joined(expected)
}

// FoundText is what was found, in words.
func (f Finding) FoundText() string {
	_, found := f.Words()
	return joined(found)
}

func joined(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

func plain(text string) []Part {
	if text == "" {
		return nil
	}
	return []Part{{Text: text}}
}

func (f Finding) expectedParts() []Part {
	for _, d := range f.Differences {
		side := Part{Text: d.Expected, Of: OfExpected, Other: d.Found}
		switch {
		case d.In == InCount && f.Expected != "":
			return []Part{{Text: f.Expected + " ("}, side, {Text: ")"}}
		case f.Expected != "":
		case d.bare():
			side.Loose = true
			return []Part{side}
		default:
			return []Part{{Text: d.label()}, side}
		}
	}
	return plain(f.Expected)
}

func (f Finding) foundParts() []Part {
	if f.Found != "" {
		return plain(f.Found)
	}
	var parts []Part
	for i, d := range f.Differences {
		if i > 0 {
			parts = append(parts, Part{Text: "\n"})
		}
		parts = append(parts, f.said(d)...)
	}
	if f.Compared != nil {
		return clipped(parts, mostSaid)
	}
	return parts
}

// said is one difference in words.
func (f Finding) said(d Difference) []Part {
	found := Part{Text: d.Found, Of: OfFound, Other: d.Expected}
	switch {
	case f.Compared != nil:
		return []Part{{Text: d.Path + ": "}, {Text: d.Expected, Of: OfExpected, Other: d.Found}, {Text: " in " + f.Compared.There + ", "}, found, {Text: " in " + f.Compared.Here}}
	case d.In == InList && d.Drive != Subject{}:
		return []Part{{Text: d.Path + ": "}, {Text: d.Drive.String(), Of: OfFound}}
	case d.In == InOrder:
		return []Part{{Text: "in another order: at " + d.Path + " stands "}, {Text: d.Found}, {Text: " instead of " + d.Expected}}
	case d.In == InStatus && d.Note != "":
		return []Part{{Text: d.label()}, found, {Text: ": " + d.Note}}
	case d.bare():
		found.Loose = true
		return []Part{found}
	case d.In == InBody && d.Expected == "":
		return []Part{{Text: strings.TrimPrefix(d.Path+" ", " ")}, found}
	case d.In == InCount:
		return []Part{found}
	}
	return []Part{{Text: d.label()}, found}
}

// bare reports whether the sides say all of the difference. InHeader they do too: they name the header.
func (d Difference) bare() bool {
	return d.In == InAnswer || d.In == InHeader || d.In == InBody && d.Path == "" && d.Expected != ""
}

// label is what stands before a side of the difference.
func (d Difference) label() string {
	if d.In == InStatus {
		return "status "
	}
	return d.Path + ": "
}

// clipped are the first pieces, of no more than so many bytes.
func clipped(parts []Part, most int) []Part {
	for i, p := range parts {
		if len(p.Text) > most {
			parts[i].Text = strings.ToValidUTF8(p.Text[:most], "") + "…"
			return parts[:i+1]
		}
		if most -= len(p.Text); most == 0 && i+1 < len(parts) {
			return append(parts[:i+1:i+1], Part{Text: "…"})
		}
	}
	return parts
}

// Through is the finding with all that an endpoint may have said in it put through a function. The rule is the suite's own.
func (f Finding) Through(text func(string) string) Finding {
	f.Subject, f.Under, f.Expected, f.Found = f.Subject.through(text), text(f.Under), text(f.Expected), text(f.Found)
	f.Differences = slices.Clone(f.Differences)
	for i, d := range f.Differences {
		f.Differences[i] = Difference{
			In: d.In, Path: text(d.Path), Expected: text(d.Expected), Found: text(d.Found), Value: text(d.Value), Drive: d.Drive.through(text), Note: text(d.Note),
		}
	}
	if f.Compared != nil {
		f.Compared = &Sides{There: text(f.Compared.There), Here: text(f.Compared.Here)}
	}
	return f
}

func (s Subject) through(text func(string) string) Subject {
	s.UUID, s.Name, s.Words = text(s.UUID), text(s.Name), text(s.Words)
	return s
}
