package redact_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/libdrives/conformance/suites/evidence/redact"
)

// TestAPairFindsWhatAMatcherOfBothFinds has secrets that overlap, touch and hold each other.
func TestAPairFindsWhatAMatcherOfBothFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[ab1=%]{1,5}`)
		common, own := secret.Draw(t, "common"), secret.Draw(t, "own")
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{common, own, common[:len(common)-1], own[1:], "a", "b", "%61", "=", " "}), 0, 12).Draw(t, "pieces")
		text := ""
		for _, piece := range pieces {
			text += piece
		}
		matcher := redact.New(common).Matcher()
		want, wanted := matcher.With(own).String(text)
		got, found := matcher.Beside(own).String(text)
		if got != want || found != wanted {
			t.Fatalf("of %q without %q and %q is left %q (%t), a matcher of both leaves %q (%t)", text, common, own, got, found, want, wanted)
		}
		if got, found := matcher.Beside(own).Bytes([]byte(text)); string(got) != want || found != wanted {
			t.Fatalf("of the bytes %q without %q and %q is left %q (%t), a matcher of both leaves %q (%t)", text, common, own, got, found, want, wanted)
		}
	})
}
