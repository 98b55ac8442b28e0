package material

import (
	"fmt"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/libdrives/conformance/suites/judge"
)

// Unlike are up to most subjects that together have as much as can be told wrongly as the library allows: fields that are not empty,
// each medium, names beyond ASCII, several licences, and others than the drive that is listed next. What a mistake in a field does
// shows at a drive that has the field alone. The first and the last are among more than three.
func Unlike(lib *judge.Library, most int) []judge.Drive {
	subjects := Subjects(lib)
	if len(subjects) <= most {
		return subjects
	}
	has := make([][]string, len(subjects))
	for i, drive := range subjects {
		has[i] = toldOf(drive, subjects[(i+1)%len(subjects)])
	}
	told, chosen := map[string]bool{}, map[int]bool{}
	choose := func(i int) {
		chosen[i] = true
		for _, what := range has[i] {
			told[what] = true
		}
	}
	if most > 3 { // the first and the last are told wrongly by those who count
		choose(0)
		choose(len(subjects) - 1)
	}
	for len(chosen) < most {
		best, gain := -1, -1
		for i := range subjects {
			more := 0
			for _, what := range has[i] {
				if !told[what] {
					more++
				}
			}
			if !chosen[i] && more > gain {
				best, gain = i, more
			}
		}
		choose(best)
	}
	var picked []judge.Drive
	for i, drive := range subjects {
		if chosen[i] {
			picked = append(picked, drive)
		}
	}
	return picked
}

// toldOf are what a drive has that can be told wrongly, beside the drive that comes next.
func toldOf(drive, next judge.Drive) (has []string) {
	drive.JSON().ForEach(func(key, value gjson.Result) bool {
		switch empty := !value.IsObject() && !value.IsArray(); {
		case empty && (value.Type == gjson.Null || value.Type == gjson.String && value.Str == ""):
		case !empty && len(value.Raw) <= len("[]"):
		default:
			has = append(has, key.Str)
			if !empty { // of more there is more to be told wrongly
				has = append(has, "what is in "+key.Str)
			}
		}
		if value.IsBool() && value.Raw != next.JSON().Get(key.Str).Raw {
			has = append(has, key.Str+" unlike the next")
		}
		return true
	})
	licences := drive.Field("licenses").Array()
	has = append(has, drive.Field("media").Str, fmt.Sprintf("licences %d", min(2, len(licences))))
	if len(drive.Name) != utf8.RuneCountInString(drive.Name) {
		has = append(has, "beyond ASCII")
	}
	if len(licences) > 0 && judge.HasLicences(next) {
		has = append(has, "licences beside others") // counted for each field in which they differ
		for _, field := range []string{"resource_uri", "name", "long_name", "type", "user_metric", "burstable"} {
			if licences[0].Get("license."+field).Raw != next.Field("licenses").Array()[0].Get("license."+field).Raw {
				has = append(has, "another licence's "+field)
			}
		}
	}
	return has
}
