package suites

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/libdrives/conformance/suites/collect"
)

// Authentication of browsers by cookies, and of writes.
func sessions(s *Suite) {
	s.Requirement("AUTH-06", func(lib *Library) {
		story := lib.Story(session)
		login := lib.recorded(collect.LoginKey, "the login")
		lib.Expect(login).To(HaveStatus(200), "a login with username and password is answered")
		lib.Expect(login).To(SetCookie("sessionid"), "a login sets the cookie sessionid")
		lib.Expect(login).To(SetCookie("csrftoken"), "a login sets the cookie csrftoken")
		for _, path := range sessionPaths {
			lib.byCookies(story, "with session "+path, 200, "a GET with the cookies is answered")
		}
		for _, path := range sessionPaths {
			lib.byCookies(story, "after logout "+path, 401, "after a logout the cookies are good for nothing")
		}
	})

	s.Requirement("AUTH-07", func(lib *Library) {
		story := lib.Story(session)
		if story.Begun() && !story.Took("clone without token") && story.told.ended == "" {
			lib.Skip("the library lists no drive")
		}
		lib.neverCloned(story, "clone without token", 403, "with cookies but without X-CSRFToken, a clone is refused")
		lib.neverCloned(story, "clone through drives without token", 403, "with cookies but without X-CSRFToken, a clone is refused", "CLONE-17")
	})

	s.Requirement("AUTH-08", func(lib *Library) {
		story := lib.Story(unauthenticatedClone)
		lib.neverCloned(story, "clone without credentials", 401, "without credentials, a clone is refused")
		lib.neverCloned(story, "clone through drives without credentials", 401, "without credentials, a clone is refused", "CLONE-17")
	})
}

// sessionPaths are the documented paths that the story of a login tries its cookies on.
var sessionPaths = [...]string{"libdrives/", "libdrives/detail/", "libdrives/LIB/", "drives/LIB/"}

// byCookies expects a status at a step that asks by the cookies of a login. Where the path is not answered soundly to
// anybody, that is for others to say; a library without a drive has none to ask for.
func (lib *Library) byCookies(story Story, step string, status int, rule string) {
	if story.Begun() && story.told.ended == "" && !story.Took(step) {
		return
	}
	if answer := story.Step(step); !lib.busy(answer) {
		lib.Expect(answer).RelyingOn(answer.answers).To(HaveStatus(status), rule)
	}
}

// neverCloned expects a clone to be refused, and nothing to be made.
func (lib *Library) neverCloned(story Story, step string, status int, rule string, relies ...string) {
	if refused := story.Step(step); !lib.busy(refused) {
		lib.Expect(refused).RelyingOn(relies...).To(HaveStatus(status), rule)
		lib.nothingMade(story, step)
	}
}

// recorded is the answer in the record under a key that belongs to no read and no story.
func (lib *Library) recorded(key, subject string) Answer {
	x := lib.record.Answer(key, 1)
	if x != nil {
		lib.look(x)
	}
	lib.missed = lib.missed || x == nil
	return Answer{lib: lib, exchange: x, subject: subject, step: true}
}

// ownName is a name that the suite gives to what it makes.
var ownName = regexp.MustCompile(regexp.QuoteMeta(collect.NamePrefix) + `[0-9A-Za-z-]+`)

// nothingMade expects that no drive bears the name that a step's request gave.
func (lib *Library) nothingMade(story Story, step string) {
	name := ownName.Find(story.Step(step).exchange.Request.Body)
	if name != nil {
		lib.Expect(story.list("drives after "+step)).To(NameNoDrive(string(name)), "what is refused is not made")
	}
}

// SetCookie matches an answer that sets the cookie.
func SetCookie(name string) types.GomegaMatcher {
	return whole{expected: "the cookie " + name, look: func(a Answer) (string, bool) {
		var names []string
		for _, cookie := range a.exchange.Response.Header.Values("Set-Cookie") {
			before, _, _ := strings.Cut(cookie, "=")
			names = append(names, strings.TrimSpace(before))
		}
		return fmt.Sprintf("cookies: %s", strings.Join(names, ", ")), slices.Contains(names, name)
	}}
}
