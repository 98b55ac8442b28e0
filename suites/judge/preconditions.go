package judge

import (
	"regexp"
	"slices"
	"strings"
)

// Polled is the name of a step that looks at a job, or at the drive that it makes, while it runs or at its end.
var Polled = regexp.MustCompile(`^(.*job) (?:poll [0-9]+ )?(job|drive)$`)

// preconditions are the requirements that judge a step: that it is answered with a 2xx, and that the answer can be looked into.
// What else builds on the step is held against them where they fail.
func preconditions(story, step string) (answered, sound string) {
	if match := Polled.FindStringSubmatch(step); match != nil {
		if match[2] == "job" {
			return "CLONE-10", "CLONE-10"
		}
		return "CLONE-11", "CLONE-10"
	}
	switch step {
	case "clone":
		if story == BiggerClone {
			return "LIC-10", "CLONE-07"
		}
		return "CLONE-01", "CLONE-02"
	case "first clone":
		return "CLONE-01", "CLONE-02"
	case "drives", "drives detail":
		if story == AttachingDisc {
			return "", ""
		}
		return "CLONE-11", "CLONE-11"
	}
	step = strings.TrimSuffix(step, " again")
	if strings.HasSuffix(step, " then list") {
		return PageJudgedBy("limit=0"), "LIST-02"
	}
	id := precondition(step)
	return id, id
}

// precondition is the one requirement that judges a step of which there is just one kind.
func precondition(step string) string {
	switch step {
	case "source", "source before", "cdrom before", "with session libdrives/LIB/", "after logout libdrives/LIB/":
		return "GET-01"
	case "source after":
		return "CLONE-15"
	case "libdrives":
		return PageJudgedBy("limit=0")
	case "with session libdrives/", "after logout libdrives/":
		return "LIST-01"
	case "with session libdrives/detail/", "after logout libdrives/detail/":
		return "DETAIL-01"
	case "with session drives/LIB/", "after logout drives/LIB/":
		return "OWNER-01"
	case "job", "first job", "second job", "clone of the clone job":
		return "CLONE-10"
	case "clone done", "clone of the clone done", "after rename", "after no licences", "after other licence",
		"after other amount", "after resize":
		return "CLONE-11"
	case "clone without licences":
		return "CLONE-06"
	case "clone of size alone":
		return "CLONE-07"
	case "under libdrives":
		return "CLONE-12"
	case "clone without body":
		return "CLONE-04"
	case "delete", "after delete":
		return "CLONE-18"
	case "second clone", "second clone without avoid":
		return "CLONE-17"
	case "second clone with avoid":
		return "CLONE-20"
	case "first done", "second done", "second after delete":
		return "CLONE-19"
	case "attach", "attach again":
		return "ATTACH-01"
	case "drive of the server":
		return "ATTACH-03"
	case "second server":
		return "ATTACH-04"
	case "detach", "cdrom after detach":
		return "ATTACH-06"
	case "attach clone", "clone attached":
		return "ATTACH-09"
	}
	return ""
}

// firstOfItsKind reports whether a story asks at this step for something that no step before it was granted.
func firstOfItsKind(story, step string) bool {
	switch story {
	case LicensedClone, BiggerClone:
		return step == "clone"
	case SideBySide:
		return slices.Contains([]string{"first clone", "server"}, step)
	}
	return step == "server"
}
