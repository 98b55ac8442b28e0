// Package suites judges an endpoint of the drives library, and reads like its documentation: a file for each area of the
// catalogue, in the order of the documentation: listing, choosing_fields, detailed_listing, single_drive, recognizing,
// drive_lists, published_schema, cloning, licensed_images, attaching, then the general rules: pagination, filtering,
// methods, authentication, formats, errors, robustness. suites.go is the public door: Run, RunContext, Describe, Judge
// and CleanUp.
//
// A spec's body looks at the record only. What it looks at is also what is collected: before anything is judged, the
// bodies are run to learn which reads they want, again and again until they want nothing more. So a requirement says
// once what it needs, and can't look at anything that was not asked for. What a spec looks at, and how it says what it
// expects, is in package judge, which the specs import with a dot; the values that it asks with are in package material.
//
// The package must not know how requests are sent, the command line or the formats of reports.
package suites
