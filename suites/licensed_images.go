package suites

import (
	"fmt"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/schema"
	"github.com/libdrives/conformance/suites/collect"
)

// Licensed drive images: some images carry licences, which cost money on a running server.
func licensedImages(s *Suite) {
	s.Requirement("LIC-01", func(lib *Library) {
		for _, drive := range lib.List().Drives {
			for i, entry := range drive.JSON.Get("licenses").Array() {
				lib.Among("drive with licences", true)
				lib.Expect(drive).To(HaveJSON(fmt.Sprintf("licenses.%d", i), lib.BeValid(schema.LicenceEntry)),
					fmt.Sprintf("licenses[%d] (%s) has amount, license and user as documented", i, entry.Get("license.name").String()))
			}
		}
		lib.Among("drive with licences", false)
	})

	s.Requirement("LIC-02", func(lib *Library) {
		catalogue := lib.licences()
		known := map[string]gjson.Result{}
		for _, licence := range catalogue.Drives {
			known[licence.JSON.Get("name").String()] = licence.JSON
		}
		for _, drive := range lib.List().Drives {
			for i, entry := range drive.JSON.Get("licenses").Array() {
				lib.Among("drive with licences", true)
				name := entry.Get("license.name")
				if name.Type != gjson.String {
					continue // LIC-01 says so
				}
				lib.Expect(drive).To(HaveJSON(fmt.Sprintf("licenses.%d.license", i),
					EqualFields(known[name.Str], catalogue.exchange(), "the drive's licenses["+fmt.Sprint(i)+"]", "GET /licenses/", "name", "type", "resource_uri")),
					"a licence on a drive is in the list of licences, with the same name, type and resource_uri")
			}
		}
		lib.Among("drive with licences", false)
	})

	s.Requirement("LIC-03", func(lib *Library) {
		lib.Expect(lib.Answer(collect.Get(licensesPath)).about("the list of licences")).To(HaveStatus(200), "the licences can be listed")
		list := lib.Whole(licensesPath, "", "the list of licences")
		lib.Expect(list).To(BeAList(), "the licences can be listed whole")
		for _, licence := range list.Drives {
			licence.Name = licence.JSON.Get("long_name").String()
			licence.kind, licence.UUID = "licence", licence.JSON.Get("name").String()
			lib.Expect(licence).To(HaveJSON("type", BeOneOf("install", "instance", "stub")), "a licence's type is install, instance or stub")
		}
	})
}

// licences are all that GET /licenses/ lists. Whether it can be had is for LIC-03 to say.
func (lib *Library) licences() List {
	return lib.Whole(licensesPath, "", "GET /licenses/").sound("LIC-03")
}
