package evidence

import "github.com/libdrives/conformance/suites/evidence/redact"

// Redacted stands where a secret was.
const Redacted = redact.Placeholder

// Redactor knows the secrets of a run; see package redact.
type Redactor = redact.Redactor

// NewRedactor makes a redactor for the secrets; empty ones are ignored.
func NewRedactor(secrets ...string) *Redactor { return redact.New(secrets...) }
