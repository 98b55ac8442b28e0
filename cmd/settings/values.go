package settings

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/libdrives/conformance/suites/requirement"
)

// into makes the set function of a setting from how its text is read and where the value goes.
func into[T any](read func(string) (T, error), field func(*Settings) *T) func(*Settings, string) error {
	return func(s *Settings, given string) error {
		value, err := read(given)
		if err != nil {
			return err
		}
		*field(s) = value
		return nil
	}
}

// text takes a text as it is; where there are choices, it is one of them.
func text[T ~string](given string) (T, error) { return T(given), nil }

// trimmed leaves out blanks and line breaks around a text, which come along where it was pasted or read from a file.
func trimmed(given string) (string, error) { return strings.TrimSpace(given), nil }

func truth(given string) (bool, error) {
	switch strings.ToLower(given) {
	case "true", "1", "yes", "on":
		return true, nil
	case "false", "0", "no", "off":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false", given)
}

// count reads a number of something that there has to be at least one of.
func count(what string) func(string) (int, error) {
	return func(given string) (int, error) {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 {
			return 0, fmt.Errorf("%q is no number of %s: give a whole number from 1", given, what)
		}
		return n, nil
	}
}

// sample reads a number of drives; all of them is -1, as in suites.Config.
func sample(given string) (int, error) {
	if given == "all" {
		return -1, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is no number of drives: give a whole number from 1, or all", given)
	}
	return n, nil
}

func seed(given string) (uint64, error) {
	n, err := strconv.ParseUint(given, 10, 64)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no seed: give a whole number from 1", given)
	}
	return n, nil
}

func rate(given string) (float64, error) {
	n, err := strconv.ParseFloat(given, 64)
	if err != nil || n <= 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return 0, fmt.Errorf("%q is no number of requests a second: give a number above 0, such as 5 or 0.5", given)
	}
	return n, nil
}

func duration(given string) (time.Duration, error) {
	d, err := time.ParseDuration(given)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is no duration: give a number above 0 with its unit, such as 500ms, 30s or 1m30s", given)
	}
	return d, nil
}

// byteSize reads a size: a whole number, of bytes or with its unit.
func byteSize(given string) (int64, error) {
	text := strings.ToLower(strings.TrimSpace(given))
	factor := int64(1)
	for _, unit := range []struct {
		name   string
		factor int64
	}{{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30}, {"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9}, {"b", 1}} {
		if number, found := strings.CutSuffix(text, unit.name); found {
			text, factor = strings.TrimSpace(number), unit.factor
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > math.MaxInt64/factor {
		return 0, fmt.Errorf("%q is no size: give a whole number above 0 with its unit, such as 512KiB, 64MiB or 1GiB", given)
	}
	return n * factor, nil
}

// headers reads a list of NAME=VALUE; a value may have commas in it.
func headers(given string) ([]string, error) {
	var lines []string
	for _, part := range strings.Split(given, ",") {
		if len(lines) > 0 && !strings.Contains(part, "=") {
			lines[len(lines)-1] += "," + part
			continue
		}
		lines = append(lines, strings.TrimSpace(part))
	}
	return lines, nil
}

func names(given string) ([]string, error) {
	list := strings.Split(given, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
		if list[i] == "" {
			return nil, fmt.Errorf("%q has an empty name between its commas", given)
		}
	}
	return list, nil
}

// assign puts a value into the settings, once it is known to be one of the choices, where there are some.
func (s setting) assign(to *Settings, given string) error {
	if strings.TrimSpace(given) == "" {
		return errors.New("the value is empty: give one, or leave the setting out")
	}
	if len(s.choices) > 0 && !s.orFile {
		chosen := []string{given}
		if s.list {
			list, err := names(given)
			if err != nil {
				return err
			}
			chosen = list
		}
		for _, name := range chosen {
			if !slices.Contains(s.choices, name) {
				return s.unknownChoice(name)
			}
		}
	}
	return s.set(to, given)
}

func (s setting) unknownChoice(given string) error {
	message := fmt.Sprintf("unknown %s %q", s.name, given)
	if nearest := requirement.Nearest(given, s.choices); nearest != "" {
		message += fmt.Sprintf(": did you mean %q?", nearest)
	}
	if s.listed != "" {
		return fmt.Errorf("%s (%s)", message, s.listed)
	}
	return fmt.Errorf("%s (known are %s)", message, strings.Join(s.choices, ", "))
}
