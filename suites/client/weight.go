package client

// What a reader makes of JSON takes many times the room of its text where that is many small values, so a body is bounded
// in them too, before anybody looks into it.
const (
	mostEntries = 100_000   // of one array or object: a library has some dozens of drives, or some thousands
	mostValues  = 2_000_000 // in one body: 20 for each of so many entries
	mostTracked = 64        // levels whose entries are counted one by one; what nests deeper is not looked into at all
	lightBody   = mostEntries
)

// valueWeight is about what a reader of JSON takes for each value beside its text. It is counted with the body where there
// are many, so that what answers hold in all is bounded by what they really cost.
const valueWeight = 100

// overweight counts the values of a body, and says which bound of what can be looked into a body is over. It reads the text as JSON, sound or not, and
// makes nothing of it; a text that is none has no values.
func overweight(body []byte) (values int64, bound Bound, limit int64, over bool) {
	if len(body) <= lightBody {
		return 0, 0, 0, false // it has no room for as many
	}
	var entries [mostTracked]int
	depth, quoted := -1, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			values++
			if depth++; depth < mostTracked {
				entries[max(depth, 0)] = 1
			}
		case b == '}' || b == ']':
			depth--
		case b == ',':
			values++
			if depth >= 0 && depth < mostTracked {
				if entries[depth]++; entries[depth] > mostEntries {
					return values, Entries, mostEntries, true
				}
			}
		case depth < 0 && b > ' ':
			return values, 0, 0, false // it does not begin as an object or array does
		}
		if values > mostValues {
			return values, Values, mostValues, true
		}
		if depth < -1 {
			return values, 0, 0, false
		}
	}
	return values, 0, 0, false
}
