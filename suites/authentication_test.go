package suites_test

import (
	"cmp"
	"testing"

	"github.com/libdrives/conformance/fixtures"
	"github.com/libdrives/conformance/reports"
	"github.com/libdrives/conformance/suites"
	"github.com/libdrives/conformance/suites/evidence"
	"github.com/libdrives/conformance/suites/requirement"
)

// TestBasicAndDigestGiveTheSameVerdicts judges the reference endpoint by both ways to authenticate: sound by everything, and
// with faults of several kinds by the areas in which they show.
func TestBasicAndDigestGiveTheSameVerdicts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ fault, selected string }{
		{"", ""}, {"any-password-accepted", "AUTH"}, {"wrong-digest-accepted", "AUTH"}, {"library-open-to-everybody", "AUTH,LIST"},
		{"malformed-uuid-crashes", "GET,ROBUST-01,ROBUST-02,ROBUST-03"}, {"head-is-404", "METHOD"},
	} {
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
			basic, digest := by("basic"), by("digest")
			for id, verdict := range basic {
				if digest[id] != verdict {
					t.Errorf("%s: %s by Basic, %s by Digest", id, verdict, digest[id])
				}
			}
		})
	}
}

// TestWrongCredentialsAreSeldomSent counts the requests with credentials that are not right: an account may lock.
func TestWrongCredentialsAreSeldomSent(t *testing.T) {
	t.Parallel()
	var test recorder
	result := suites.Run(&test, suites.Config{Level: requirement.May})
	sent := map[string]int{}
	for _, x := range result.Record.All() {
		switch x.Request.As {
		case evidence.WrongPassword, evidence.WrongUser, evidence.WrongDigest:
			key := string(x.Request.As) + " " + x.Request.Path()
			if sent[key]++; sent[key] > 1 {
				t.Errorf("%s was sent %d times", key, sent[key])
			}
		}
	}
	const most = 9 // a wrong password and a wrong user on four paths, and a wrong digest on one
	if len(sent) > most {
		t.Errorf("%d requests with wrong credentials, want %d at most: %v", len(sent), most, sent)
	}
}

// TestARunGoesOnByDigestWhereBasicIsRefused: that Basic is refused is AUTH-03's finding, and the rest can be judged.
func TestARunGoesOnByDigestWhereBasicIsRefused(t *testing.T) {
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
