// Package importing shows how another module's tests judge an endpoint with the suite: see the example and the test in
// importing_test.go. It holds no code of its own and imports only what an importer would.
package importing
