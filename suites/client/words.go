package client

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// Words is the endpoint's own message in an answer: that of the API's errors, or the title of a page; clipped, and empty
// where there is none.
func Words(x *evidence.Exchange) string {
	const longest, looked = 200, 64 << 10
	body := x.Response.Body[:min(len(x.Response.Body), looked)]
	var errors []struct {
		Message string `json:"error_message"`
	}
	text := ""
	if json.Unmarshal(evidence.WithoutMark(body), &errors) == nil && len(errors) > 0 {
		text = errors[0].Message
	} else if title := pageTitle.FindSubmatch(body); title != nil {
		text = html.UnescapeString(string(title[1]))
	}
	message := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " "))
	return string(message[:min(len(message), longest)])
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
