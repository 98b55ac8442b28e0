package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/libdrives/conformance/cmd/settings"
)

// The bounds of the one request for locations.
const (
	locationsTimeout = 30 * time.Second
	mostLocations    = 4 << 20 // bytes
)

// ReadLocations asks an API for its locations, and makes a target of each: all are judged as the environment says, with its
// account. Locations must be asked by HTTPS wherever the API is, for they get the password.
func ReadLocations(ctx context.Context, base string, environ []string) ([]*Target, error) {
	from, err := url.Parse(strings.TrimSpace(base))
	if err != nil || from.Host == "" || from.Scheme != "https" && from.Scheme != "http" {
		return nil, fmt.Errorf("--from-locations: %q is no API base: give one such as https://host/api/2.0/", base)
	}
	from.Path = strings.TrimSuffix(strings.TrimRight(from.Path, "/"), "/locations") + "/locations/"
	from.RawQuery = "limit=0"
	locations, err := fetchLocations(ctx, from, environ)
	if err != nil {
		return nil, err
	}
	var targets []*Target
	var errs []error
	for _, l := range locations {
		target := &Target{Name: l.ID, URL: l.Endpoint}
		to, err := url.Parse(l.Endpoint)
		switch {
		case l.ID == "" || err != nil || to.Host == "":
			errs = append(errs, fmt.Errorf("a location of %s has the id %q and the api_endpoint %q: both are needed", from.Host, l.ID, l.Endpoint))
			continue
		case to.Scheme != "https" && !(from.Scheme == "http" && loopback(to.Hostname())):
			errs = append(errs, fmt.Errorf("the location %q is at %q, which is not HTTPS: the password would be sent for anybody to read", l.ID, l.Endpoint))
			continue
		}
		if err := target.prepare(environ, map[string]string{"LIBDRIVES_TARGET": l.Endpoint}); err != nil {
			errs = append(errs, err)
			break // it is the environment, and would be the same for each
		}
		targets = append(targets, target)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(targets) == 0 {
		return nil, fmt.Errorf("%s has no locations", from)
	}
	return targets, distinct(targets)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

type location struct {
	ID       string `json:"id"`
	Endpoint string `json:"api_endpoint"`
}

func fetchLocations(ctx context.Context, from *url.URL, environ []string) ([]location, error) {
	ctx, cancel := context.WithTimeout(ctx, locationsTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	user, _ := lookup(environ, "LIBDRIVES_USERNAME")
	if password, found := lookup(environ, settings.PasswordVariable); found && user != "" {
		request.SetBasicAuth(user, password)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the locations can't be had: %w", err)
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the locations can't be had: %s answers with status %d", from, response.StatusCode)
	}
	var list struct {
		Objects []location `json:"objects"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, mostLocations)).Decode(&list); err != nil {
		return nil, fmt.Errorf("the locations can't be had: what %s answers is no list of them: %w", from, err)
	}
	return list.Objects, nil
}
