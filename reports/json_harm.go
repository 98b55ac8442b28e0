package reports

// What a JSON report has of harm and of the plan.
type (
	jsonHarm struct {
		Says         string   `json:"says"`
		Kind         HarmKind `json:"kind"`
		UUID         string   `json:"uuid"`
		Name         string   `json:"name"`
		Method       string   `json:"method"`
		Path         string   `json:"path"`
		Returned     Returned `json:"returned"`
		Requirements []string `json:"requirements"`
		Exchange     int      `json:"exchange"`
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

func toJSONHarm(h Harm) jsonHarm {
	return jsonHarm{h.String(), h.Kind, h.UUID, h.Name, h.Method, h.Path, h.Returned, neverNil(h.Requirements), number(h.Exchange)}
}

func (d jsonHarm) harm() Harm {
	return Harm{Kind: d.Kind, UUID: d.UUID, Name: d.Name, Method: d.Method, Path: d.Path, Returned: d.Returned, Requirements: d.Requirements}
}

func toJSONPlan(p *Plan) *jsonPlan {
	if p == nil {
		return nil
	}
	clones, size := p.Clones()
	return &jsonPlan{p.DryRun, p.MaxClones, clones, size, p.Servers(), p.Refused(), each(p.Scenarios, func(s PlannedScenario) jsonScenario {
		return jsonScenario{s.Name, each(s.Clones, func(c PlannedClone) jsonClone { return jsonClone(c) }), s.Servers, s.Refused}
	})}
}

func (d *jsonPlan) plan() *Plan {
	if d == nil {
		return nil
	}
	return &Plan{d.DryRun, d.MaxClones, each(d.Scenarios, func(s jsonScenario) PlannedScenario {
		return PlannedScenario{s.Name, each(s.Clones, func(c jsonClone) PlannedClone { return PlannedClone(c) }), s.Servers, s.Refused}
	})}
}
