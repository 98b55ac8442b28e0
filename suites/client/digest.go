package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/icholy/digest"

	"github.com/libdrives/conformance/suites/evidence"
)

// DigestKey names the requests without credentials that ask for a Digest challenge in the record.
const DigestKey = "digest challenge"

// handshakePaths are what is asked for to be challenged: paths that nobody may read without credentials. The second one is
// for an endpoint that shows its library to everybody all the same.
var handshakePaths = [...]string{"libdrives/", "drives/"}

// digestChallenge is a challenge as the endpoint made it.
type digestChallenge = digest.Challenge

// digestState is the challenge that requests answer without being asked again.
type digestState struct {
	turn chan struct{} // held by the one request that asks for a challenge

	mu        sync.Mutex
	challenge *digestChallenge
	count     int // how often it was answered
}

// next returns the challenge to answer, and for the how manieth time.
func (d *digestState) next() (*digestChallenge, int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.challenge == nil {
		return nil, 0
	}
	d.count++
	return d.challenge, d.count
}

// publish makes a challenge that was answered once the one that all requests answer.
func (d *digestState) publish(challenge *digestChallenge) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.challenge, d.count = challenge, 1
}

// challenge returns the challenge to answer. Where there is none yet, one request asks for it and the others wait.
func (c *Client) challenge(ctx context.Context) (*digestChallenge, int, error) {
	if known, count := c.digest.next(); known != nil {
		return known, count, nil
	}
	select {
	case c.digest.turn <- struct{}{}:
		defer func() { <-c.digest.turn }()
	case <-ctx.Done():
		return nil, 0, &Interruption{ctx.Err()}
	}
	if known, count := c.digest.next(); known != nil {
		return known, count, nil
	}
	fresh, err := c.handshake(ctx)
	if err != nil {
		return nil, 0, err
	}
	c.digest.publish(fresh)
	return fresh, 1, nil
}

// handshake asks for a challenge. Its exchanges are in the record under a key of their own, for they answer no read.
func (c *Client) handshake(ctx context.Context) (*digestChallenge, error) {
	var found *digestChallenge
	var first *evidence.Exchange
	for _, path := range handshakePaths {
		x := c.send(ctx, sending{round: 1,
			request: Request{
				Key: DigestKey, Purpose: "be challenged for HTTP Digest", Path: path, Query: "limit=1", As: evidence.Nobody,
			},
			heard: func(response *http.Response) { found = findChallenge(response.Header) },
		})
		if first == nil {
			first = x
		}
		if found != nil || x.Status() != http.StatusOK {
			break
		}
	}
	switch {
	case ctx.Err() != nil:
		return nil, &Interruption{ctx.Err()}
	case found != nil:
		return found, nil
	case first.Response == nil:
		return nil, fmt.Errorf("not sent: no HTTP Digest challenge could be had: %s", first.Failure)
	}
	return nil, fmt.Errorf("not sent: no HTTP Digest challenge could be had: %s %s without credentials answered %d without one that is of use (MD5, qop auth)",
		first.Request.Method, first.Request.Path(), first.Status())
}

// findChallenge returns the challenge that is answered, or nil where there is none that can be.
func findChallenge(header http.Header) *digestChallenge {
	found, there := evidence.DigestChallenge(header)
	if !there || !found.Has("nonce") {
		return nil
	}
	has := found.Parameters
	challenge := &digestChallenge{
		Realm: has["realm"], Nonce: has["nonce"], Opaque: has["opaque"], Algorithm: has["algorithm"],
		Stale: strings.EqualFold(has["stale"], "true"), Charset: has["charset"], Userhash: strings.EqualFold(has["userhash"], "true"),
	}
	if found.Has("qop") {
		for qop := range strings.SplitSeq(has["qop"], ",") {
			challenge.QOP = append(challenge.QOP, strings.ToLower(strings.TrimSpace(qop))) // the library knows them so alone
		}
	}
	if !digest.CanDigest(challenge) {
		return nil
	}
	return challenge
}

// renewal returns the new challenge of an answer that refuses an attempt for its old nonce; nil where that is not so.
// Whether it says stale does not matter: not every endpoint does, and some refuse a nonce whose count was overtaken by
// another request's. Wrong credentials cost one request more.
func (c *Client) renewal(s *sending, signed signature, answered answer) *digestChallenge {
	wrong := s.request.As.Wrong()
	if signed.digest == nil || wrong || s.renewed || answered.status != http.StatusUnauthorized {
		return nil
	}
	fresh := findChallenge(answered.header)
	if fresh == nil || fresh.Nonce == signed.digest.Nonce && !fresh.Stale {
		return nil
	}
	return fresh
}

// signDigest answers a challenge.
func (c *Client) signDigest(r Request, challenge *digestChallenge, count int, password string) (signature, error) {
	target, err := locate(c.base(r), r.Path, r.Query)
	if err != nil {
		return signature{}, err
	}
	uri := target.RequestURI()
	if r.As == evidence.ForeignDigest {
		uri = evidence.ElsewhereOf(uri)
	}
	credentials, err := digest.Digest(challenge, digest.Options{
		Method: r.Method, URI: uri, Count: count, Username: c.config.Username, Password: password,
		GetBody: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Body)), nil },
	})
	if err != nil {
		return signature{}, errors.New("not sent: the HTTP Digest challenge can't be answered: " + err.Error())
	}
	return signature{
		header:  http.Header{"Authorization": {credentials.String()}},
		secrets: []string{credentials.Response},
		digest:  challenge,
	}, nil
}
