package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/suites/evidence"
)

// library takes the name of a shape, or else the name of a file. A name that is neither is taken for a slip in a shape's.
func library(s *Settings, given string) error {
	if slices.Contains(shapes(), given) {
		s.Config.Reference.Library = given
		return nil
	}
	_, err := os.Stat(given)
	if err != nil && !strings.ContainsAny(given, `./\`) {
		return fmt.Errorf("%w, and there is no such file", setting{name: "library", choices: shapes()}.unknownChoice(given))
	}
	s.libraryFile = given
	return nil
}

// readLibrary reads a library of the user's own before the endpoint is started, so that a slip in it is told as wrong usage.
func (s *Settings) readLibrary() error {
	if s.libraryFile == "" {
		return nil
	}
	from := s.sources["library"].name
	own, err := OwnLibrary(from, s.libraryFile)
	if err != nil {
		return err
	}
	if there, all := own.Drives(); there < all {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s holds %d of the %d drives that its meta counts: limit=0 lists them all", s.libraryFile, there, all))
	}
	s.Config.Reference.Own = own
	return nil
}

// OwnLibrary reads a library of the user's own from a file, which is a list of library drives as JSON or a record of a run. from
// is what named the file, and stands in the error.
func OwnLibrary(from, file string) (*fixtures.OwnLibrary, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: the library can't be read: %w", from, err)
	}
	if evidence.IsRecord(content) {
		if content, err = libraryOf(content); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", from, file, err)
		}
	}
	own, err := fixtures.ReadLibrary(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", from, file, err)
	}
	return own, nil
}

// libraryOf finds the list of library drives in a record: the first that is whole, or else the longest.
func libraryOf(content []byte) ([]byte, error) {
	var head, tail json.RawMessage
	record, err := evidence.ReadRecord(bytes.NewReader(content), &head, &tail)
	if err != nil {
		return nil, err
	}
	var best evidence.Body
	longest := 0
	for _, x := range record.All() {
		if !listsLibrary(x) {
			continue
		}
		var list struct {
			Meta struct {
				Total int `json:"total_count"`
			} `json:"meta"`
			Objects []json.RawMessage `json:"objects"`
		}
		if json.Unmarshal(x.Response.Body.Bytes(), &list) != nil || len(list.Objects) <= longest {
			continue
		}
		best, longest = x.Response.Body, len(list.Objects)
		if longest >= list.Meta.Total {
			break
		}
	}
	if longest == 0 {
		return nil, errors.New("the record holds no list of library drives")
	}
	return best.Bytes(), nil
}

// listsLibrary says whether an exchange is a list of library drives, or a page of one, with every field and unfiltered.
func listsLibrary(x *evidence.Exchange) bool {
	asked, err := url.Parse(x.Request.URL)
	if err != nil || x.Request.Method != http.MethodGet || x.Response == nil || x.Response.Status != http.StatusOK || x.Response.Truncated {
		return false
	}
	for name := range asked.Query() {
		if name != "limit" && name != "offset" {
			return false
		}
	}
	path := strings.TrimSuffix(asked.Path, "/")
	return strings.HasSuffix(path, "/libdrives") || strings.HasSuffix(path, "/libdrives/detail")
}
