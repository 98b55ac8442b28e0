package suites

import (
	"net/url"

	"github.com/libdrives/conformance/suites/evidence"
)

// The paths below the API base.
const (
	libdrivesPath       = "libdrives/"
	libdrivesDetailPath = "libdrives/detail/"
	libdrivesSchemaPath = "libdrives/schema/"
	drivesPath          = "drives/"
	drivesDetailPath    = "drives/detail/"
	licensesPath        = "licenses/"
)

// List is the whole library as the list shows it. Where it can't be had, the spec is blocked by LIST-01 or LIST-02.
func (lib *Library) List() List {
	return lib.Whole(libdrivesPath, "", "the list").sound("LIST-01", "LIST-02")
}

// DetailList is the whole library as the detail list shows it. Whether it can be had at all is for DETAIL-01 to say, and
// whether it is a list for the spec.
func (lib *Library) DetailList() List {
	list := lib.detailList("", "the detail list")
	if list.pending {
		panic(pendingSignal{})
	}
	return list
}

func (lib *Library) detailList(query, name string) List {
	return List{lib: lib, name: name, answers: "DETAIL-01"}.fill(libdrivesDetailPath, query)
}

// Plain is the list asked for without any parameter.
func (lib *Library) Plain() Answer { return lib.Answer(evidence.Get(libdrivesPath)).about("the list") }

// Single is the definition of a drive under /libdrives/. Whether it is there is for GET-01 to say.
func (lib *Library) Single(drive Drive) Answer {
	return lib.one(libdrivesPath, drive).groundedOn("GET-01")
}

// ThroughDrives is the definition of a library drive under /drives/. Whether it is there is for OWNER-01 to say.
func (lib *Library) ThroughDrives(drive Drive) Answer {
	return lib.one(drivesPath, drive).groundedOn("OWNER-01")
}

func (lib *Library) one(path string, drive Drive) Answer {
	return lib.Answer(evidence.Read{Path: path + url.PathEscape(drive.UUID) + "/"}).about(drive.title())
}

// OwnDrives are the drives of the account, as /drives/ or /drives/detail/ lists them, over all pages.
func (lib *Library) OwnDrives(path string) List {
	return lib.Whole(path, "", "GET /"+path).sound("")
}
