package client

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/libdrives/conformance/suites/evidence"
)

const (
	accountPath   = "accounts/action/"
	sessionCookie = "sessionid"
	tokenCookie   = "csrftoken"
	tokenHeader   = "X-Csrftoken"
)

// sessionState is the login whose cookies BySession sends. A logout leaves it, so that one can see the endpoint refuse
// them afterwards.
type sessionState struct {
	mu        sync.Mutex
	id, token string
	why       string // why there is no id, where a cookie was set that is not sent to the API
	ended     bool   // by a logout
}

// Login begins a session with the account's username and password. Requests by evidence.BySession are of this session
// from now on. It is a POST: a read-only client refuses it.
func (c *Client) Login(ctx context.Context) *evidence.Exchange {
	body, err := json.Marshal(map[string]string{"username": c.config.Username, "password": c.config.Password})
	c.session.mu.Lock()
	c.session.id, c.session.token, c.session.why, c.session.ended = "", "", "", false
	c.session.mu.Unlock()
	s := sending{round: 1, heard: c.adoptCookies, request: Request{
		Key: evidence.LoginKey, Purpose: "begin a session", Method: http.MethodPost, Path: accountPath, Query: "do=login",
		Body: body, As: evidence.Nobody, Header: c.ofSameOrigin(),
	}}
	if err != nil {
		return c.unsent(&s, err).exchange
	}
	return c.send(ctx, s)
}

// Logout ends the session.
func (c *Client) Logout(ctx context.Context) *evidence.Exchange {
	x := c.Send(ctx, Request{
		Key: evidence.LogoutKey, Purpose: "end the session", Method: http.MethodPost, Path: accountPath, Query: "do=logout",
		Body: []byte("{}"), As: evidence.BySession,
	})
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	c.session.ended = true
	return x
}

// accountURL is where a session begins and ends.
func (c *Client) accountURL(query string) string { return absolute(c.config.Base, accountPath, query) }

// sessionURLs say how the session was begun, and, where it was, ended.
func (c *Client) sessionURLs() (login, logout string) {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	if c.session.ended {
		logout = c.accountURL("do=logout")
	}
	return c.accountURL("do=login"), logout
}

// adoptCookies keeps the cookies of a session that a response sets, as browsers do, and makes them known as secrets before
// the response is recorded. A login sets them; every later answer may set new ones.
func (c *Client) adoptCookies(response *http.Response) {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	for _, cookie := range evidence.Cookies(response.Header, c.config.Base.JoinPath(accountPath), c.config.Base) {
		if cookie.Name != sessionCookie && cookie.Name != tokenCookie || cookie.Ends {
			continue
		}
		c.record.Redactor().Add(strings.Trim(cookie.Value, `"`))
		switch {
		case cookie.Name == sessionCookie && cookie.Why != "":
			c.session.why = cookie.Why
		case cookie.Why != "":
		case cookie.Name == sessionCookie:
			c.session.id = cookie.Value
		default:
			c.session.token = cookie.Value
		}
	}
}

// ofSameOrigin are the header lines by which a browser says that a write comes from a page of the endpoint's own. Over TLS
// some endpoints refuse it without them.
func (c *Client) ofSameOrigin() string {
	origin := c.config.Base.Scheme + "://" + c.config.Base.Host
	return "Origin: " + origin + "\nReferer: " + origin + c.config.Base.EscapedPath()
}

// sessionCookies are the values of cookies that make whoever has them the account.
func sessionCookies(response *http.Response) []string {
	var values []string
	for _, cookie := range response.Cookies() {
		if cookie.Name == sessionCookie || cookie.Name == tokenCookie {
			values = append(values, cookie.Value)
		}
	}
	return values
}

// signSession makes the cookies of the session, with the token in a header where the request changes something.
func (c *Client) signSession(r Request, identity evidence.Identity) (signature, error) {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	if c.session.id == "" {
		if c.session.why != "" {
			return signature{}, fmt.Errorf("%w that the API is sent: %s", errNoSession, c.session.why)
		}
		return signature{}, errNoSession
	}
	cookies := sessionCookie + "=" + c.session.id
	if c.session.token != "" {
		cookies += "; " + tokenCookie + "=" + c.session.token
	}
	header := http.Header{"Cookie": {cookies}}
	if evidence.IsRead(r.Method) {
		return signature{header: header}, nil
	}
	// Without the token, too: it is the token alone that is looked at then.
	origin, err := parseHeader(c.ofSameOrigin())
	if err != nil {
		return signature{}, err
	}
	maps.Copy(header, origin)
	if identity == evidence.BySession && c.session.token != "" {
		header.Set(tokenHeader, c.session.token)
	}
	return signature{header: header}, nil
}
