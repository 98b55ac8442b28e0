package judge

import (
	"fmt"
)

// Material is what the endpoint's own library offers to ask with. A value serves a filter only if it discriminates:
// some drives match it and some don't.

// Memoize works something out of the whole list once, however many specs and rounds of the plan ask for it.
func Memoize[V any](lib *Library, what string, work func(drives []Drive) V) V {
	list := lib.List()
	key := fmt.Sprintf("%s, from %d answers, the first being %d", what, len(list.Parts), list.Exchange().Number)
	return Once(lib.Evaluator, key, func() V { return work(list.Drives) })
}

// Once works something out once in a run.
func Once[V any](b *Evaluator, key string, work func() V) V {
	if known, done := b.Memo[key]; done {
		return known.(V)
	}
	made := work()
	b.Memo[key] = made
	return made
}
