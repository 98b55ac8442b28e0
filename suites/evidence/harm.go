package evidence

// HarmKind is what was done to a library drive.
type HarmKind string

// The kinds of harm.
const (
	HarmDeleted           HarmKind = "deleted"             // it is gone
	HarmDeletedWithServer HarmKind = "deleted with server" // it is gone, because a server that it was attached to was deleted recursively
	HarmUnlisted          HarmKind = "unlisted"            // it is still answered, and no longer listed
	HarmEdited            HarmKind = "edited"              // its definition is another one
	HarmAdded             HarmKind = "added"               // it was not there before
)

// Returned is what became of the old definition of a drive that was edited.
type Returned string

// What can become of it; nothing where there is no way to give it back.
const (
	GivenBack   Returned = "given back"   // the drive is as it was
	NotAccepted Returned = "not accepted" // it was tried, and the drive is not as it was
)

// HarmedDrive is one more library drive to which a request did the same.
type HarmedDrive struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}
