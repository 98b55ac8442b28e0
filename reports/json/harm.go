package json

import (
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/reports/internal/show"
)

// What a JSON report has of harm and of the plan.
type (
	jsonHarm struct {
		Says         string           `json:"says"`
		Kind         reports.HarmKind `json:"kind"`
		UUID         string           `json:"uuid"`
		Name         string           `json:"name"`
		Method       string           `json:"method"`
		Path         string           `json:"path"`
		Returned     reports.Returned `json:"returned"`
		Requirements []string         `json:"requirements"`
		More         []jsonHarmed     `json:"more,omitempty"`
		Exchange     int              `json:"exchange"`
	}
	jsonHarmed struct {
		UUID string `json:"uuid"`
		Name string `json:"name"`
	}
	jsonPlan struct {
		DryRun    bool           `json:"dry_run"`
		MaxClones int            `json:"max_clones"`
		Clones    int            `json:"clones"`
		Size      int64          `json:"size"`
		Servers   int            `json:"servers"`
		Refused   int            `json:"refused"`
		Scenarios []jsonScenario `json:"scenarios"`
	}
	jsonScenario struct {
		Name    string      `json:"name"`
		Clones  []jsonClone `json:"clones"`
		Servers int         `json:"servers"`
		Refused int         `json:"refused"`
	}
	jsonClone struct {
		Source string `json:"source"`
		Name   string `json:"name"`
		Size   int64  `json:"size"`
	}
)

func toJSONHarm(h reports.Harm) jsonHarm {
	return jsonHarm{h.String(), h.Kind, h.UUID, h.Name, h.Method, h.Path, h.Returned, neverNil(h.Requirements),
		show.Each(h.More, func(d reports.HarmedDrive) jsonHarmed { return jsonHarmed(d) }), number(h.Exchange)}
}

func (d jsonHarm) harm() reports.Harm {
	return reports.Harm{Kind: d.Kind, UUID: d.UUID, Name: d.Name, Method: d.Method, Path: d.Path, Returned: d.Returned, Requirements: d.Requirements,
		More: show.Each(d.More, func(m jsonHarmed) reports.HarmedDrive { return reports.HarmedDrive(m) })}
}

func toJSONPlan(p *reports.Plan) *jsonPlan {
	if p == nil {
		return nil
	}
	clones, size := p.Clones()
	return &jsonPlan{p.DryRun, p.MaxClones, clones, size, p.Servers(), p.Refused(), show.Each(p.Scenarios, func(s reports.PlannedScenario) jsonScenario {
		return jsonScenario{s.Name, show.Each(s.Clones, func(c reports.PlannedClone) jsonClone { return jsonClone(c) }), s.Servers, s.Refused}
	})}
}

func (d *jsonPlan) plan() *reports.Plan {
	if d == nil {
		return nil
	}
	return &reports.Plan{DryRun: d.DryRun, MaxClones: d.MaxClones, Scenarios: show.Each(d.Scenarios, func(s jsonScenario) reports.PlannedScenario {
		return reports.PlannedScenario{Name: s.Name, Clones: show.Each(s.Clones, func(c jsonClone) reports.PlannedClone { return reports.PlannedClone(c) }), Servers: s.Servers, Refused: s.Refused}
	})}
}
