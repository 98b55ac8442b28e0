package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Material that is there but can't be read is not missing: that drives are defined as documented is for these to say.
var definedBy = [...]string{"LIST-03", "LIST-04", "LIST-06"}

// Lack ends the spec, which has nothing to judge by: it is skipped where the library has none of it, and blocked where
// that can't be known because fields of its drives can't be read. The reason names what was looked for.
func (lib *Library) Lack(fields []string, format string, values ...any) {
	lib.blockUnreadable(fields)
	lib.Skip(format, values...)
}

// blockUnreadable ends the spec where some listed drive does not say in one of the fields what drive it is.
func (lib *Library) blockUnreadable(fields []string) {
	list := lib.ListAt(LibdrivesPath, "", "the list")
	if total, listed := list.counted(), len(Unique(list.Drives)); listed < total {
		if by := lib.FirstFailing("PAGE-03", "PAGE-02"); by != "" {
			lib.Block(by, "whether the library has material for it can't be known: %d of its %d drives are listed", listed, total)
			lib.stop()
		}
	}
	for _, drive := range list.Drives {
		at := slices.IndexFunc(fields, func(field string) bool { return !readable(field, drive.JSON().Get(field)) })
		if at < 0 {
			continue
		}
		if by := lib.FirstFailing(definedBy[:]...); by != "" {
			lib.Block(by, "whether the library has material for it can't be known: %s of %s can't be read", fields[at], drive.Title())
			lib.stop()
		}
		return
	}
}

// counted is how many drives the first answer of the list says that there are; 0 where it does not say.
func (list List) counted() int {
	if len(list.Parts) == 0 {
		return 0
	}
	total, _ := WholeNumber(list.Parts[0].TotalCount())
	return int(total)
}

// readable reports whether a field of a listed drive says what drive it is.
func readable(field string, value gjson.Result) bool {
	switch field {
	case "media":
		return value.Type == gjson.String && slices.Contains([]string{"disk", "cdrom"}, value.Str)
	case "size":
		n, whole := WholeNumber(value)
		return whole && n > 0
	case "licenses":
		return value.IsArray()
	case "name", "uuid":
		return value.Type == gjson.String
	case "category":
		return value.IsArray() || value.Type == gjson.Null && value.Exists()
	}
	return value.Type == gjson.String || value.Type == gjson.Null && value.Exists()
}

// lacking are the kinds of drives that were looked for and of which none was there, and the fields by which they are recognized,
// in the order of the kinds.
func (lib *Library) lacking() (kinds, fields []string) {
	for kind, there := range lib.Kinds {
		if !there {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	for _, kind := range kinds {
		fields = append(fields, lib.fieldsOf[kind]...)
	}
	return kinds, fields
}

// missing says which material a body found none of.
func (lib *Library) missing() string {
	if kinds, _ := lib.lacking(); len(kinds) > 0 {
		if thing, own := strings.CutSuffix(kinds[0], " of the account's own"); own {
			return fmt.Sprintf("the account has no %s of its own", thing)
		}
		return fmt.Sprintf("the library has no %s", kinds[0])
	}
	if list := lib.ListAt(LibdrivesPath, "", "the list"); !list.Pending && len(list.Drives) > 0 {
		return "nothing that was answered is of the kind that it is about"
	}
	return "the library lists no drive"
}
