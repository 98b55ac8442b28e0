// Package settings reads what a run is given: each setting is a flag (--request-timeout), an environment variable
// (LIBDRIVES_REQUEST_TIMEOUT) and a key of the configuration file (request-timeout), and a flag beats a variable beats
// the file. There is one table of them (table.go): a further setting is one more line there.
//
// Nothing is guessed and nothing is ignored: an unknown key or LIBDRIVES_ variable, an empty value, a value that can't be
// read and settings that contradict each other are errors. Each says where the setting came from, what was given and
// what would be right, because a run that judged something else than was meant must not end green.
//
// # Under go test
//
// The tests of package suites take the same settings (go test ./suites -target URL). A few names belong to go test
// itself, such as -timeout and -json. They are no flags there; their variables (LIBDRIVES_TIMEOUT) and keys of the
// configuration file work as ever. Paths are relative to the working directory, which go test makes that of the package.
//
// # The password
//
// is given by LIBDRIVES_PASSWORD or in a file of its own, named by password-file; never by a flag, which every user of
// the machine can read in the list of processes, and never in the configuration file, which is made to be kept.
package settings
