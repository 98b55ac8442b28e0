package judge

import (
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	"github.com/tidwall/gjson"
)

// HaveAttached matches the definition of a server that names the drive, on the device where one is given.
func HaveAttached(uuid, device string) types.GomegaMatcher {
	expected := "drive " + uuid + " among its drives"
	if device != "" {
		expected += ", on " + device
	}
	return HaveJSON("drives", match{expected: expected, holds: func(drives gjson.Result) bool { return attaches(drives, uuid, device) }})
}

// HaveDetached matches the definition of a server that does not name the drive.
func HaveDetached(uuid string) types.GomegaMatcher {
	return HaveJSON("drives", match{expected: "no drive " + uuid + " among its drives", holds: func(drives gjson.Result) bool { return !attaches(drives, uuid, "") }})
}

// attaches reports whether an entry of a server's drives is the drive, nested or by its uuid or URI.
func attaches(drives gjson.Result, uuid, device string) bool {
	return slices.ContainsFunc(drives.Array(), func(entry gjson.Result) bool {
		drive := entry.Get("drive")
		names := drive.Get("uuid").String() == uuid || drive.Type == gjson.String && strings.Contains(drive.Str, uuid)
		return names && (device == "" || entry.Get("device").String() == device)
	})
}
