package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/libdrives/conformance/suites/evidence"
)

// MostWrong is how many requests with a wrong password, or with a digest that is made of one, a client sends at most: an
// account may lock after a few of them.
const MostWrong = 8

// betweenKey is the key of the requests with the right password between those with wrong ones.
const betweenKey = "right password between wrong ones"

// betweenQuery is what those ask: nothing that a requirement asks, so that no answer to it is one of several to the same request.
const betweenQuery = "limit=1&fields=uuid"

// wrongState bounds the requests with wrong credentials. They are sent one after the other.
type wrongState struct {
	mu    sync.Mutex
	sent  int
	ended error // why no more is sent
}

// sendWrong makes a request with credentials that are not right. Before each but the first the right ones are sent once, by
// which an account that counts failed logins begins to count anew.
func (c *Client) sendWrong(ctx context.Context, s sending) *evidence.Exchange {
	c.wrong.mu.Lock()
	defer c.wrong.mu.Unlock()
	if c.wrong.sent > 0 && c.wrong.ended == nil {
		between := c.sendOn(ctx, sending{round: 1, request: Request{Key: betweenKey, Purpose: "lest the account is locked", Path: "libdrives/", Query: betweenQuery}})
		if status := between.Status(); status == http.StatusUnauthorized || lockout(status) {
			c.wrong.ended = fmt.Errorf("not sent: after a wrong password the right one was answered %d, as by an endpoint that locks an account", status)
		}
	}
	if c.wrong.ended != nil {
		return c.unsent(&s, c.wrong.ended).exchange
	}
	x := c.sendOn(ctx, s)
	if lockout(x.Status()) {
		c.wrong.ended = fmt.Errorf("not sent: a wrong password was answered %d, as by an endpoint that locks an account", x.Status())
	}
	return x
}

// lockout reports whether a status may say that an account is locked for a while.
func lockout(status int) bool {
	return status == http.StatusForbidden || status == http.StatusTooManyRequests
}

// countWrong counts an attempt with wrong credentials; the error says that there were enough.
func (c *Client) countWrong(as evidence.Identity) error {
	if !as.Wrong() {
		return nil
	}
	if c.wrong.sent == MostWrong {
		return fmt.Errorf("not sent: %d requests with a wrong password are enough for a run, for an account may lock", MostWrong)
	}
	c.wrong.sent++
	return nil
}

// errNoSuchPassword says that the account's password has no variant of a kind.
var errNoSuchPassword = errors.New(evidence.NoSuchPassword)

// wrongPassword is what an identity gives for the account's password.
func (c *Client) wrongPassword(as evidence.Identity) (string, error) {
	right := c.config.Password
	wrong := ""
	switch as {
	case evidence.EmptyPassword:
	case evidence.CutPassword:
		letters := []rune(right)
		if len(letters) < 2 {
			return "", errNoSuchPassword // it is the empty one
		}
		wrong = string(letters[:len(letters)-1])
	case evidence.LongPassword:
		wrong = right + evidence.OneMore
	case evidence.CasePassword:
		wrong = strings.Map(swapCase, right)
	default:
		if wrong = evidence.NotThePassword; right == wrong {
			wrong += "-either"
		}
	}
	if wrong == right {
		return "", errNoSuchPassword
	}
	return wrong, nil
}

// swapCase turns the letters of ASCII: what other letters become is not the same everywhere.
func swapCase(r rune) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	case 'A' <= r && r <= 'Z':
		return r - 'A' + 'a'
	}
	return r
}

// wrongBasic are credentials that are not right. What an endpoint must not repeat it must not repeat of them either.
func (c *Client) wrongBasic(as evidence.Identity) (signature, error) {
	password, err := c.wrongPassword(as)
	if err != nil {
		return signature{}, err
	}
	header := basic(c.config.Username, password)
	secrets := []string{strings.TrimRight(strings.TrimPrefix(header.Get("Authorization"), "Basic "), "=")}
	if password != "" { // else it is a name and a colon, which any answer may say
		secrets = append(secrets, password, c.config.Username+":"+password)
	}
	return signature{header: header, secrets: secrets}, nil
}
