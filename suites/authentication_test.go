package suites_test

import (
	"cmp"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/client"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestBasicAndDigestGiveTheSameVerdicts judges the reference endpoint by both ways to authenticate: sound by everything, and
// with faults of several kinds by the areas in which they show.
func TestBasicAndDigestGiveTheSameVerdicts(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for _, c := range []struct{ fault, selected string }{
		{"", ""}, {"any-password-accepted", "AUTH"}, {"wrong-digest-accepted", "AUTH"}, {"library-open-to-everybody", "AUTH,LIST"},
		{"malformed-uuid-crashes", "GET,ROBUST-01,ROBUST-02,ROBUST-03"}, {"head-is-404", "METHOD"},
	} {
		if !soaking() && (c.fault == "library-open-to-everybody" || c.fault == "malformed-uuid-crashes") {
			continue
		}
		t.Run(cmp.Or(c.fault, "sound"), func(t *testing.T) {
			by := func(auth string) map[string]reports.Verdict {
				var test recorder
				config := suites.Config{Auth: auth, Level: requirement.May, Select: c.selected}
				if c.fault != "" {
					config.Reference.Faults = []string{c.fault}
				}
				result := suites.Run(&test, config)
				if result.Report == nil {
					t.Fatalf("the run by %s did not begin: %v", auth, result.Err)
				}
				if failed := len(failures(result.Report)) > 0; failed != (c.fault != "") {
					t.Errorf("by %s failed are %v", auth, failures(result.Report))
				}
				verdicts := map[string]reports.Verdict{}
				for _, judged := range result.Report.Results {
					verdicts[judged.Requirement.ID] = judged.Verdict
				}
				return verdicts
			}
			digest, basic := by("digest"), map[string]reports.Verdict{}
			if c.fault != "" || soaking() {
				basic = by("basic")
			}
			for id, verdict := range digest {
				if want := cmp.Or(basic[id], reports.Pass); verdict != want { // by Basic a sound endpoint passes all, says TestConformance
					t.Errorf("%s: %s by Basic, %s by Digest", id, want, verdict)
				}
			}
		})
	}
}

// TestWrongCredentialsAreSeldomSent counts the requests with credentials that are not right, and looks for right ones between
// them: an account may lock.
func TestWrongCredentialsAreSeldomSent(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	var test recorder
	result := suites.Run(&test, suites.Config{Level: requirement.May})
	sent, between := 0, true
	for _, x := range result.Record.All() {
		switch {
		case x.Request.As.Wrong():
			if sent++; !between {
				t.Errorf("%s as %q follows another one without a right password between them", x.Request.Path(), x.Request.As)
			}
			between = false
		case x.Request.As == evidence.Account && x.Status() == 200:
			between = true
		}
	}
	if sent != client.MostWrong {
		t.Errorf("%d requests with wrong credentials, want %d", sent, client.MostWrong)
	}
}

// TestALockedAccountAccusesNobody judges an endpoint that locks the account out, for who has a wrong password, after a few.
func TestALockedAccountAccusesNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	for _, variant := range []string{"wrong-passwords-lock-out", "wrong-passwords-are-too-many"} {
		var test recorder
		result := suites.Run(&test, suites.Config{Level: requirement.May, Profile: requirement.ReadProfile, Reference: fixtures.Options{Variants: []string{variant}}})
		if result.Report == nil {
			t.Fatalf("%s: the run did not begin: %v", variant, result.Err)
		}
		if failed := failures(result.Report); len(failed) > 0 {
			t.Errorf("%s: failed are %v, want none%s", variant, failed, summary(result.Report))
		}
		sent := 0
		for _, x := range result.Record.All() {
			if x.Request.As.Wrong() && !x.Unsent {
				sent++
			}
		}
		if sent != 4 {
			t.Errorf("%s: %d requests with wrong credentials were sent, want 4: none after that which was locked out", variant, sent)
		}
	}
}

// TestARunGoesOnByDigestWhereBasicIsRefused: that Basic is refused is AUTH-03's finding, and the rest can be judged.
func TestARunGoesOnByDigestWhereBasicIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes long: make test runs it once, without the race detector")
	}
	t.Parallel()
	var test recorder
	result := suites.Run(&test, suites.Config{Level: requirement.May, Profile: requirement.ReadProfile, Reference: fixtures.Options{Faults: []string{"basic-refused"}}})
	if result.Report == nil || result.Report.Configuration.Auth != "digest" {
		t.Fatalf("the run did not go on by digest: %v", result.Err)
	}
	if failed := failures(result.Report); len(failed) != 1 || failed[0] != "AUTH-03" {
		t.Errorf("failed are %v, want AUTH-03 alone%s", failed, summary(result.Report))
	}
}
