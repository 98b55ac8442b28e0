package suites

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/collect"
)

// Allowed HTTP methods: only GET is allowed on the library.
func methods(s *Suite) {
	for _, id := range []string{"METHOD-01", "METHOD-02", "METHOD-03", "METHOD-04", "METHOD-05", "METHOD-06", "METHOD-07"} {
		s.Requirement(id, func(lib *Library) {
			for _, step := range forbiddenBy[id] {
				lib.Expect(lib.Story(forbiddenMethods).Step(step)).To(HaveStatus(405), "only GET is allowed on the library")
			}
		})
	}

	s.Requirement("METHOD-08", func(lib *Library) {
		story := lib.Story(forbiddenMethods)
		for _, step := range forbiddenSteps {
			if story.Took(step) {
				lib.unchanged(story, step)
			}
		}
		for _, step := range forbiddenSteps {
			story.Step(step) // what was not sent is not judged
		}
	})

	s.Requirement("METHOD-09", func(lib *Library) {
		options := lib.Answer(collect.Read{Method: http.MethodOptions, Path: libdrivesPath}).about("OPTIONS of the list")
		lib.Expect(options).To(HaveStatus(200), "OPTIONS is answered")
		if options.Pending() || options.Status() != 200 {
			return
		}
		lib.Expect(options).To(NameMethod("GET"), "OPTIONS names GET")
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			lib.Expect(options).To(NameNoMethod(method), "OPTIONS names no method that is not allowed")
		}
	})

	s.Requirement("METHOD-10", func(lib *Library) {
		get := lib.Plain()
		head := lib.Answer(collect.Read{Method: http.MethodHead, Path: libdrivesPath}).about("HEAD of the list")
		if get.Pending() || head.Pending() {
			return
		}
		if text := get.incomplete(); text != "" {
			lib.block("", "%s", text)
			return
		}
		lib.Expect(head).To(HaveStatus(get.Status(), 405), "HEAD answers the status of GET, or 405")
		// Whether a body follows can't be told: a client reads none after the headers of an answer to HEAD.
		if head.Status() == get.Status() {
			lib.Expect(head).To(HaveType(mediaType(get)), "HEAD answers the Content-Type of GET")
		}
	})

	s.Requirement("METHOD-11", func(lib *Library) {
		story := lib.Story(forbiddenMethods)
		lib.Expect(story.Step("PUT drives/LIB/")).To(HaveStatus(403, 405), "a library drive can't be edited through the drives API")
		lib.unchanged(story, "PUT drives/LIB/")
	})

	s.Requirement("METHOD-12", func(lib *Library) {
		story := lib.Story(forbiddenMethods)
		lib.Expect(story.Step("DELETE drives/LIB/")).To(HaveStatus(403, 404, 405), "a library drive can't be deleted through the drives API")
		lib.unchanged(story, "DELETE drives/LIB/")
	})
}

// forbiddenBy are the steps of the story that a requirement is about.
var forbiddenBy = map[string][]string{
	"METHOD-01": {"POST libdrives/"}, "METHOD-02": {"PUT libdrives/"}, "METHOD-03": {"DELETE libdrives/"},
	"METHOD-04": {"POST libdrives/LIB/"}, "METHOD-05": {"PUT libdrives/LIB/"}, "METHOD-06": {"DELETE libdrives/LIB/"},
	"METHOD-07": {"POST libdrives/detail/", "PUT libdrives/detail/", "DELETE libdrives/detail/"},
	"METHOD-11": {"PUT drives/LIB/"}, "METHOD-12": {"DELETE drives/LIB/"},
}

// forbiddenSteps are the steps of the story after which it looks at the drive and the list, in their order.
var forbiddenSteps = [...]string{
	"POST libdrives/LIB/", "POST libdrives/detail/", "POST libdrives/",
	"PUT libdrives/LIB/", "PUT libdrives/detail/", "PUT libdrives/", "PUT drives/LIB/",
	"DELETE libdrives/LIB/", "DELETE libdrives/detail/", "DELETE libdrives/", "DELETE drives/LIB/",
}

// lookBefore is the step after which the story looked last before it came to a step.
func (s Story) lookBefore(step string) string {
	last := "before"
	for _, earlier := range forbiddenSteps {
		if earlier == step {
			break
		}
		if s.Took(earlier + " then drive") {
			last = earlier
		}
	}
	return last
}

// unchanged expects the library drive and the list to be after a step as they were when the story looked before it:
// what an earlier step changed is not told again. A drive that is new in the list is held against the endpoint where it
// bears the name that the request gave; others may put one there.
func (lib *Library) unchanged(story Story, step string) {
	before := story.lookBefore(step)
	now, then := story.Step(story.latest(step+" then drive")), story.drive(story.latest(before+" then drive"))
	lib.Expect(now).To(EqualDrive(then.JSON, then.from, "the library drive after "+step, "the library drive before"), "a request that is refused leaves the library drive as it was")
	after, was := story.Step(story.latest(step+" then list")).asList(), story.Step(story.latest(before+" then list")).asList()
	lib.Expect(after).RelyingOn(story.unlessHarmed(step, "LIST-07")...).To(NameAllOf(unique(was.Drives)), "a request that is refused takes no drive off the list")
	entries := was.index()
	for _, drive := range after.Drives {
		if entry, listed := entries[drive.UUID]; listed {
			lib.Expect(drive).To(EqualDrive(entry.JSON, entry.from, "the list after "+step, "the list before"), "a request that is refused leaves the list as it was")
		}
	}
	for _, added := range addedBy(story.Step(step), after, was) {
		lib.Expect(after).To(NotNameDrive(added.UUID), "a request that is refused puts no drive on the list")
	}
}

// NameAllOf matches a list that names all of these drives.
func NameAllOf(drives []Drive) types.GomegaMatcher { return nameAllOf{sameDrives{want: drives}} }

type nameAllOf struct{ sameDrives }

func (m nameAllOf) Match(actual any) (bool, error) {
	drives, err := m.drives(actual)
	if err != nil {
		return false, err
	}
	lacking, _ := m.sets(drives)
	return len(lacking) == 0, nil
}

func (m nameAllOf) explain(actual any) (expected, found string) {
	drives, err := m.drives(actual)
	if err != nil {
		return "all drives that were there before", err.Error()
	}
	lacking, _ := m.sets(drives)
	return "all drives that were there before", strings.Join(naming("missing", lacking), "\n")
}

// namedMethods are the words of the Allow header and of a body that is a list of words.
func namedMethods(a Answer) []string {
	text := a.header("Allow")
	if body := string(a.body()); !strings.ContainsFunc(body, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsSpace(r) && !strings.ContainsRune(`,"[]`, r)
	}) {
		text += "," + body
	}
	return strings.FieldsFunc(strings.ToUpper(text), func(r rune) bool { return !unicode.IsLetter(r) })
}

// NameMethod matches an answer to OPTIONS that names the method, in its Allow header or as a list in its body.
func NameMethod(method string) types.GomegaMatcher { return methodNamed(method, true) }

// NameNoMethod matches an answer to OPTIONS that does not name the method.
func NameNoMethod(method string) types.GomegaMatcher { return methodNamed(method, false) }

func methodNamed(method string, should bool) types.GomegaMatcher {
	expected := method + " among the methods"
	if !should {
		expected = "no " + method + " among the methods"
	}
	return whole{expected: expected, look: func(a Answer) (string, bool) {
		named := namedMethods(a)
		return "methods: " + strings.Join(slices.Compact(named), ", "), slices.Contains(named, method) == should
	}}
}
