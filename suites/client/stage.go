package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// stage is how far an attempt has come, so that a timeout can say what took so long.
type stage struct{ now atomic.Int32 }

const (
	waitingForConnection int32 = iota
	lookingUpHost
	connecting
	agreeingOnTLS
	sendingRequest
	waitingForAnswer
	readingBody
)

func (s *stage) set(now int32) { s.now.Store(now) }

func (s *stage) String() string {
	switch s.now.Load() {
	case lookingUpHost:
		return "while looking up the host's name"
	case connecting:
		return "while connecting"
	case agreeingOnTLS:
		return "during the TLS handshake"
	case sendingRequest:
		return "while sending the request"
	case waitingForAnswer:
		return "while waiting for the answer"
	case readingBody:
		return "while reading the answer's body"
	}
	return "while waiting for a connection"
}

// watch returns a context under which a request moves the stage.
func (s *stage) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { s.set(lookingUpHost) },
		ConnectStart:      func(string, string) { s.set(connecting) },
		TLSHandshakeStart: func() { s.set(agreeingOnTLS) },
		TLSHandshakeDone:  func(tls.ConnectionState, error) { s.set(waitingForConnection) },
		GotConn:           func(httptrace.GotConnInfo) { s.set(sendingRequest) },
		WroteRequest:      func(httptrace.WroteRequestInfo) { s.set(waitingForAnswer) },
	})
}

// timeoutError says which limit was passed, and while doing what.
type timeoutError struct {
	after time.Duration
	doing string
}

func (e *timeoutError) Error() string {
	return fmt.Sprintf("the request was given up after %s, %s", e.after, e.doing)
}

// Interruption says that the run ended before the answer came.
type Interruption struct{ Cause error }

func (e *Interruption) Error() string {
	if errors.Is(e.Cause, context.DeadlineExceeded) {
		return "the run's time was up before the answer came"
	}
	return "the run was interrupted before the answer came"
}

func (e *Interruption) Unwrap() error { return e.Cause }

// explain replaces an error that only says that a context ended.
func (s *stage) explain(run, attempt context.Context, after time.Duration, err error) error {
	switch {
	case run.Err() != nil:
		return &Interruption{run.Err()}
	case attempt.Err() != nil:
		return &timeoutError{after: after, doing: s.String()}
	}
	return err
}
