package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports/text"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/requirement"
)

const explainLong = `Explains requirements: what each states, where the API documentation says so, how it is decided, and which faults of
the reference endpoint it catches. How it is decided is shown by judging the embedded reference endpoint: what the
requirement looks at there, and what it expects of it.

Exit codes: 0 explained, 2 wrong usage or an unknown id.`

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID…",
		Short:   "Explain requirements: statement, source, how they are decided, the faults they catch",
		Long:    explainLong,
		Example: "  libdrives-conformance explain OWNER-02\n  libdrives-conformance explain lic-01 lic-02\n  libdrives-conformance explain PAGE",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("no requirement given: explain takes ids and areas, such as OWNER-02; list shows them all")
			}
			return nil
		},
		ValidArgsFunction: completeIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			explanations, err := explain(cmd.Context(), args)
			if err != nil {
				return err
			}
			for i, explanation := range explanations {
				if i > 0 {
					if _, err := fmt.Fprintln(cmd.OutOrStdout()); err != nil {
						return failed(err)
					}
				}
				if err := text.Explain(cmd.OutOrStdout(), explanation); err != nil {
					return failed(err)
				}
			}
			return nil
		},
	}
}

// explain gathers what is known of the requirements; every unknown id is reported before anything is written.
func explain(ctx context.Context, ids []string) ([]text.Explanation, error) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, err
	}
	var explanations []text.Explanation
	var all []requirement.Requirement
	var errs []error
	for _, id := range ids {
		named, err := catalogue.Named(id)
		if err != nil {
			errs = append(errs, err)
		}
		for _, r := range named {
			if !slices.ContainsFunc(all, func(known requirement.Requirement) bool { return known.ID == r.ID }) {
				all = append(all, r)
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for _, r := range all {
		explanations = append(explanations, text.Explanation{
			Requirement: r, SectionTitle: sectionTitle(catalogue, r), Decided: decided(ctx, r), Faults: caughtFaults(r.ID),
		})
	}
	return explanations, nil
}

func sectionTitle(catalogue *requirement.Catalogue, r requirement.Requirement) string {
	for _, area := range catalogue.Areas() {
		if area.Name == r.Area {
			return area.Title
		}
	}
	return ""
}

// decided says in which runs the requirement is judged, what its spec looks at and expects, and what a failure means. The
// spec says so itself, of the reference endpoint.
func decided(ctx context.Context, r requirement.Requirement) []string {
	if !suites.Judged(r.ID) {
		return []string{"This version of the suite does not judge it: no run has a verdict for it."}
	}
	var steps []string
	switch r.Effect {
	case requirement.Read:
		steps = append(steps, "Judged in every profile: from the answers to GET, HEAD and OPTIONS requests.")
	case requirement.Write:
		steps = append(steps, "Judged in the profiles write and full: by what becomes of drives and servers that the run makes in the account.")
	case requirement.Probe:
		steps = append(steps, "Judged in the profile full: by asking for what a sound endpoint refuses and a broken one might carry out.")
	}
	if decision, err := suites.Decide(ctx, r.ID); err != nil {
		steps = append(steps, fmt.Sprintf("What is looked at can't be shown: %v.", err))
	} else {
		if len(decision.Reads) > 0 {
			steps = append(steps, "Of the reference endpoint it looks at "+someOf(decision.Reads)+".")
		}
		for _, scenario := range decision.Scenarios {
			steps = append(steps, "In the scenario “"+scenario.Name+"” it looks at "+someOf(scenario.Requests)+".")
		}
		steps = append(steps, "It expects: "+someOf(decision.Rules)+".")
	}
	if r.Level == requirement.Must {
		return append(steps, "A failure of it fails the run.")
	}
	return append(steps, fmt.Sprintf("A failure of it is reported as advice, and fails the run from --level %s on.", r.Level))
}

// someOf lists what there is, and of many the first ones.
func someOf(things []string) string {
	const most = 10
	if len(things) > most+1 {
		return strings.Join(things[:most], "; ") + fmt.Sprintf("; and %d more like them", len(things)-most)
	}
	return strings.Join(things, "; ")
}

func caughtFaults(id string) []text.ExplainedFault {
	var caught []text.ExplainedFault
	for _, fault := range fixtures.Faults() {
		if slices.Contains(fault.Breaks, id) {
			caught = append(caught, text.ExplainedFault{Name: fault.Name, Why: fault.Why})
		}
	}
	return caught
}

func completeIDs(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	catalogue, err := requirement.Load()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var ids []string
	for _, r := range catalogue.All() {
		ids = append(ids, r.ID)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
