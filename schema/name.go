package schema

import (
	"embed"
	"slices"
)

// Name names a schema. It is also the name of the schema's file, without its ending.
type Name string

const (
	// LibraryDrive is the definition that /libdrives/ serves (Library Drives: Schema).
	LibraryDrive Name = "library-drive"
	// Drive is the definition that /drives/ serves, of clones and of library drives alike (Drives: Schema).
	Drive Name = "drive"
	// LicenceEntry is one entry of a drive's `licenses` (Library Drives: Licensed drive images).
	LicenceEntry Name = "licence-entry"
	// License is one licence of the catalogue, spelled like the field (Billing: Licenses list).
	License Name = "license"
	// Job is a background job, such as that of a clone (Jobs).
	Job Name = "job"
	// Server is a server, as far as attaching a drive needs it (Servers).
	Server Name = "server"
	// List is the envelope of every list, `meta` and `objects` (Pagination: Meta information).
	List Name = "list"
	// Errors is the array of errors that a refusal carries (Errors: Format).
	Errors Name = "errors"
	// PublishedSchema is the endpoint's own description of a library drive (Library Drives: Schema).
	PublishedSchema Name = "published-schema"
)

// Report is the report of a run as JSON, which others read. It is not one of Names, for no endpoint is judged by it.
const Report Name = "report"

// Names are all schemas that endpoints are judged by, in the order of their constants.
func Names() []Name {
	return []Name{LibraryDrive, Drive, LicenceEntry, License, Job, Server, List, Errors, PublishedSchema}
}

// The files are embedded, so that judging needs no files beside the binary and no network. They never change.
//
//go:embed *.json
var files embed.FS

// file is the name of the schema's file.
func (n Name) file() string { return string(n) + ".json" }

// Source is the text of a schema, nil for a name that is none. The caller may keep and change it.
func Source(name Name) []byte {
	if name != Report && !slices.Contains(Names(), name) { // the embedded files hold more than schemas
		return nil
	}
	text, err := files.ReadFile(name.file())
	if err != nil {
		return nil
	}
	return text
}
