// Package importing tries what another module's tests do with the suite. It holds no code of its own: importing_test.go
// makes that module of what the README shows to importers and of testdata/module, and testdata/scripts say what is done
// with it.
package importing
