package suites

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/onsi/gomega/types"

	. "github.com/libdrives/conformance/suites/judge"
	"github.com/libdrives/conformance/suites/material"
	"github.com/libdrives/conformance/suites/scenarios/steps"
)

// Authentication: HTTP Basic and HTTP Digest are accepted, and nothing is answered to whoever has no right credentials.
// Wrong ones are sent seldom, because an account may lock.
func authentication(s *Suite) {
	s.Requirement("AUTH-01", func(lib *Library) {
		var none types.GomegaMatcher
		for _, answer := range append(documented(lib, Nobody), asked(lib)...) {
			keptOut(lib, answer, &none, "without credentials")
		}
		if none == nil {
			none = HoldNoDrive(lib.List().Drives)
		}
		for _, answer := range lib.Everything() {
			if answer.Exchange.Request.As == Nobody {
				relying := []string{"AUTH-08"}
				if strings.Contains(answer.Exchange.Request.Path(), "/servers/") {
					relying = append(relying, "AUTH-10") // it names what is on the server
				}
				lib.Expect(answer).RelyingOn(relying...).To(none, "without credentials, no answer shows a library drive")
			}
		}
	})

	s.Requirement("AUTH-02", func(lib *Library) {
		var none types.GomegaMatcher
		for _, answer := range wrongPasswords(lib) {
			if !lib.LockedOut(answer) {
				keptOut(lib, answer, &none, "with a wrong password")
			}
		}
	})

	s.Requirement("AUTH-03", func(lib *Library) {
		letIn(lib, documented(lib, ByBasic), "HTTP Basic is accepted")
		lib.ExpectLetIn("the account's name and password by HTTP Basic are accepted, whatever is asked for, in every answer of the run")
	})

	s.Requirement("AUTH-04", func(lib *Library) {
		asked := documented(lib, Nobody)
		for _, answer := range asked {
			if lib.HasStatus(answer, 401, "AUTH-01") && lib.Expect(answer).To(ChallengeForDigest(), "who has no credentials is challenged for HTTP Digest") {
				lib.Expect(answer).To(ChallengeWith("nonce"), "a Digest challenge has a nonce")
				lib.Expect(answer).To(ChallengeWith("realm"), "a Digest challenge has a realm")
				lib.Expect(answer).To(ChallengeForMD5(), "a Digest challenge asks for MD5")
				lib.Expect(answer).To(ChallengeOffering("auth"), "a Digest challenge offers qop auth")
			}
		}
		for _, path := range []string{LibdrivesSchemaPath, LicensesPath} {
			lib.Answer(Get(path).By(Nobody)) // lest nobody has asked for another path
		}
		for _, answer := range Besides(asked, lib.Everything()) {
			switch {
			case answer.Status() != 401:
			case answer.Exchange.Request.As == Nobody:
				lib.Expect(answer).To(ChallengeForDigest(), "whatever is asked for without credentials, a 401 challenges for HTTP Digest")
			case lib.MustChallenge(answer):
				lib.Expect(answer).To(ChallengeAtAll(), "every 401 says in a WWW-Authenticate header how to log in")
			}
		}
	})

	s.Requirement("AUTH-05", func(lib *Library) {
		open := lib.Answer(Get(LibdrivesPath).By(Nobody)).About("GET /libdrives/ without credentials")
		escaped := lib.Answer(Read{Path: LibdrivesPath, Query: "limit=1&name__icontains=a%20%C3%A9%2C%2B%27"}.By(ByDigest)).About("GET /libdrives/ by a query with escapes").AnsweredBy("FILTER-16")
		right := append(documented(lib, ByDigest), escaped)
		// One path has to do for each kind of wrong digest: it is checked before the path is looked at, and with AUTH-02's
		// wrong passwords these are as many failed logins as a run may have.
		wrong := lib.Answer(Get(LibdrivesPath).By(WrongDigest)).About("GET /libdrives/ with a wrong digest")
		at := LibdrivesPath
		lib.List()                                   // until it is known, nothing is sent elsewhere
		for _, drive := range material.Few(lib, 1) { // the list has the wrong one
			at += url.PathEscape(drive.UUID) + "/"
		}
		foreign := lib.Answer(Get(at).By(ForeignDigest)).About("GET /" + at + " with a digest that was made for another address").AnsweredBy("GET-01")
		if !lib.SentDigest(wrong, open) {
			if lib.HasStatus(open, 401, "AUTH-01") {
				lib.Expect(open).To(ChallengeAnswerably(), "HTTP Digest can be used")
			}
			lib.Incomplete(wrong) // what was not tried is not judged
			return
		}
		for _, path := range []string{LibdrivesSchemaPath, LicensesPath, DrivesPath, DrivesDetailPath, ServersPath} {
			right = append(right, lib.Answer(Get(path).By(ByDigest)).About(fmt.Sprintf("GET /%s as %s", path, ByDigest)))
		}
		letIn(lib, right, "HTTP Digest is accepted")
		if !lib.LockedOut(wrong) {
			lib.Expect(wrong).To(HaveStatus(401), "a wrong digest is refused")
		}
		if !lib.LockedOut(foreign) {
			lib.Expect(foreign).RelyingOn("GET-01").To(HaveStatus(401, 400), "a digest that was made for another address is refused, with 401 or, as RFC 2617 has it, with 400")
		}
	})

	s.Requirement("AUTH-06", func(lib *Library) {
		scenario := lib.Scenario(steps.Session)
		login := lib.Login()
		lib.Expect(login).To(BeGranted(), "a login with username and password is answered")
		lib.Expect(login).To(SetCookie("sessionid"), "a login sets the cookie sessionid")
		lib.Expect(login).To(SetCookie("csrftoken"), "a login sets the cookie csrftoken")
		for _, step := range []steps.Step{steps.SessionList, steps.SessionDetail, steps.SessionLicences, steps.SessionOwn, steps.SessionOwnDetail, steps.SessionServers, steps.SessionSchema, steps.SessionProfile, steps.SessionSingle, steps.SessionDrive} {
			byCookies(lib, scenario, step, 200, "a GET with the cookies is answered")
		}
		for _, step := range []steps.Step{steps.SessionList, steps.SessionDetail, steps.SessionLicences, steps.SessionOwn, steps.SessionOwnDetail, steps.SessionServers} {
			if answer, taken := scenario.Taken(step); taken && answer.Status() == 200 {
				lib.Expect(answer.AsList()).RelyingOn("LIST-02", "LIC-03", answer.OkBy).To(BeAList(), "a GET with the cookies is answered with the list")
			}
		}
		logout := scenario.Logout()
		if !lib.Expect(logout).To(BeGranted(), "a logout with the cookies and the token is answered") {
			return // that the session goes on then is no wonder
		}
		for _, step := range []steps.Step{steps.AfterLogoutList, steps.AfterLogoutDetail, steps.AfterLogoutLicences, steps.AfterLogoutOwn, steps.AfterLogoutOwnDetail, steps.AfterLogoutServers, steps.AfterLogoutSchema, steps.AfterLogoutProfile, steps.AfterLogoutSingle, steps.AfterLogoutDrive} {
			byCookies(lib, scenario, step, 401, "after a logout the cookies are good for nothing")
		}
	})

	s.Requirement("AUTH-07", func(lib *Library) {
		scenario := lib.Scenario(steps.Session)
		if scenario.LeftOut(steps.WithToken) {
			lib.Skip("the library has no disk to clone")
		}
		// Where the same is refused with the token, that it is refused without one shows nothing.
		if granted := scenario.Step(steps.WithToken); !scenario.Granted(granted) {
			lib.Block(lib.FirstFailing("AUTH-09", "AUTH-06", "CLONE-01"), "the same request is not granted with the token")
			return
		}
		ownWithoutToken(lib, scenario)
		neverCloned(lib, scenario, steps.WithoutToken, Refusing(), "with cookies but without X-CSRFToken, a clone is refused")
		neverCloned(lib, scenario, steps.DrivesWithoutToken, Refusing(), "with cookies but without X-CSRFToken, a clone is refused", "CLONE-17")
	})

	s.Requirement("AUTH-08", func(lib *Library) {
		scenario := lib.Scenario(steps.UnauthenticatedClone)
		neverCloned(lib, scenario, steps.WithoutCredentials, HaveStatus(401), "without credentials, a clone is refused")
		neverCloned(lib, scenario, steps.DrivesWithoutCredentials, HaveStatus(401), "without credentials, a clone is refused", "CLONE-17")
	})

	s.Requirement("AUTH-09", func(lib *Library) {
		scenario := lib.Scenario(steps.Session)
		if scenario.LeftOut(steps.WithToken) {
			lib.Skip("the library has no disk to clone")
		}
		if answer := scenario.Step(steps.WithToken); !lib.Unheard(answer) {
			lib.Expect(answer).RelyingOn(append(lib.ThatRan(steps.LicensedClone, "CLONE-01"), "AUTH-06")...).To(BeAccepted(), "with cookies, X-CSRFToken and the endpoint's own Referer, a clone is carried out")
		}
	})
	furtherAuthentication(s)
}

// furtherAuthentication is about what else of the library is for its users alone.
func furtherAuthentication(s *Suite) {
	s.Requirement("AUTH-10", func(lib *Library) {
		for _, path := range []string{LibdrivesSchemaPath, LicensesPath} {
			answer := lib.Answer(Get(path).By(Nobody)).About("GET /" + path + " without credentials")
			lib.Expect(answer).UnlessBusy().To(HaveStatus(401), "without credentials, the schema and the licences answer 401")
		}
		for _, path := range ownPaths(lib) {
			answer, kept := lib.Answer(Get(path).By(Nobody)).About("GET /"+path+" without credentials"), []int{401}
			if path == "jobs/" {
				kept = append(kept, 404) // that jobs are listed is documented of no page of the library's
			}
			lib.Expect(answer).UnlessBusy().To(HaveStatus(kept...), "without credentials, a drive and a server of the account and its jobs answer 401")
		}
		for _, path := range append([]string{DrivesPath, DrivesDetailPath, ServersPath, LibdrivesSchemaPath, LicensesPath}, ownPaths(lib)[1:]...) {
			reads := []Read{Get(path+"?limit=1&fields=uuid&name=x").With("Accept", TypeXML)}
			if strings.Count(path, "/") == 1 || path == DrivesDetailPath {
				reads = append(reads, Get(path))
			}
			for _, read := range reads {
				lib.Expect(lib.Answer(read.By(Nobody)).About("GET /"+read.Target()+" without credentials")).UnlessBusy().
					To(HaveStatus(401), "without credentials, the account's own lists answer 401, and so does whatever else is asked for, a page, by a filter, some fields, as XML")
			}
		}
		for _, answer := range lib.GotBy(Nobody, guarded[:]...) { // CLONE-21 asks when the run is over
			lib.Expect(answer).To(HaveStatus(401), "without credentials, the schema, the licences and the account's own lists answer 401, whenever they are asked for")
		}
	})
}

// guarded are the paths of what is for the account alone, or for users of the library, beside the library itself.
var guarded = [...]string{LibdrivesSchemaPath, LicensesPath, DrivesPath, DrivesDetailPath, ServersPath}

// ownPaths are the paths of a drive and a server that the account has, and of its jobs.
func ownPaths(lib *Library) []string {
	library, paths := lib.List().Index(), []string{"jobs/"}
	for _, own := range []struct {
		path string
		list List
	}{{DrivesPath, lib.ListAt(DrivesPath, "", "GET /"+DrivesPath)}, {"servers/", lib.Servers()}} {
		for _, one := range own.list.Drives {
			if _, is := library.Get(one.UUID); one.UUID != "" && !is {
				paths = append(paths, own.path+url.PathEscape(one.UUID)+"/")
				break
			}
		}
	}
	return paths
}

// documented are the answers on the documented paths to somebody.
func documented(lib *Library, as Identity) []Answer {
	ask := func(path, by string) Answer {
		return lib.Answer(Get(path).By(as)).About(fmt.Sprintf("GET /%s as %s", path, as)).AnsweredBy(by)
	}
	answers := []Answer{ask(LibdrivesPath, "LIST-01"), ask(LibdrivesDetailPath, "DETAIL-01")}
	for _, drive := range material.MostLicensed(lib) {
		path := url.PathEscape(drive.UUID) + "/"
		answers = append(answers, ask(LibdrivesPath+path, "GET-01"))
		lib.Answer(Get(DrivesPath + path).By(as)) // what it tells is for OWNER-02 and OWNER-03; that it is there for OWNER-01
	}
	for _, drive := range material.Few(lib, 1) {
		answers = append(answers, ask(DrivesPath+url.PathEscape(drive.UUID)+"/", "OWNER-01"))
	}
	return answers
}

// wrongPasswords are the answers to passwords that are not right: to one drive one that is nobody's, and to the list those that are
// nearly right, as far as there are such: whoever takes any password takes these.
func wrongPasswords(lib *Library) []Answer {
	ask := func(path string, as Identity) Answer {
		return lib.Answer(Get(path).By(as)).About(fmt.Sprintf("GET /%s as %s", path, as))
	}
	var answers []Answer
	for _, drive := range material.Few(lib, 1) {
		path := url.PathEscape(drive.UUID) + "/"
		answers = append(answers, ask(LibdrivesPath+path, WrongPassword), ask(DrivesPath+path, WrongPassword))
	}
	for _, nearly := range []Identity{EmptyPassword, CutPassword, LongPassword, CasePassword} {
		if answer := ask(LibdrivesPath, nearly); answer.Pending() || answer.Exchange.Failure != NoSuchPassword {
			answers = append(answers, answer)
		}
	}
	return answers
}

// asked are the answers to nobody who asks for more than a path: for a page, by a filter, for some fields, as XML.
func asked(lib *Library) (answers []Answer) {
	ask := func(read Read) {
		answers = append(answers, lib.Answer(read.By(Nobody)).About("GET /"+read.Target()+" without credentials"))
	}
	for _, path := range []string{LibdrivesPath, LibdrivesDetailPath} {
		for _, query := range []string{"limit=1", "limit=0", "fields=uuid,name", "name__icontains=a", "format=xml", "format=json"} {
			ask(Read{Path: path, Query: query})
		}
		ask(Get(path).With("Accept", TypeXML))
	}
	for _, drive := range material.Few(lib, 1) {
		for _, path := range []string{LibdrivesPath, DrivesPath} {
			ask(Read{Path: path + url.PathEscape(drive.UUID) + "/", Query: "format=xml"})
			ask(Get(path+url.PathEscape(drive.UUID)+"/").With("Accept", TypeXML))
			ask(Read{Path: path + url.PathEscape(drive.UUID) + "/", Query: "fields=uuid,name&limit=1&name=x"})
		}
		ask(Read{Path: LibdrivesPath, Query: material.FilterQuery("uuid", drive.UUID)})
	}
	return answers
}

// keptOut expects 401 and no drive: none, which is made once for all answers.
func keptOut(lib *Library, answer Answer, none *types.GomegaMatcher, how string) {
	lib.Expect(answer).UnlessBusy().To(HaveStatus(401), how+", a documented path answers 401")
	if *none == nil {
		*none = HoldNoDrive(lib.List().Drives)
	}
	lib.Expect(answer).UnlessBusy().To(*none, how+", no drive is shown")
}

// letIn expects that the credentials are taken. What else keeps an answer from being 200 is for others to say.
func letIn(lib *Library, answers []Answer, rule string) {
	for _, answer := range lib.OfStatus(answers, 200, 401, 403) {
		lib.Expect(answer).To(HaveStatus(200), rule)
	}
}

// byCookies expects a status at a step that asks by the cookies of a login. Where the path is not answered soundly to
// anybody, that is for others to say; a library without a drive has none to ask for.
func byCookies(lib *Library, scenario Scenario, step steps.Step, status int, rule string) {
	if !scenario.LeftOut(step) {
		answer := scenario.Step(step)
		lib.Expect(answer).UnlessBusy().RelyingOn(answer.OkBy).To(HaveStatus(status), rule)
	}
}

// neverCloned expects a clone to be refused, and nothing to be made.
func neverCloned(lib *Library, scenario Scenario, step steps.Step, refusing types.GomegaMatcher, rule string, relies ...string) {
	if refused := scenario.Step(step); !lib.Unheard(refused) {
		lib.Expect(refused).RelyingOn(relies...).To(refusing, rule)
		lib.NothingMade(scenario, step)
	}
}

// ownWithoutToken expects an edit and a delete of a clone of the run's to be refused where the token is missing, and the clone to be
// there still. They were tried where the clone came to its end.
func ownWithoutToken(lib *Library, scenario Scenario) {
	for _, tried := range []struct {
		step steps.Step
		what string
	}{{steps.PutWithoutToken, "an edit"}, {steps.DeleteWithoutToken, "a delete"}} {
		if refused, taken := scenario.Taken(tried.step); taken && !lib.Unheard(refused) {
			lib.Expect(refused).To(Refusing(), "with cookies but without X-CSRFToken, "+tried.what+" of a drive is refused")
		}
	}
	if after, taken := scenario.Taken(steps.AfterDeleteWithoutToken); taken {
		// A clone that another one took the place of is not gone for the delete.
		relying := append(lib.ThatRan(steps.SideBySide, "CLONE-19"), lib.ThatRan(steps.LicensedClone, "CLONE-11")...)
		lib.Expect(after).RelyingOn(relying...).To(HaveStatus(200), "a drive whose delete was refused for the missing token is still there")
	}
}
