package judge

import (
	"slices"
	"strings"

	"github.com/libdrives/conformance/reports"
	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// HaveAttached matches the definition of a server that names the drive, on the device where one is given.
func HaveAttached(uuid, device string) types.GomegaMatcher { return haveAttached{uuid, device, true} }

// HaveDetached matches the definition of a server that does not name the drive.
func HaveDetached(uuid string) types.GomegaMatcher { return haveAttached{uuid, "", false} }

type haveAttached struct {
	uuid, device string
	there        bool
}

func (m haveAttached) Match(actual any) (bool, error) {
	v, err := value(actual)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(v.Get("drives").Array(), m.is) == m.there, nil
}

// is reports whether an entry of a server's drives is the drive, nested or by its uuid or URI.
func (m haveAttached) is(entry gjson.Result) bool {
	drive := entry.Get("drive")
	names := drive.Get("uuid").String() == m.uuid || drive.Type == gjson.String && strings.Contains(drive.Str, m.uuid)
	return names && (m.device == "" || entry.Get("device").String() == m.device)
}

func (m haveAttached) explain(actual any) reports.Finding {
	expected := "drive " + m.uuid + " among its drives"
	switch {
	case !m.there:
		expected = "no " + expected
	case m.device != "":
		expected += ", on " + m.device
	}
	v, err := value(actual)
	if err != nil {
		return unsaid(inWords(expected, ""), err)
	}
	return reports.Finding{Expected: expected, Differences: []reports.Difference{
		{In: reports.InBody, Path: "drives", Expected: expected, Found: Clip(Show(v.Get("drives")))},
	}}
}

func (m haveAttached) FailureMessage(actual any) string { return message(m, actual) }

func (m haveAttached) NegatedFailureMessage(actual any) string { return "not " + message(m, actual) }
