package suites

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/libdrives/conformance/suites/evidence"
)

// The media types that are asked for.
const (
	typeJSON        = "application/json"
	typeXML         = "application/xml"
	unsupportedType = "image/png"
)

// Data formats: JSON by default, XML for whom asks for it, by a header or by a parameter.
func formats(s *Suite) {
	// accepting is the list asked for with an Accept header, or without any where it is empty.
	accepting := func(lib *Library, query, accept string) Answer {
		about := "the list with Accept " + accept
		if accept == "" {
			about = "the list without an Accept header"
		}
		if query != "" {
			about += " and " + query
		}
		return lib.Answer(evidence.Read{Path: libdrivesPath, Query: query}.With("Accept", accept)).about(about).answered("LIST-01")
	}

	s.Requirement("FORMAT-01", func(lib *Library) {
		answers := []Answer{accepting(lib, "", "")}
		for _, drive := range lib.few(1) {
			answers = append(answers, lib.Answer(lib.Single(drive).read.With("Accept", "")).about(drive.title()).answered("GET-01"))
		}
		for _, answer := range answers {
			if lib.formatCounts(answer) {
				lib.Expect(answer).To(BeIn("JSON"), "without an Accept header the answer is JSON")
				lib.Expect(answer).To(HaveType(typeJSON), "without an Accept header the Content-Type says application/json")
			}
		}
	})

	s.Requirement("FORMAT-02", func(lib *Library) {
		// The order of limit and offset makes this a request of its own: nothing else asks for the list by it.
		whole := lib.List()
		list := accepting(lib, "offset=0&limit=0", typeXML).about("the list as XML").answered(answeredBy("limit=0"))
		if lib.formatCounts(list) {
			lib.expectXML(list)
			lib.Expect(list).RelyingOn("PAGE-02", "PAGE-03", "LIST-05", "LIST-07").To(ShowInXML(whole.Drives, whole.exchange()), "the list as XML shows the drives of the list as JSON, in its order")
		}
		for _, drive := range lib.few(3) {
			single := lib.Answer(lib.Single(drive).read.With("Accept", typeXML)).about(drive.title() + " as XML").answered("GET-01")
			if lib.formatCounts(single) {
				lib.expectXML(single)
				lib.Expect(single).RelyingOn("GET-01", "GET-03").To(ShowInXML([]Drive{drive}, drive.from), "a drive as XML is the drive of the list")
			}
		}
	})

	s.Requirement("FORMAT-03", func(lib *Library) {
		for _, accept := range []string{typeJSON + ", " + typeXML, typeXML + ", " + typeJSON} {
			lib.expectIn("JSON", accepting(lib, "", accept), "where both types are accepted, JSON is returned")
		}
	})

	s.Requirement("FORMAT-04", func(lib *Library) {
		for _, accept := range []string{"*/*, " + typeXML, typeXML + ", */*"} {
			lib.expectIn("XML", accepting(lib, "", accept), "beside application/xml, */* is ignored")
		}
	})

	s.Requirement("FORMAT-05", func(lib *Library) {
		for _, c := range []struct{ format, query, accept string }{
			{"XML", "format=xml", typeJSON}, {"XML", "format=xml", ""}, {"XML", "format=xml", typeXML},
			{"JSON", "format=json", typeXML}, {"JSON", "format=json", ""}, {"JSON", "format=json", "*/*, " + typeXML},
		} {
			lib.expectIn(c.format, accepting(lib, c.query, c.accept), "the parameter `format` wins over the Accept header")
		}
	})

	s.Requirement("FORMAT-06", func(lib *Library) {
		for _, accept := range []string{typeJSON, typeXML} {
			lib.expectIn("XML", accepting(lib, "format=json&format=xml", accept), "of two `format` parameters the last one wins")
			lib.expectIn("JSON", accepting(lib, "format=xml&format=json", accept), "of two `format` parameters the last one wins")
		}
	})

	s.Requirement("FORMAT-07", func(lib *Library) {
		for _, accept := range []string{unsupportedType, "application/vnd.libdrives-no-such-type"} {
			if answer := accepting(lib, "", accept); !answer.Pending() && !lib.busy(answer) {
				lib.Expect(answer).To(HaveStatus(406), "who accepts no supported type gets 406")
			}
		}
	})

	s.Requirement("FORMAT-08", compression)

	s.Requirement("FORMAT-09", func(lib *Library) {
		answers := lib.ordinary()
		answers = append(answers, lib.Everything()...)
		seen := map[*evidence.Exchange]bool{}
		for _, answer := range answers {
			if answer.Pending() || seen[answer.exchange] || lib.planning || !answer.saysJSON() {
				continue
			}
			seen[answer.exchange] = true
			lib.look(answer.exchange)
			lib.Expect(answer).To(BeStrictJSON(), "a body is UTF-8 and one JSON value in which no object holds a key twice")
		}
	})
}

// compression: gzip for whom accepts it, and for nobody else.
func compression(lib *Library) {
	whole := lib.List()
	// As in FORMAT-02, the order of the parameters makes these requests of their own.
	list := evidence.Read{Path: libdrivesPath, Query: "limit=0&offset=0"}
	detail := evidence.Read{Path: libdrivesDetailPath, Query: "offset=0&limit=0"}
	for _, plain := range []Answer{
		lib.Answer(list.With("Accept-Encoding", "")).about("the list without Accept-Encoding").answered(answeredBy("limit=0")),
		lib.Answer(detail.With("Accept-Encoding", "")).about("the detail list without Accept-Encoding").answered("DETAIL-01"),
	} {
		if lib.formatCounts(plain) {
			lib.Expect(plain).To(BeUncompressed(), "an answer is not compressed for whom does not accept it")
		}
	}
	gzipped := lib.Answer(evidence.Read{Path: libdrivesPath, Query: "limit=0&offset=00"}.With("Accept-Encoding", "gzip;q=1.0, identity;q=0.5")).about("the list with Accept-Encoding gzip").answered(answeredBy("limit=0"))
	for _, answer := range append([]Answer{gzipped}, whole.parts...) {
		if lib.formatCounts(answer) {
			lib.Expect(answer).To(BeUnpackable(), "a compressed answer says gzip and can be unpacked")
		}
	}
	plain := lib.Answer(list.With("Accept-Encoding", "")).about("the list without Accept-Encoding").answered(answeredBy("limit=0"))
	if lib.usable(gzipped) && lib.usable(plain) {
		lib.identical(gzipped.asList(), plain.asList(), "the unpacked body is the plain one")
	}
	if lib.usable(plain) && len(whole.parts) == 1 {
		lib.identical(whole, plain.asList(), "the unpacked body is the plain one")
	}
}

// formatCounts reports whether the answer can be judged by its format: where the same is not answered with 200 in JSON
// either, that is for others to say.
func (lib *Library) formatCounts(answer Answer) bool {
	if answer.Pending() || lib.busy(answer) {
		return false
	}
	if plain := lib.Plain().answered("LIST-01"); plain.Pending() || plain.Status() != 200 {
		lib.Require(plain)
	}
	return answer.Status() == 200 || !lib.fails(answer.answers)
}

// expectIn expects an answer in a format.
func (lib *Library) expectIn(format string, answer Answer, rule string) {
	if lib.formatCounts(answer) {
		lib.Expect(answer).To(BeIn(format), rule)
	}
}

// expectXML expects an answer to be well-formed XML and to say so.
func (lib *Library) expectXML(answer Answer) {
	lib.Expect(answer).To(BeIn("XML"), "who accepts application/xml gets XML")
	lib.Expect(answer).To(HaveType(typeXML), "the Content-Type of XML says application/xml")
	if formatOf(answer.body()) == "XML" {
		_, err := answer.xml()
		lib.Expect(answer).To(BeSo(err == nil, "well-formed XML", fmt.Sprint(err)), "XML is well-formed")
	}
}

// formatOf tells a body's format by how it begins.
func formatOf(body []byte) string {
	text := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	switch {
	case len(text) == 0:
		return "nothing"
	case text[0] == '{' || text[0] == '[':
		return "JSON"
	case text[0] == '<' && !strings.HasPrefix(strings.ToLower(string(text[:min(len(text), 20)])), "<!doctype html") && !bytes.HasPrefix(bytes.ToLower(text[:min(len(text), 5)]), []byte("<html")):
		return "XML"
	}
	return "neither JSON nor XML"
}

// saysJSON reports whether JSON was asked for and the answer says that it is.
func (a Answer) saysJSON() bool {
	asked := a.exchange.Request.Header.Get("Accept")
	return a.incomplete() == "" && len(a.body()) > 0 && mediaType(a) == typeJSON &&
		(asked == "" || strings.Contains(asked, typeJSON)) && !strings.Contains(a.exchange.Request.URL, "format=")
}
