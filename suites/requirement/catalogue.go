package requirement

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Level says how firmly the documentation states a requirement.
type Level string

// The levels, firmest first.
const (
	Must   Level = "must"   // the documentation states it
	Should Level = "should" // the documentation shows it by example, or implies it
	May    Level = "may"    // undocumented, but what a careful client expects of any HTTP API
)

// Levels lists the levels, firmest first.
func Levels() []Level { return []Level{Must, Should, May} }

// Gates reports whether a gate set at level l fails on a requirement of level other: a gate at should fails on must
// and should.
func (l Level) Gates(other Level) bool {
	return slices.Index(Levels(), other) <= slices.Index(Levels(), l)
}

// Effect says what judging a requirement does to the account.
type Effect string

// The effects, mildest first.
const (
	Read  Effect = "read"  // GET, HEAD and OPTIONS only
	Write Effect = "write" // makes, edits and deletes resources of its own
	Probe Effect = "probe" // asks for what a sound endpoint refuses and a broken one might carry out
)

// Effects lists the effects, mildest first.
func Effects() []Effect { return []Effect{Read, Write, Probe} }

// Requirement is one entry of the catalogue.
type Requirement struct {
	ID     string `yaml:"id"`     // AREA-NN, stable for ever
	Area   string `yaml:"-"`      // the part of the id before the hyphen
	Level  Level  `yaml:"level"`  // must, should or may
	Effect Effect `yaml:"effect"` // read, write or probe
	Source string `yaml:"source"` // page and section of the API documentation
	States string `yaml:"states"` // what must hold, one sentence or more
	// Widened is the edition of the catalogue since which the statement asks for more than before; 0 where it never did.
	Widened int `yaml:"widened"`
	// Documentation is where the parts of the source can be read.
	Documentation []Section `yaml:"-"`
}

// Section is a section of the API documentation, and its public address.
type Section struct {
	Name string `json:"section"`
	URL  string `json:"url"`
}

// Area is a group of requirements, named as in their ids, with the title of the documentation's section.
type Area struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// Catalogue is the whole list, in the order of the documentation.
type Catalogue struct {
	edition      int
	areas        []Area
	requirements []Requirement
	index        map[string]int
}

//go:embed requirements.yaml
var published []byte

// Load reads the catalogue that is built into the suite. The error tells of a damaged build, never of user input.
func Load() (*Catalogue, error) { return load() }

// load reads it once: a process that judges hundreds of endpoints needs it for each, and nobody can change it.
var load = sync.OnceValues(func() (*Catalogue, error) { return Parse(published) })

var identifier = regexp.MustCompile(`^([A-Z]+)-[0-9]{2}$`)

// Parse reads a catalogue from YAML in the form of requirements.yaml. Unknown keys, unknown levels, effects and areas,
// ids out of form and ids given twice are errors that name the entry.
func Parse(text []byte) (*Catalogue, error) {
	var file struct {
		Edition       int           `yaml:"edition"`
		Documentation documentation `yaml:"documentation"`
		Areas         yaml.MapSlice `yaml:"areas"`
		Requirements  []Requirement `yaml:"requirements"`
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&file); err != nil {
		return nil, fmt.Errorf("the catalogue can't be read: %w", err)
	}
	if file.Edition < 1 {
		return nil, fmt.Errorf("the catalogue's edition is %d, and should be 1 or more", file.Edition)
	}
	c := &Catalogue{edition: file.Edition, index: map[string]int{}}
	for _, item := range file.Areas {
		c.areas = append(c.areas, Area{Name: fmt.Sprint(item.Key), Title: fmt.Sprint(item.Value)})
	}
	for i, r := range file.Requirements {
		match := identifier.FindStringSubmatch(r.ID)
		switch {
		case match == nil:
			return nil, fmt.Errorf("catalogue entry %d: id %q is not of the form AREA-NN", i+1, r.ID)
		case !slices.ContainsFunc(c.areas, func(a Area) bool { return a.Name == match[1] }):
			return nil, fmt.Errorf("catalogue entry %s: no area is named %q", r.ID, match[1])
		case !slices.Contains(Levels(), r.Level):
			return nil, fmt.Errorf("catalogue entry %s: level %q is none of must, should, may", r.ID, r.Level)
		case !slices.Contains(Effects(), r.Effect):
			return nil, fmt.Errorf("catalogue entry %s: effect %q is none of read, write, probe", r.ID, r.Effect)
		case r.Widened < 0 || r.Widened == 1 || r.Widened > file.Edition:
			return nil, fmt.Errorf("catalogue entry %s: widened is %d, and should be an edition from 2 to %d, or left out", r.ID, r.Widened, file.Edition)
		case r.Source == "" || r.States == "":
			return nil, fmt.Errorf("catalogue entry %s: source and states must not be empty", r.ID)
		}
		if _, twice := c.index[r.ID]; twice {
			return nil, fmt.Errorf("catalogue entry %s is there twice", r.ID)
		}
		r.Area = match[1]
		var err error
		if r.Documentation, err = file.Documentation.of(r.Source); err != nil {
			return nil, fmt.Errorf("catalogue entry %s: %w", r.ID, err)
		}
		c.index[r.ID] = len(c.requirements)
		c.requirements = append(c.requirements, r)
	}
	return c, nil
}

// Edition numbers the catalogue: it goes up when a statement asks for more than before.
func (c *Catalogue) Edition() int { return c.edition }

// All returns every requirement in catalogue order.
func (c *Catalogue) All() []Requirement { return slices.Clone(c.requirements) }

// Areas returns the areas in catalogue order.
func (c *Catalogue) Areas() []Area { return slices.Clone(c.areas) }

// Lookup returns the requirement of an id; the id's case does not matter.
func (c *Catalogue) Lookup(id string) (Requirement, error) {
	i, found := c.index[strings.ToUpper(strings.TrimSpace(id))]
	if !found {
		return Requirement{}, unknown("requirement", id, c.ids(), "list shows them all")
	}
	return c.requirements[i], nil
}

func (c *Catalogue) ids() []string {
	ids := make([]string, len(c.requirements))
	for i, r := range c.requirements {
		ids[i] = r.ID
	}
	return ids
}

// Compare orders two ids as the catalogue does; for slices.SortFunc.
func (c *Catalogue) Compare(a, b string) int { return c.index[a] - c.index[b] }
