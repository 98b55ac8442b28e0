// Package schema says what the documented JSON looks like: draft-07 JSON Schemas for what an endpoint of the drives
// library answers, embedded in the binary and compiled offline, and the documented fields and filters as data. It tells
// where a value breaks a schema in sentences of its own, in an order that never changes.
//
// Each schema judges as little as it can, so that one deviation is reported once: presence and type, and no more. What a
// schema leaves to others, and why, stands in its description and its $comment.
//
// It must not know HTTP, requirements or verdicts, and imports nothing of ours: a schema is a statement about a value,
// wherever the value came from and whatever follows from it.
package schema
