// Package suites judges an endpoint of the drives library: Run collects what the selected requirements look at, judges
// each as one Ginkgo spec over the record, and returns the report. The specs stand in a file per section of the API
// documentation, in its order: listing, detailed_listing, single_drive, recognizing, published_schema, cloning,
// licensed_images, attaching, then the general rules: pagination, filtering, methods, authentication, formats, errors,
// robustness.
//
// A spec's body looks at the record only. What it looks at is also what is collected: before anything is judged, the
// bodies are run to learn which reads they want, again and again until they want nothing more. So a requirement says
// once what it needs, and can't look at anything that was not asked for.
//
// The package must not know the command line or the formats of reports.
package suites

