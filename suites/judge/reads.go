package judge

import (
	"net/url"

	"github.com/libdrives/conformance/suites/evidence"
)

// What a spec says of a read: see evidence.
type (
	Read     = evidence.Read
	Identity = evidence.Identity
)

// With whose credentials a read is sent; see evidence.
const (
	Nobody        = evidence.Nobody
	WrongPassword = evidence.WrongPassword
	ByBasic       = evidence.ByBasic
	ByDigest      = evidence.ByDigest
	WrongDigest   = evidence.WrongDigest
	ForeignDigest = evidence.ForeignDigest
	EmptyPassword = evidence.EmptyPassword
	CutPassword   = evidence.CutPassword
	LongPassword  = evidence.LongPassword
	CasePassword  = evidence.CasePassword
)

// NoSuchPassword is why a wrong password of a kind was not sent; see evidence.
const NoSuchPassword = evidence.NoSuchPassword

// Get is the read of a path, with an optional query in one string: Get("libdrives/?limit=0").
func Get(target string) Read { return evidence.Get(target) }

// The paths below the API base.
const (
	LibdrivesPath       = "libdrives/"
	LibdrivesDetailPath = "libdrives/detail/"
	LibdrivesSchemaPath = "libdrives/schema/"
	DrivesPath          = "drives/"
	DrivesDetailPath    = "drives/detail/"
	LicensesPath        = "licenses/"
	ServersPath         = "servers/"
)

// List is the whole library as the list shows it. Where it can't be had, the spec is blocked by LIST-01 or LIST-02.
func (lib *Library) List() List {
	return lib.ListAt(LibdrivesPath, "", "the list").Sound("LIST-01", "LIST-02")
}

// DetailList is the whole library as the detail list shows it. Whether it can be had at all is for DETAIL-01 to say, and
// whether it is a list for the spec.
func (lib *Library) DetailList() List {
	list := lib.DetailListUnder("", "the detail list")
	if list.Pending {
		lib.stop()
	}
	return list
}

func (lib *Library) DetailListUnder(query, name string) List {
	return List{Lib: lib, Name: name, okBy: "DETAIL-01"}.fill(LibdrivesDetailPath, query)
}

// Plain is the list asked for without any parameter.
func (lib *Library) Plain() Answer { return lib.Answer(evidence.Get(LibdrivesPath)).About("the list") }

// PublishedSchema is the schema that the endpoint publishes. Whether it can be had is for SCHEMA-01 to say.
func (lib *Library) PublishedSchema() Answer {
	return lib.Answer(Get(LibdrivesSchemaPath)).About("the published schema").JudgedBy("SCHEMA-01")
}

// Single is the definition of a drive under /libdrives/. Whether it is there is for GET-01 to say.
func (lib *Library) Single(drive Drive) Answer {
	return lib.one(LibdrivesPath, drive).JudgedBy("GET-01")
}

// SingleAs is the definition of a drive under /libdrives/, asked for with an Accept header, or without any where it is
// empty.
func (lib *Library) SingleAs(drive Drive, accept string) Answer {
	return lib.Answer(lib.Single(drive).asked().With("Accept", accept)).About(drive.Title()).AnsweredBy("GET-01")
}

// ThroughDrives is the definition of a library drive under /drives/. Whether it is there is for OWNER-01 to say.
func (lib *Library) ThroughDrives(drive Drive) Answer {
	return lib.one(DrivesPath, drive).JudgedBy("OWNER-01")
}

// ThroughDrivesAs is that, asked for with an Accept header.
func (lib *Library) ThroughDrivesAs(drive Drive, accept string) Answer {
	return lib.Answer(lib.ThroughDrives(drive).asked().With("Accept", accept)).AboutDrive(drive, "").AnsweredBy("OWNER-01")
}

func (lib *Library) one(path string, drive Drive) Answer {
	return lib.Answer(evidence.Read{Path: path + url.PathEscape(drive.UUID) + "/"}).AboutDrive(drive, "")
}

// OwnDrives are the drives of the account, as /drives/ or /drives/detail/ lists them, over all pages.
func (lib *Library) OwnDrives(path string) List {
	return lib.ListAt(path, "", "GET /"+path).Sound("")
}
