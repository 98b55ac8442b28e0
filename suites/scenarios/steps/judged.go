package steps

// Judged are the requirements that judge a step: that it is answered with a 2xx, and that the answer can be looked into.
// What else builds on the step is held against them where they fail.
type Judged struct{ Answered, Sound string }

// judged says it of the steps that others build on. A step that is not here is judged by whoever looks at it.
var judged = map[Step]Judged{
	SourceBefore:              by("GET-01"),
	Clone:                     {"CLONE-01", "CLONE-02"},
	Job:                       by("CLONE-10"),
	CloneDone:                 by("CLONE-11"),
	Drives:                    by("CLONE-11"),
	DrivesDetail:              by("CLONE-11"),
	Libdrives:                 by("PAGE-03"),
	UnderLibdrives:            by("CLONE-12"),
	FoundInLibrary:            by("FILTER-08"),
	SourceAfter:               by("CLONE-15"),
	AtRest:                    by("GET-01"),
	ListedAtRest:              by("PAGE-03"),
	ListedInDetailAtRest:      by("DETAIL-01"),
	StillAtRest:               by("GET-01"),
	ListedAfterDetach:         by("PAGE-03"),
	DetailAfterDetach:         by("DETAIL-01"),
	AfterRename:               by("CLONE-11"),
	AfterNoLicences:           by("CLONE-11"),
	AfterOtherLicence:         by("CLONE-11"),
	AfterOtherAmount:          by("CLONE-11"),
	AfterEditMeta:             by("CLONE-11"),
	AfterEditTags:             by("CLONE-11"),
	AfterEditMedia:            by("CLONE-11"),
	AfterNullLicences:         by("CLONE-11"),
	AfterSomeLicences:         by("CLONE-11"),
	DetailPage:                by("CLONE-11"),
	DetailByName:              by("CLONE-11"),
	AttachLicensed:            by("ATTACH-09"),
	LicensedAttached:          by("CLONE-11"),
	LicensedDetached:          by("CLONE-11"),
	ServerWithLicensed:        by("ATTACH-09"),
	ServerWithoutLicensed:     by("ATTACH-09"),
	AfterMediaBack:            by("CLONE-11"),
	AfterResize:               by("CLONE-11"),
	CloneWithoutBody:          by("CLONE-04"),
	CloneOfCloneJob:           by("CLONE-10"),
	CloneOfCloneDone:          by("CLONE-11"),
	Delete:                    by("CLONE-18"),
	AfterDelete:               by("CLONE-18"),
	JobAfterDelete:            by("CLONE-10"),
	SourceThroughDrives:       by("OWNER-01"),
	SourceThroughDrivesAfter:  by("OWNER-01"),
	Source:                    by("GET-01"),
	CloneWithoutLicences:      by("CLONE-06"),
	CloneOfSizeAlone:          by("CLONE-07"),
	FirstClone:                {"CLONE-07", "CLONE-02"},
	FirstCloneWithoutSize:     {"CLONE-01", "CLONE-02"},
	LicensedSource:            by("GET-01"),
	OtherWay:                  {"CLONE-17", "CLONE-02"},
	OtherWayJob:               by("CLONE-10"),
	OtherWayDone:              by("CLONE-11"),
	EmptyObject:               by("CLONE-04"),
	EmptyObjectJob:            by("CLONE-10"),
	EmptyObjectDone:           by("CLONE-11"),
	NoBody:                    by("CLONE-04"),
	NoBodyJob:                 by("CLONE-10"),
	NoBodyDone:                by("CLONE-11"),
	LicensedNoBody:            by("CLONE-04"),
	LicensedNoBodyJob:         by("CLONE-10"),
	LicensedNoBodyDone:        by("CLONE-11"),
	EmptyObject.OfSource():    by("GET-01"),
	NoBody.OfSource():         by("GET-01"),
	LicensedNoBody.OfSource(): by("GET-01"),
	WithToken:                 by("AUTH-09"),
	WithTokenJob:              by("CLONE-10"),
	CDROMAttached:             by("GET-01"),
	CloneServer:               by("ATTACH-10"),
	ClonedServer:              by("ATTACH-10"),
	SecondClone:               by("CLONE-17"),
	SecondCloneWithoutAvoid:   by("CLONE-17"),
	SecondCloneWithAvoid:      by("CLONE-20"),
	FirstJob:                  by("CLONE-10"),
	FirstDone:                 by("CLONE-19"),
	SecondJob:                 by("CLONE-10"),
	SecondDone:                by("CLONE-19"),
	AttachClone:               by("ATTACH-09"),
	CloneAttached:             by("ATTACH-09"),
	DetachClone:               by("ATTACH-09"),
	CloneDetached:             by("ATTACH-09"),
	ServerWithoutClone:        by("ATTACH-09"),
	ServerAfterDetach:         by("ATTACH-06"),
	SecondAfterDelete:         by("CLONE-19"),
	CDROMBefore:               by("GET-01"),
	Attach:                    by("ATTACH-01"),
	DriveOfServer:             by("ATTACH-03"),
	SecondServer:              by("ATTACH-04"),
	Detach:                    by("ATTACH-06"),
	CDROMAfterDetach:          by("ATTACH-06"),
	AttachAgain:               by("ATTACH-01"),
	ServerAttachedAgain:       by("ATTACH-02"),
	SessionList:               by("LIST-01"),
	SessionWhole:              by("PAGE-03"),
	SessionDetail:             by("DETAIL-01"),
	SessionLicences:           by("LIC-03"),
	SessionSchema:             by("SCHEMA-01"),
	SessionProfile:            by("CLONE-13"),
	SessionSingle:             by("GET-01"),
	SessionDrive:              by("OWNER-01"),
	AfterLogoutList:           by("LIST-01"),
	AfterLogoutDetail:         by("DETAIL-01"),
	AfterLogoutSingle:         by("GET-01"),
	AfterLogoutDrive:          by("OWNER-01"),
}

// otherwise says it of steps that are judged otherwise in one scenario than in the others.
var otherwise = map[Scenario]map[Step]Judged{
	BiggerClone: {Clone: {"LIC-10", "CLONE-07"}},
	Attaching:   {Drives: {}, DrivesDetail: {}},
}

func by(id string) Judged { return Judged{id, id} }

// JudgedBy are the requirements that judge a place.
func JudgedBy(scenario Scenario, at Position) Judged {
	switch at.Part {
	case JobLook:
		return by("CLONE-10")
	case DriveLook:
		return Judged{"CLONE-11", "CLONE-10"}
	case InDetail, InDrives:
		return by("CLONE-11")
	case ThenDrive:
		return by("GET-01")
	case ThenList:
		return Judged{"PAGE-03", "LIST-02"}
	case Itself, Page:
	default:
		return Judged{}
	}
	if other, is := otherwise[scenario][at.Step]; is {
		return other
	}
	return judged[at.Step]
}

// AsksFirst reports whether a scenario asks at this step for something that no step before it was granted.
func AsksFirst(scenario Scenario, step Step) bool {
	switch scenario {
	case LicensedClone, BiggerClone:
		return step == Clone
	case SideBySide:
		return step == FirstClone || step == Server
	case UnnamedClones:
		return step == EmptyObject
	case Refusals:
		return true
	}
	return step == Server
}
