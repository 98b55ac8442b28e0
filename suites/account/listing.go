package account

import (
	"fmt"

	"github.com/libdrives/conformance/suites/evidence"
)

// listing is a list put together from as many answers as it took.
type listing struct {
	exchanges []*evidence.Exchange
	objects   []Definition
	complete  bool // every answer is a list, and they hold as many as the first one counts
}

// readList asks for a list: limit=0 first, which is everything, and where that is less than its total_count says, the
// pages after it, under "<step> page 2" and so on, until one shows nothing new.
func readList(ask func(step, target string) *evidence.Exchange, step, path string) listing {
	first := ask(step, path+"?limit=0")
	objects, total, isList := DefinitionsOf(first)
	list := listing{exchanges: []*evidence.Exchange{first}, objects: objects}
	size, page := len(objects), 2
	if !isList || size == 0 && total > 0 {
		// Who does not know limit=0 may still answer pages.
		size = evidence.PageSize
		x := ask(fmt.Sprintf("%s page %d", step, page), fmt.Sprintf("%s?limit=%d&offset=0", path, size))
		list.exchanges = append(list.exchanges, x)
		list.objects, total, isList = DefinitionsOf(x)
		page++
	}
	if !isList {
		return list
	}
	seen := map[string]bool{}
	note(seen, list.objects)
	for ; len(list.objects) < total && total <= evidence.MostCounted && page <= evidence.MostPages; page++ {
		x := ask(fmt.Sprintf("%s page %d", step, page), fmt.Sprintf("%s?limit=%d&offset=%d", path, size, len(list.objects)))
		list.exchanges = append(list.exchanges, x)
		more, _, _ := DefinitionsOf(x)
		if !note(seen, more) {
			break
		}
		list.objects = append(list.objects, more...)
	}
	list.complete = len(list.objects) >= total
	return list
}

// note notes what is shown. It reports whether some of it was not seen before.
func note(seen map[string]bool, objects []Definition) (fresh bool) {
	for _, one := range objects {
		if !seen[one.UUID] {
			seen[one.UUID], fresh = true, true
		}
	}
	return fresh
}
