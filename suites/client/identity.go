package client

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"

	"github.com/libdrives/conformance/suites/evidence"
)

// signature is what makes a request somebody's.
type signature struct {
	header  http.Header
	secrets []string         // of this request alone
	digest  *digestChallenge // the challenge it answers; nil where it is no digest
}

// sign makes the credentials of the request's identity.
func (c *Client) sign(ctx context.Context, r Request) (signature, error) {
	identity := r.As
	if identity == evidence.Account {
		identity = evidence.ByBasic
		if c.config.Auth == authDigest {
			identity = evidence.ByDigest
		}
	}
	switch identity {
	case evidence.Nobody:
		return signature{}, nil
	case evidence.ByBasic:
		return signature{header: basic(c.config.Username, c.config.Password)}, nil
	case evidence.WrongPassword, evidence.EmptyPassword, evidence.CutPassword, evidence.LongPassword, evidence.CasePassword:
		return c.wrongBasic(identity)
	case evidence.ByDigest:
		challenge, count, err := c.challenge(ctx)
		if err != nil {
			return signature{}, err
		}
		return c.signDigest(r, challenge, count, c.config.Password)
	case evidence.ForeignDigest:
		challenge, err := c.handshake(ctx)
		if err != nil {
			return signature{}, err
		}
		return c.signDigest(r, challenge, 1, c.config.Password)
	case evidence.WrongDigest:
		challenge, err := c.handshake(ctx)
		if err != nil {
			return signature{}, err
		}
		password, err := c.wrongPassword(identity)
		if err != nil {
			return signature{}, err
		}
		return c.signDigest(r, challenge, 1, password)
	case evidence.BySession, evidence.BySessionOnly:
		return c.signSession(r, identity)
	}
	return signature{}, fmt.Errorf("the identity %q is unknown to the client", identity)
}

func basic(username, password string) http.Header {
	return http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(username+":"+password))}}
}

// errNoSession says that there is no login to send the cookies of.
var errNoSession = errors.New("not sent: there is no session, for no login was answered with a sessionid cookie")
