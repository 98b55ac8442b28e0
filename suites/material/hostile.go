package material

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// The tables of hostile inputs, each escaped as it is sent.

// HostileUUIDs are path segments that are no uuid; uuid is one that nobody has, from which some are made.
func HostileUUIDs(uuid string) []string {
	return []string{
		uuid[:35] + "g", // not hexadecimal
		uuid[:18] + "%00" + uuid[18:],
		uuid[:35], // too short
		uuid + "0",
		"%27%20OR%20%271%27%3D%271",
		"..%2f..%2f..%2fetc%2fpasswd",
		"%",
		strings.Repeat("a", 4096),

		"0", "-1", "1", "null", "None", "undefined", "NaN", "true", "%5B%5D", "%7B%7D",
		uuid + uuid,
		uuid[:8] + "--" + uuid[9:],
		strings.ReplaceAll(uuid, "-", "_"),
		uuid[:14] + "%20" + uuid[14:],
		uuid[:14] + "%0d%0aX-Injected:%20yes" + uuid[14:],
		uuid + "%00", // a string ends at NUL, and then it is a uuid
		"%00", "%zz", "%u0041", "%ff%fe", "%c0%ae%c0%ae", "%f0%9f%92%a9",
		"%D0%B4%D0%B8%D1%81%D0%BA", "%E2%80%AE" + uuid, "%EF%BC%91%EF%BC%92%EF%BC%93",
		"../" + uuid, "..", "../../", "%2e%2e", "..%5c..%5cwindows", "..%252f..%252fetc", uuid + "/..", "./" + uuid,
		"%27", "%22", "%3B%20DROP%20TABLE%20drives%3B--", uuid + "%27--", "1%20OR%201%3D1", "%25", "*", strings.Repeat("_", 36),
		"%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%7B%7B7*7%7D%7D", "%25s%25s%25n", "$(id)", "%60id%60", "%7C%20id",
	}
}

// HostileNumbers are limits and offsets that make no sense.
func HostileNumbers() []string {
	return []string{
		"-1", "-0", "-2147483649", "1.5", "1e3", "1e400", "NaN", "Infinity", "-Infinity", "abc", "", "%20", "%00", "1%00", "0x10", "%2B1", "--1",
		"2147483648", "4294967296", "9223372036854775808", "18446744073709551616", strings.Repeat("9", 40), strings.Repeat("9", 400),
		"null", "true", "%5B%5D", "%7B%7D", "%27", "1%3B--", "1,2", "%D9%A1%D9%A2", "%EF%BC%91", "%ff", "1%0d%0a",
	}
}

// HostileValues are filter values that make no sense. The first few are one of each kind.
func HostileValues() []string {
	return []string{
		strings.Repeat("a", 8192),
		"%27%20OR%20%271%27%3D%271",
		"x%00y",
		"%25",

		"%22", "%27", "%27%27", "%60", "%5C", "%5C%5C", "%5C%27", "%", "%zz", "%25%25", "_", "%25a%25", "*", ".*", "%5E", "%28", "%5B", "%5Ba-z%5D%2B",
		"%27%3B%20DROP%20TABLE%20drives%3B--", "x%27%20OR%201%3D1--", "%22%20OR%20%22%22%3D%22", "x%27%20UNION%20SELECT%20NULL--", "%27%7C%7C%27",
		"x%00", "%00x", "%ff%fe", "%C3%28", "%ED%A0%80", "%F0%9F%92%A9", "%E2%80%AEx", "x%0d%0aX-Injected:%20yes",
		"%7B%22$gt%22:%22%22%7D", "%7B%7B7*7%7D%7D", "$%7B7*7%7D", "%3Cscript%3E", strings.Repeat("%27", 2731), strings.Repeat("%25", 2731),
		strings.Repeat("x,", 2000) + "x",
	}
}

// Words are segments that are documented, or usual, as something other than a uuid.
var Words = [...]string{"detail", "schema", "action", "set"}

var hexadecimal = regexp.MustCompile(`^[0-9a-f]{32}$`)

// MustBeRefused reports whether a path segment is no uuid however it is read, and stays one segment: a front end may
// resolve dots and slashes, escaped or not, or drop what stands behind a semicolon, and then another resource answers; a
// string may end at a NUL and lose the white space around it; a uuid may be written without hyphens, in capitals, in
// braces, or as a URN.
func MustBeRefused(segment string) bool {
	text, err := url.PathUnescape(segment)
	if err != nil {
		return true // no URL at all
	}
	if strings.ContainsAny(text, `/\;?#`) || strings.Contains(segment, "%25") || strings.Trim(text, ". \t") == "" {
		return false
	}
	text, _, _ = strings.Cut(text, "\x00")
	text = strings.ToLower(strings.Trim(strings.TrimSpace(text), "{}"))
	if text == "" || slices.Contains(Words[:], text) {
		return false
	}
	return !hexadecimal.MatchString(strings.ReplaceAll(strings.TrimPrefix(text, "urn:uuid:"), "-", ""))
}
