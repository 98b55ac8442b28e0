package reports_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/example"
	reportsjson "github.com/libdrives/conformance/reports/json"
	"github.com/libdrives/conformance/reports/markdown"
	"github.com/libdrives/conformance/reports/text"
)

// blindReport is a report of a run that would not have noticed this and that.
func blindReport(t *testing.T) *reports.Report {
	r := example.MadeUp(t)
	spot := func(area, says, because, opens string) reports.BlindSpot {
		return reports.BlindSpot{Area: area, Requirements: []string{area + "-01"}, Fault: "f", Says: says, Because: because, Opens: opens}
	}
	r.Blind = &reports.BlindSpots{
		Library: 1000, Served: 100, Sampled: 200, LeftOut: []string{"drive 7 of 1000 (\"x\"): it has no name"}, Untried: 3, Limit: 30 * time.Second,
		Beyond: reports.BeyondProfile{Catalogue: 171, ByProfile: 69, BySelection: 2, Faults: 705, FaultsBeyond: 301},
		Named:  reports.BlindCount{Tried: 400, Noticed: 390, Blind: 8, Neither: 2}, Made: reports.BlindCount{Tried: 100, Noticed: 100},
		Spots: []reports.BlindSpot{
			spot("LIC", "amounts are <b>lost</b>", "no drive has two licences", "a drive with two licences"),
			spot("LIC", "licences are lost", "no drive has two licences", "a drive with two licences"),
			spot("LIST", "a drive is listed twice", "", ""),
		},
	}
	r.Blind.Spots[2].Unsought = true
	return r
}

func TestEveryFormatTellsBlindSpots(t *testing.T) {
	t.Parallel()
	r := blindReport(t)
	md := example.Render(t, func(b *strings.Builder) error { return markdown.Write(b, r) })
	for format, told := range map[string]string{"text": textOf(t, r, text.Options{Width: 500}), "HTML": htmlOf(t, r), "Markdown": md} {
		for _, want := range []string{
			"2 wrong behaviours would not be noticed: no drive has two licences. To notice them: a drive with two licences.", "licences are lost",
			"1 wrong behaviour would not be noticed. What would show it was not looked for: the time was over.",
			"100 of 1000 drives", "500 wrong behaviours, 100 of them made by code: 490 noticed, 3 blind spots", "69 of 171 requirements and 301 of 705 faults",
			"200 of 1000 drives were looked at one by one", "3 wrong behaviours were not tried", "it has no name", "2 more can",
		} {
			if !strings.Contains(told, want) {
				t.Errorf("%s does not tell %q", format, want)
			}
		}
		if strings.Contains(told, "<b>lost") && format == "HTML" {
			t.Error("what goes wrong is markup in HTML")
		}
	}
	if without := example.MadeUp(t); strings.Contains(textOf(t, without, text.Options{}), "Blind") || strings.Contains(htmlOf(t, without), "Blind") {
		t.Error("a run that was not asked for blind spots tells of them")
	}
}

func TestBlindSpotsAreReadBack(t *testing.T) {
	t.Parallel()
	written := example.Render(t, func(b *strings.Builder) error { return reportsjson.Write(b, blindReport(t)) })
	var document struct {
		Blind struct {
			Library int `json:"library"`
			Spots   []struct {
				Opens string `json:"opens"`
			} `json:"spots"`
		} `json:"blind_spots"`
	}
	if err := json.Unmarshal([]byte(written), &document); err != nil || document.Blind.Library != 1000 || len(document.Blind.Spots) != 3 || document.Blind.Spots[0].Opens != "a drive with two licences" {
		t.Errorf("in JSON they are %+v (%v)", document, err)
	}
	read, err := reportsjson.Read(strings.NewReader(written))
	if err != nil {
		t.Fatalf("the report must be read: %v", err)
	}
	if again := example.Render(t, func(b *strings.Builder) error { return reportsjson.Write(b, read) }); blindPart(again) != blindPart(written) {
		t.Error("what was read is written otherwise")
	}
}

func blindPart(document string) string {
	_, rest, _ := strings.Cut(document, `"blind_spots"`)
	part, _, _ := strings.Cut(rest, `"incomplete"`)
	return part
}
