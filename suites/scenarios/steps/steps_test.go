package steps_test

import (
	"testing"

	. "github.com/libdrives/conformance/suites/scenarios/steps"
)

// TestAPlaceIsFoundByItsKey goes from the names in a record, which no version may change, to what they say, and back.
func TestAPlaceIsFoundByItsKey(t *testing.T) {
	for key, want := range map[string]struct {
		scenario Scenario
		built    Step
		at       Position
		text     string
	}{
		"licensed clone/clone":                                 {LicensedClone, Clone, Position{Step: Clone}, "clone"},
		"licensed clone/job poll 12 drive":                     {LicensedClone, Step(Job).DriveLook(12), Position{Job, DriveLook, 12}, "job until it is done"},
		"licensed clone/clone of the clone job poll 1 job":     {LicensedClone, Step(CloneOfCloneJob).JobLook(1), Position{CloneOfCloneJob, JobLook, 1}, "clone of the clone job until it is done"},
		"licensed clone/job drive":                             {LicensedClone, Step(Job).LastDriveLook(), Position{Job, DriveLook, 0}, "job until it is done"},
		"licensed clone/after resize poll 3":                   {LicensedClone, Step(AfterResize).Poll(3), Position{AfterResize, Poll, 3}, "after resize"},
		"licensed clone/drives page 2":                         {LicensedClone, Step(Drives).Page(2), Position{Drives, Page, 2}, "drives"},
		"licensed clone/drives after delete page 3":            {LicensedClone, Step(DrivesAfterDelete).Page(3), Position{DrivesAfterDelete, Page, 3}, "drives after delete"},
		"refusals/drives after smaller size page 2":            {Refusals, Step(SmallerSize).DrivesAfter().Page(2), Position{SmallerSize, After, 0}, "drives after smaller size"},
		"licensed clone/drives after delete":                   {LicensedClone, DrivesAfterDelete, Position{Step: DrivesAfterDelete}, "drives after delete"},
		"attaching/drive of the server":                        {Attaching, DriveOfServer, Position{Step: DriveOfServer}, "drive of the server"},
		"refusals/drives after smaller size":                   {Refusals, Step(SmallerSize).DrivesAfter(), Position{SmallerSize, After, 0}, "drives after smaller size"},
		"hostile clones/hostile body 3":                        {HostileClones, Step(HostileBody).Nth(3), Position{HostileBody, Itself, 3}, "hostile body"},
		"hostile clones/hostile body 3 smaller 4":              {HostileClones, Step(HostileBody).Nth(3).Smaller(4), Position{HostileBody, Smaller, 4}, "hostile body"},
		"hostile clones/hostile body 1 smaller 1 made 2":       {HostileClones, Step(HostileBody).Nth(1).Smaller(1).Made(2), Position{HostileBody, Made, 2}, "hostile body"},
		"hostile clones/drives after hostile body 7":           {HostileClones, Step(HostileBody).Nth(7).DrivesAfter(), Position{HostileBody, After, 7}, "drives after hostile body"},
		"forbidden methods/PUT drives/LIB/ then list":          {ForbiddenMethods, Step(PutDrive).ThenList(), Position{PutDrive, ThenList, 0}, "PUT drives/LIB/ then list"},
		"forbidden methods/DELETE libdrives/ then drive again": {ForbiddenMethods, Step(DeleteList).ThenDrive().Again(), Position{DeleteList, ThenDrive, 0}, "DELETE libdrives/ then drive"},
		"attaching/server attached again":                      {Attaching, ServerAttachedAgain, Position{Step: ServerAttachedAgain}, "server attached again"},
		"attaching/attach again":                               {Attaching, AttachAgain, Position{Step: AttachAgain}, "attach again"},
		"session/after logout libdrives/LIB/":                  {Session, AfterLogoutSingle, Position{Step: AfterLogoutSingle}, "after logout libdrives/LIB/"},
	} {
		scenario, at, found := Find(key)
		if !found || scenario != want.scenario || at != want.at || at.String() != want.text {
			t.Errorf("%s is found as %v of %q, told as %q; it is %v, told as %q", key, at, scenario, at, want.at, want.text)
		}
		if built := want.scenario.Key(want.built); built != key {
			t.Errorf("the key of %q is %q, want %q", want.built, built, key)
		}
	}
	for _, key := range []string{"GET libdrives/?limit=0", "login", "cleanup/1 delete drive x", "account/drives before", ""} {
		if scenario, at, found := Find(key); found {
			t.Errorf("%q is taken for %v of the scenario %q", key, at, scenario)
		}
	}
}
