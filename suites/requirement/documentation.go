package requirement

import (
	"fmt"
	"strings"
)

// documentation says where the sections of the API documentation can be read.
type documentation struct {
	Base     string            `yaml:"base"`
	Sections map[string]string `yaml:"sections"` // addresses below the base
}

// of are the sections that a source names. A catalogue that says of no section where it is has none.
func (d documentation) of(source string) ([]Section, error) {
	if d.Base == "" {
		return nil, nil
	}
	var sections []Section
	for part := range strings.SplitSeq(source, ";") {
		name := strings.TrimSpace(part)
		section, _, _ := strings.Cut(name, ",")
		section, _, _ = strings.Cut(section, " (")
		address, known := d.Sections[section]
		if !known {
			return nil, fmt.Errorf("the documentation's section %q has no address", section)
		}
		sections = append(sections, Section{name, d.Base + address})
	}
	return sections, nil
}
