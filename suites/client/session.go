package client

import (
	"context"
	"encoding/json"
	"net/http"
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
	ended     bool // by a logout
}

// Login begins a session with the account's username and password. Requests by evidence.BySession are of this session
// from now on. It is a POST: a read-only client refuses it.
func (c *Client) Login(ctx context.Context) *evidence.Exchange {
	body, err := json.Marshal(map[string]string{"username": c.config.Username, "password": c.config.Password})
	s := sending{take: 1, heard: c.session.adopter(c.record.Redactor()), request: Request{
		Key: evidence.LoginKey, Purpose: "begin a session", Method: http.MethodPost, Path: accountPath, Query: "do=login",
		Body: body, As: evidence.Nobody,
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

// adopter keeps the cookies of a login's response, and makes them known as secrets before the response is recorded.
func (s *sessionState) adopter(redactor *evidence.Redactor) func(*http.Response) {
	return func(response *http.Response) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.id, s.token, s.ended = "", "", false
		for _, cookie := range response.Cookies() {
			switch cookie.Name {
			case sessionCookie:
				s.id = cookie.Value
			case tokenCookie:
				s.token = cookie.Value
			}
		}
		redactor.Add(s.id, s.token)
	}
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
		return signature{}, errNoSession
	}
	cookies := sessionCookie + "=" + c.session.id
	if c.session.token != "" {
		cookies += "; " + tokenCookie + "=" + c.session.token
	}
	header := http.Header{"Cookie": {cookies}}
	if identity == evidence.BySession && !IsRead(r.Method) && c.session.token != "" {
		header.Set(tokenHeader, c.session.token)
	}
	return signature{header: header}, nil
}
