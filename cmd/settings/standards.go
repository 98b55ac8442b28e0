package settings

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/waivers"
	"github.com/libdrives/conformance/suites/requirement"
)

// readWaivers reads the file of waivers before any request, so that a slip in it is reported as wrong usage.
func (s *Settings) readWaivers() error {
	if strings.TrimSpace(s.waiversFile) == "" {
		return nil // none were named, or the empty value was reported already
	}
	from := s.sources["waivers"].name
	content, err := os.ReadFile(s.waiversFile)
	if err != nil {
		return fmt.Errorf("%s: the waivers can't be read: %w", from, err)
	}
	catalogue, err := requirement.Load()
	if err != nil {
		return err
	}
	if s.Config.Waivers, err = waivers.Parse(s.waiversFile, content, catalogue); err == nil {
		return nil
	}
	var errs []error
	for line := range strings.SplitSeq(err.Error(), "\n") {
		errs = append(errs, fmt.Errorf("%s: %s", from, line))
	}
	return errors.Join(errs...)
}

// readBaseline reads the earlier report that the run is compared with.
func (s *Settings) readBaseline() error {
	if strings.TrimSpace(s.baselineFile) == "" {
		return nil // none was named, or the empty value was reported already
	}
	report, err := json.ReadFile(s.baselineFile)
	if err != nil {
		return fmt.Errorf("%s: %w", s.sources["baseline"].name, err)
	}
	s.Config.Baseline = report
	return nil
}
