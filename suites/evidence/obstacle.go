package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Obstacle is what stood between a request and the endpoint's own answer to it. An answer behind an obstacle says nothing
// of the endpoint.
type Obstacle string

// The obstacles.
const (
	NoObstacle Obstacle = ""
	Busy       Obstacle = "busy"    // the endpoint, or what limits requests before it, refuses the request for now: 429, 503
	Gateway    Obstacle = "gateway" // what stands before the endpoint answered in its place
	Broken     Obstacle = "broken"  // the connection broke before a whole answer came
)

// Statuses by which a network for delivery says that it got no answer from the endpoint; they are in no standard.
const (
	firstOfDelivery = 520
	lastOfDelivery  = 530
)

// Obstacle is what stood in the way of an answer.
func (x *Exchange) Obstacle() Obstacle {
	switch status := x.Status(); {
	case x == nil:
		return NoObstacle
	case x.Broken:
		return Broken
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return Busy
	case status >= firstOfDelivery && status <= lastOfDelivery:
		return Gateway
	case status == http.StatusProxyAuthRequired:
		return Gateway // no endpoint asks for it
	case status == http.StatusBadGateway, status == http.StatusGatewayTimeout, status == http.StatusRequestTimeout:
		if x.saysAPIError() {
			return NoObstacle // a gateway does not know the API's errors: this is the endpoint's own
		}
		return Gateway
	}
	return NoObstacle
}

// saysAPIError reports whether the body is in the API's form of errors.
func (x *Exchange) saysAPIError() bool {
	const longest = 64 << 10
	var errors []struct {
		Type    string `json:"error_type"`
		Message string `json:"error_message"`
	}
	body := x.Response.Body
	return body.Len() <= longest && json.Unmarshal(body.Bytes(), &errors) == nil && len(errors) > 0 && errors[0].Type != "" && errors[0].Message != ""
}

// IsPage reports whether the answer is a page of HTML, which no answer of the API is. One page may be the endpoint's own mistake;
// nothing but pages is what stands before an endpoint that is out of service.
func (x *Exchange) IsPage() bool {
	return x.SaysHTML() && bytes.HasPrefix(bytes.TrimSpace(x.Response.Body.Beginning(256)), []byte("<"))
}

// SaysHTML reports whether the answer calls itself HTML.
func (x *Exchange) SaysHTML() bool {
	return x != nil && x.Response != nil && strings.Contains(strings.ToLower(x.Response.Header.Get("Content-Type")), "html")
}

// ObstacleText says what stood in the way, for people; empty where nothing did.
func (x *Exchange) ObstacleText() string {
	switch x.Obstacle() {
	case Busy:
		return fmt.Sprintf("it was answered %d %s: the endpoint refuses it for now", x.Status(), http.StatusText(x.Status()))
	case Gateway:
		name := http.StatusText(x.Status())
		if name != "" {
			name = " " + name
		}
		return fmt.Sprintf("it was answered %d%s, by what stands before the endpoint", x.Status(), name)
	case Broken:
		return x.Failure
	}
	return ""
}
