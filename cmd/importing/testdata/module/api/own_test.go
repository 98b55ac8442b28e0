package api_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
)

var _ = Describe("Mine", func() {
	It("is judged inside a spec", func() {
		result := suites.Run(GinkgoT(), suites.Config{Select: "LIST"})
		Expect(result.ExitCode()).To(Equal(reports.ExitConforms))
	})
	It("passes", func() {})
	It("is to fail", func() { Fail("and is seen failing") })
})

func TestMySuite(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "My suite")
}

func TestSeveralAtOnce(t *testing.T) {
	for _, selected := range []string{"LIST", "OWNER", "CLONE"} {
		t.Run(selected, func(t *testing.T) {
			t.Parallel()
			suites.Run(t, suites.Config{Select: selected})
		})
	}
}

func TestLibraryDrivesAgain(t *testing.T) { TestLibraryDrives(t) }
