package evidence

// CheckJSON says why a body is not one JSON value as RFC 8259 and I-JSON have it: syntax, a key given twice, bytes that
// are not UTF-8, text after the value, or nesting deeper than maxDepth.
func CheckJSON(body []byte, maxDepth int) error {
	return walkJSON(body, maxDepth)
}
