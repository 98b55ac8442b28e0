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
		PostSchema, PostSingle, PostDetail, PostList,
		PatchSingle, PatchDetail, PatchList,
		PutSchema, PutSingle, PutDetail, PutList, PutDrive, ResizeSingle, ResizeDrive,
		DeleteSchema, DeleteSingle, DeleteDetail, DeleteList, DeleteDrive, DeleteAmong,
	}
}

// Key names a step in the record.
func (s Scenario) Key(step Step) string { return string(s) + "/" + string(step) }

// Step is a step of a scenario: one request, or several of a kind; see Part.
type Step string

// The steps. Where several scenarios have a step of one name, it asks for the same. They are texts as long as nothing is
// asked of them, for the account takes them too, which knows no scenarios.
const (
	Profile                 = "profile"
	ProfileInXML            = "profile in XML"
	ProfileField            = "profile with one field"
	SourceBefore            = "source before"
	Clone                   = "clone"
	Job                     = "job"
	CloneDone               = "clone done"
	CloneInXML              = "clone in XML"
	JobInXML                = "job in XML"
	EditedInXML             = "edited clone in XML"
	EntryInXML              = "detail entry in XML"
	DetailFields            = "detail entry with some fields"
	ListedInXML             = "drives entry in XML"
	Drives                  = "drives"
	DrivesDetail            = "drives detail"
	Libdrives               = "libdrives"
	UnderLibdrives          = "under libdrives"
	FoundInLibrary          = "found in libdrives by uuid"
	SourceAfter             = "source after"
	AtRest                  = "library drive at rest"
	ListedAtRest            = "libdrives at rest"
	ListedInDetailAtRest    = "libdrives detail at rest"
	StillAtRest             = "library drive still at rest"
	DetailEntry             = "detail entry"
	Rename                  = "rename"
	AfterRename             = "after rename"
	NoLicences              = "no licences"
	AfterNoLicences         = "after no licences"
	OtherLicence            = "other licence"
	AfterOtherLicence       = "after other licence"
	OtherAmount             = "other amount"
	AfterOtherAmount        = "after other amount"
	DetailPage              = "detail entry by page"
	DetailByName            = "detail entry by name"
	EditMeta                = "edit of meta"
	AfterEditMeta           = "after edit of meta"
	EditTags                = "edit of tags"
	AfterEditTags           = "after edit of tags"
	EditMedia               = "edit of media"
	AfterEditMedia          = "after edit of media"
	MediaBack               = "media back"
	AfterMediaBack          = "after media back"
	NullLicences            = "null licences"
	AfterNullLicences       = "after null licences"
	SomeLicences            = "some licences"
	AfterSomeLicences       = "after some licences"
	AttachLicensed          = "attach licensed clone"
	LicensedAttached        = "licensed clone attached"
	ServerWithLicensed      = "server with licensed clone"
	DetachLicensed          = "detach licensed clone"
	LicensedDetached        = "licensed clone detached"
	ServerWithoutLicensed   = "server without licensed clone"
	Resize                  = "resize"
	AfterResize             = "after resize"
	CloneWithoutBody        = "clone without body"
	CloneOfCloneJob         = "clone of the clone job"
	CloneOfCloneDone        = "clone of the clone done"
	BeforeDelete            = "before delete"
	Delete                  = "delete"
	AfterDelete             = "after delete"
	GoneStill               = "after delete still"
	GoneAgain               = "after delete once more"
	GoneInXML               = "after delete in XML"
	JobAfterDelete          = "job after delete"
	DrivesAfterDelete       = "drives after delete"
	DrivesDetailAfterDelete = "drives detail after delete"

	Source                   = "source"
	SourceThroughDrives      = "source through drives"
	SourceThroughDrivesAfter = "source through drives after"
	CloneWithoutLicences     = "clone without licences"
	CloneOfSizeAlone         = "clone of size alone"

	FirstClone              = "first clone"
	FirstCloneWithoutSize   = "first clone without size"
	LicensedSource          = "licensed source"
	OtherWay                = "licensed clone in another way"
	OtherWayJob             = "licensed clone in another way job"
	OtherWayDone            = "licensed clone in another way done"
	SecondClone             = "second clone"
	SecondCloneWithoutAvoid = "second clone without avoid"
	SecondCloneWithAvoid    = "second clone with avoid"
	FirstJob                = "first job"
	FirstDone               = "first done"
	SecondJob               = "second job"
	SecondDone              = "second done"
	EditSecond              = "edit of the second clone"
	Server                  = "server"
	AttachClone             = "attach clone"
	CloneAttached           = "clone attached"
	ServerWithClone         = "server with clone"
	DetachClone             = "detach clone"
	CloneDetached           = "clone detached"
	ServerWithoutClone      = "server without clone"
	AttachCloneAgain        = "attach clone again to be left"
	DeleteServerAlone       = "delete server of the clone"
	CloneAfterServer        = "clone after its server"
	ServerOfSecond          = "server of the second clone"
	DeleteServerCDROMs      = "delete server of the second clone with cdroms"
	SecondAfterCDROMs       = "second clone after its server"
	DeleteFirst             = "delete first"
	SecondAfterDelete       = "second after delete"

	EmptyObject        Step = "clone with an empty object"
	EmptyObjectJob          = "clone with an empty object job"
	EmptyObjectDone         = "clone with an empty object done"
	NoBody             Step = "library clone without body"
	NoBodyJob               = "library clone without body job"
	NoBodyDone              = "library clone without body done"
	LicensedNoBody     Step = "licensed clone without body"
	LicensedNoBodyJob       = "licensed clone without body job"
	LicensedNoBodyDone      = "licensed clone without body done"

	CDROMBefore               = "cdrom before"
	Attach                    = "attach"
	ServerAttached            = "server attached"
	ServerInXML               = "server in XML"
	CDROMAttached             = "cdrom attached"
	CloneServer               = "clone server"
	ClonedServer              = "cloned server"
	ServerWithDisk            = "server with disk"
	DriveOfServer             = "drive of the server"
	SecondServer              = "second server"
	SecondServerAlone         = "second server alone"
	AttachToSecondServer      = "attach to second server"
	SecondServerAttached      = "second server attached"
	FirstServerStill          = "first server still"
	AttachDisk                = "attach disk"
	ServerAfterAttachDisk     = "server after attach disk"
	Detach                    = "detach"
	CDROMAfterDetach          = "cdrom after detach"
	ServerAfterDetach         = "server after detach"
	DrivesDetached            = "drives once detached"
	DrivesDetailDetached      = "drives detail once detached"
	DrivesWithoutServer       = "drives once deleted with cdroms"
	DrivesDetailWithoutServer = "drives detail once deleted with cdroms"
	ListedAfterDetach         = "libdrives after detach"
	DetailAfterDetach         = "libdrives detail after detach"
	AttachAgain               = "attach again"
	ServerAttachedAgain       = "server attached again"
	DeleteRecursively         = "delete recursively"
	CDROMAfterAllDrives       = "cdrom after all_drives"
	DeleteCDROMs              = "delete cdroms"
	CDROMAfterCDROMs          = "cdrom after cdroms"
	DeleteSecondServer        = "delete second server"
	DeleteServer              = "delete server"

	UnknownUUID      = "unknown uuid"
	SmallerSize      = "smaller size"
	SmallerCloneJob  = "smaller clone job"
	SmallerCloneDone = "smaller clone done"

	SessionList          = "with session libdrives/"
	SessionWhole         = "with session libdrives/ whole"
	SessionOwnWhole      = "with session drives/ whole"
	SessionDetail        = "with session libdrives/detail/"
	SessionLicences      = "with session licenses/"
	SessionOwn           = "with session drives/"
	SessionOwnDetail     = "with session drives/detail/"
	SessionServers       = "with session servers/"
	SessionSchema        = "with session libdrives/schema/"
	SessionProfile       = "with session profile/"
	SessionSingle        = "with session libdrives/LIB/"
	SessionDrive         = "with session drives/LIB/"
	AfterLogoutList      = "after logout libdrives/"
	AfterLogoutDetail    = "after logout libdrives/detail/"
	AfterLogoutLicences  = "after logout licenses/"
	AfterLogoutOwn       = "after logout drives/"
	AfterLogoutOwnDetail = "after logout drives/detail/"
	AfterLogoutServers   = "after logout servers/"
	AfterLogoutSchema    = "after logout libdrives/schema/"
	AfterLogoutProfile   = "after logout profile/"
	AfterLogoutSingle    = "after logout libdrives/LIB/"
	AfterLogoutDrive     = "after logout drives/LIB/"
	WithToken            = "clone with token"
	WithoutToken         = "clone without token"
	DrivesWithoutToken   = "clone through drives without token"

	WithTokenJob            = "clone with token job"
	EditOfWrongType         = "edit with a wrong type"
	ResizeOfWrongType       = "resize with a wrong type"
	AfterWrongTypes         = "after wrong types"
	EditBack                = "edit back to the right type"
	PutWithoutToken         = "PUT own clone without token"
	DeleteWithoutToken      = "DELETE own clone without token"
	AfterDeleteWithoutToken = "own clone after DELETE without token"

	WithoutCredentials       = "clone without credentials"
	DrivesWithoutCredentials = "clone through drives without credentials"

	HostileBody Step = "hostile body" // numbered

	UnknownAction              = "unknown action"
	UnknownActionThroughDrives = "unknown action through drives"
	ActionThatBeginsAsAnother  = "action that begins as another"
	NoAction                   = "no action"

	ThroughDrives = "through drives"
	Before        = "before" // where the scenario looks first; there is no request of this name alone
	GetClone      = "GET libdrives/LIB/action/ clone"
	PostSingle    = "POST libdrives/LIB/"
	PostDetail    = "POST libdrives/detail/"
	PostSchema    = "POST libdrives/schema/"
	PostList      = "POST libdrives/"
	PatchSingle   = "PATCH libdrives/LIB/"
	PatchDetail   = "PATCH libdrives/detail/"
	PatchList     = "PATCH libdrives/"
	PutSingle     = "PUT libdrives/LIB/"
	PutDetail     = "PUT libdrives/detail/"
	PutSchema     = "PUT libdrives/schema/"
	PutList       = "PUT libdrives/"
	PutDrive      = "PUT drives/LIB/"
	ResizeDrive   = "POST drives/LIB/action/ resize"
	ResizeSingle  = "POST libdrives/LIB/action/ resize"
	DeleteSingle  = "DELETE libdrives/LIB/"
	DeleteDetail  = "DELETE libdrives/detail/"
	DeleteSchema  = "DELETE libdrives/schema/"
	DeleteList    = "DELETE libdrives/"
	DeleteDrive   = "DELETE drives/LIB/"
	DeleteAmong   = "DELETE drives/"

	DeleteSeveral   = "DELETE drives/ of the run"
	FirstOfSeveral  = "first of several"
	SecondOfSeveral = "second of several"
	NoneOfSeveral   = "none of several"

	PostLicences = "POST licenses/"
	PutLicences  = "PUT licenses/"
)
