package steps

// Scenario is a named sequence of writes in the account.
type Scenario string

// The scenarios.
const (
	LicensedClone        Scenario = "licensed clone"        // one clone from its making to its end
	BiggerClone          Scenario = "bigger clone"          // a clone that differs from its source in whatever can be asked for
	SideBySide           Scenario = "side by side"          // two clones of one drive, one of them attached to a server; a licensed one in another way, and a clone of it
	UnnamedClones        Scenario = "unnamed clones"        // clones of the library whose requests name nothing
	Attaching            Scenario = "attaching"             // a CDROM of the library in two servers' drives
	Refusals             Scenario = "refusals"              // clones that are not to be had
	Session              Scenario = "session"               // a login, what its cookies are good for, and the logout
	UnauthenticatedClone Scenario = "unauthenticated clone" // a clone that nobody in particular asks for
	HostileClones        Scenario = "hostile clones"        // clone requests that can't be understood
	UnknownActions       Scenario = "unknown action"        // actions that there are not
	LicenceMethods       Scenario = "methods on licences"   // what is not allowed on the list of licences
	ForbiddenMethods     Scenario = "forbidden methods"     // what is not allowed on the library
)

// scenarios are all of them.
var scenarios = [...]Scenario{
	LicensedClone, BiggerClone, SideBySide, UnnamedClones, Attaching, Refusals, Session, UnauthenticatedClone, HostileClones, UnknownActions,
	LicenceMethods, ForbiddenMethods,
}

// Forbidden are the steps of ForbiddenMethods after which it looks at the drive and the list, in their order.
func Forbidden() []Step {
	return []Step{
		PostSingle, PostDetail, PostList,
		PatchSingle, PatchDetail, PatchList,
		PutSingle, PutDetail, PutList, PutDrive, ResizeDrive,
		DeleteSingle, DeleteDetail, DeleteList, DeleteDrive, DeleteAmong,
	}
}

// Key names a step in the record.
func (s Scenario) Key(step Step) string { return string(s) + "/" + string(step) }

// Step is a step of a scenario: one request, or several of a kind; see Part.
type Step string

// The steps. Where several scenarios have a step of one name, it asks for the same.
const (
	Profile                 Step = "profile"
	SourceBefore            Step = "source before"
	Clone                   Step = "clone"
	Job                     Step = "job"
	CloneDone               Step = "clone done"
	Drives                  Step = "drives"
	DrivesDetail            Step = "drives detail"
	Libdrives               Step = "libdrives"
	UnderLibdrives          Step = "under libdrives"
	SourceAfter             Step = "source after"
	DetailEntry             Step = "detail entry"
	Rename                  Step = "rename"
	AfterRename             Step = "after rename"
	NoLicences              Step = "no licences"
	AfterNoLicences         Step = "after no licences"
	OtherLicence            Step = "other licence"
	AfterOtherLicence       Step = "after other licence"
	OtherAmount             Step = "other amount"
	AfterOtherAmount        Step = "after other amount"
	DetailPage              Step = "detail entry by page"
	DetailByName            Step = "detail entry by name"
	EditMeta                Step = "edit of meta"
	AfterEditMeta           Step = "after edit of meta"
	EditTags                Step = "edit of tags"
	AfterEditTags           Step = "after edit of tags"
	EditMedia               Step = "edit of media"
	AfterEditMedia          Step = "after edit of media"
	MediaBack               Step = "media back"
	AfterMediaBack          Step = "after media back"
	NullLicences            Step = "null licences"
	AfterNullLicences       Step = "after null licences"
	SomeLicences            Step = "some licences"
	AfterSomeLicences       Step = "after some licences"
	AttachLicensed          Step = "attach licensed clone"
	LicensedAttached        Step = "licensed clone attached"
	DetachLicensed          Step = "detach licensed clone"
	LicensedDetached        Step = "licensed clone detached"
	Resize                  Step = "resize"
	AfterResize             Step = "after resize"
	CloneWithoutBody        Step = "clone without body"
	CloneOfCloneJob         Step = "clone of the clone job"
	CloneOfCloneDone        Step = "clone of the clone done"
	BeforeDelete            Step = "before delete"
	Delete                  Step = "delete"
	AfterDelete             Step = "after delete"
	DrivesAfterDelete       Step = "drives after delete"
	DrivesDetailAfterDelete Step = "drives detail after delete"

	Source               Step = "source"
	CloneWithoutLicences Step = "clone without licences"
	CloneOfSizeAlone     Step = "clone of size alone"

	FirstClone              Step = "first clone"
	FirstCloneWithoutSize   Step = "first clone without size"
	LicensedSource          Step = "licensed source"
	OtherWay                Step = "licensed clone in another way"
	OtherWayJob             Step = "licensed clone in another way job"
	OtherWayDone            Step = "licensed clone in another way done"
	SecondClone             Step = "second clone"
	SecondCloneWithoutAvoid Step = "second clone without avoid"
	SecondCloneWithAvoid    Step = "second clone with avoid"
	FirstJob                Step = "first job"
	FirstDone               Step = "first done"
	SecondJob               Step = "second job"
	SecondDone              Step = "second done"
	Server                  Step = "server"
	AttachClone             Step = "attach clone"
	CloneAttached           Step = "clone attached"
	ServerWithClone         Step = "server with clone"
	DetachClone             Step = "detach clone"
	DeleteFirst             Step = "delete first"
	SecondAfterDelete       Step = "second after delete"

	EmptyObject        Step = "clone with an empty object"
	EmptyObjectJob     Step = "clone with an empty object job"
	EmptyObjectDone    Step = "clone with an empty object done"
	NoBody             Step = "library clone without body"
	NoBodyJob          Step = "library clone without body job"
	NoBodyDone         Step = "library clone without body done"
	LicensedNoBody     Step = "licensed clone without body"
	LicensedNoBodyJob  Step = "licensed clone without body job"
	LicensedNoBodyDone Step = "licensed clone without body done"

	CDROMBefore           Step = "cdrom before"
	Attach                Step = "attach"
	ServerAttached        Step = "server attached"
	CDROMAttached         Step = "cdrom attached"
	CloneServer           Step = "clone server"
	ClonedServer          Step = "cloned server"
	ServerWithDisk        Step = "server with disk"
	DriveOfServer         Step = "drive of the server"
	SecondServer          Step = "second server"
	SecondServerAlone     Step = "second server alone"
	AttachToSecondServer  Step = "attach to second server"
	SecondServerAttached  Step = "second server attached"
	FirstServerStill      Step = "first server still"
	AttachDisk            Step = "attach disk"
	ServerAfterAttachDisk Step = "server after attach disk"
	Detach                Step = "detach"
	CDROMAfterDetach      Step = "cdrom after detach"
	AttachAgain           Step = "attach again"
	ServerAttachedAgain   Step = "server attached again"
	DeleteRecursively     Step = "delete recursively"
	CDROMAfterAllDrives   Step = "cdrom after all_drives"
	DeleteCDROMs          Step = "delete cdroms"
	CDROMAfterCDROMs      Step = "cdrom after cdroms"
	DeleteSecondServer    Step = "delete second server"
	DeleteServer          Step = "delete server"

	UnknownUUID      Step = "unknown uuid"
	SmallerSize      Step = "smaller size"
	SmallerCloneJob  Step = "smaller clone job"
	SmallerCloneDone Step = "smaller clone done"

	SessionList        Step = "with session libdrives/"
	SessionDetail      Step = "with session libdrives/detail/"
	SessionSingle      Step = "with session libdrives/LIB/"
	SessionDrive       Step = "with session drives/LIB/"
	AfterLogoutList    Step = "after logout libdrives/"
	AfterLogoutDetail  Step = "after logout libdrives/detail/"
	AfterLogoutSingle  Step = "after logout libdrives/LIB/"
	AfterLogoutDrive   Step = "after logout drives/LIB/"
	WithToken          Step = "clone with token"
	WithoutToken       Step = "clone without token"
	DrivesWithoutToken Step = "clone through drives without token"

	WithoutCredentials       Step = "clone without credentials"
	DrivesWithoutCredentials Step = "clone through drives without credentials"

	HostileBody Step = "hostile body" // numbered

	UnknownAction              Step = "unknown action"
	UnknownActionThroughDrives Step = "unknown action through drives"
	ActionThatBeginsAsAnother  Step = "action that begins as another"
	NoAction                   Step = "no action"

	ThroughDrives Step = "through drives"
	Before        Step = "before" // where the scenario looks first; there is no request of this name alone
	PostSingle    Step = "POST libdrives/LIB/"
	PostDetail    Step = "POST libdrives/detail/"
	PostList      Step = "POST libdrives/"
	PatchSingle   Step = "PATCH libdrives/LIB/"
	PatchDetail   Step = "PATCH libdrives/detail/"
	PatchList     Step = "PATCH libdrives/"
	PutSingle     Step = "PUT libdrives/LIB/"
	PutDetail     Step = "PUT libdrives/detail/"
	PutList       Step = "PUT libdrives/"
	PutDrive      Step = "PUT drives/LIB/"
	ResizeDrive   Step = "POST drives/LIB/action/ resize"
	DeleteSingle  Step = "DELETE libdrives/LIB/"
	DeleteDetail  Step = "DELETE libdrives/detail/"
	DeleteList    Step = "DELETE libdrives/"
	DeleteDrive   Step = "DELETE drives/LIB/"
	DeleteAmong   Step = "DELETE drives/"

	PostLicences Step = "POST licenses/"
	PutLicences  Step = "PUT licenses/"
)
