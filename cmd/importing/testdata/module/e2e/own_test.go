package e2e_test

import (
	"fmt"
	"os"

	. "github.com/onsi/ginkgo/v2"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

var _ = Describe("Mine", Label("mine"), func() {
	It("passes", func() {})
	if os.Getenv("FOCUSED") != "" {
		FIt("is focused", func() {})
	}
})

// In the body of a container, the configuration is made when the tree is built.
var _ = Describe("Writing", Label("writing"), func() {
	if os.Getenv("WRITES") == "" {
		return
	}
	suites.Describe(suites.Config{
		Target: os.Getenv("LIBDRIVES_TARGET"), Username: os.Getenv("LIBDRIVES_USERNAME"), Password: os.Getenv("LIBDRIVES_PASSWORD"),
		Profile: requirement.WriteProfile, Observer: panics{},
		Report: func(result *suites.Result) {
			made := result.Report.Resources
			fmt.Printf("the report: %d made, %d left, green %v\n", len(made.Made), len(made.Left), result.ExitCode() == reports.ExitConforms)
		},
	})
})

// panics is a mistake of an importer's, in a run that has made something.
type panics struct{}

func (panics) Collecting(_, _ int, what string) {
	if os.Getenv("PANICS") != "" && what == "cleaning up" {
		panic("a mistake of mine")
	}
}
func (panics) Judged(reports.Result) {}
func (panics) Note(string)           {}
