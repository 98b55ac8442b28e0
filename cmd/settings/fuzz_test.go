package settings

import (
	"strings"
	"testing"
)

// FuzzConfig reads what may be a configuration file. What is taken are settings that there are; what is refused is reported
// line by line, each with the file.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"target: https://host/api/2.0/\nselect: [LIC, OWNER-02]\nsample: all\nrate: 2.5\nquiet: true\n", "# nothing\n", "", "password: x\n", "config: other.yaml\n", "targt: x\n", "- target\n", "target:\n", "target: {a: b}\n",
		"---\ntarget: a\n---\nrate: 1\n", "target: &a x\nusername: *a\n", "fault: [a, [b]]\n", "target: |\n  x\n", "\ufefftarget: x", "? a\n: b\n", "<<: {target: x}\n", "'': x\n", "target: x\ntarget: y\n", "\x00", "!!binary x",
	} {
		f.Add([]byte(seed))
	}
	known := map[string]bool{}
	for _, s := range table() {
		known[s.name] = true
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		values, err := readConfig("c.yaml", file)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if !strings.HasPrefix(line, "c.yaml") {
					t.Errorf("the error for %q has a line without its place: %q", file, line)
				}
			}
			return
		}
		for name, value := range values {
			if !known[name] || name == "config" || !strings.HasPrefix(value.source.name, "c.yaml:") {
				t.Errorf("of %q the setting %q is taken, from %q", file, name, value.source.name)
			}
		}
	})
}
