package settings

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// password finds the password: in the file or in the variable, whichever was named in the higher place.
func (s *Settings) password(environ []string) error {
	value, inVariable := lookup(environ, passwordVariable)
	file, inFile := s.sources["password-file"]
	switch {
	case inVariable && inFile && file.rank == fromVariable:
		return fmt.Errorf("%s and %s are both given: leave one of them out", passwordVariable, file.name)
	case inFile && (!inVariable || file.rank > fromVariable):
		return s.readPassword(file)
	case !inVariable:
		return nil
	case s.Config.Target == "":
		s.Notes = append(s.Notes, passwordVariable+" is not used: no target is given, so the embedded reference endpoint is judged")
		return nil
	case value == "":
		return fmt.Errorf("%s is empty: give the password, or unset it", passwordVariable)
	}
	s.Config.Password = value
	return nil
}

// readPassword takes the one line of the password file. What stands in the file is never part of a message.
func (s *Settings) readPassword(from source) error {
	if s.passwordFile == "" {
		return nil // the empty value was reported already
	}
	content, err := os.ReadFile(s.passwordFile)
	if err != nil {
		return fmt.Errorf("%s: the password file can't be read: %w", from.name, err)
	}
	password := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	switch {
	case password == "":
		return fmt.Errorf("%s: the password file %s is empty: it should hold the password and nothing else", from.name, s.passwordFile)
	case strings.ContainsAny(password, "\r\n"):
		return fmt.Errorf("%s: the password file %s has several lines: it should hold the password and nothing else", from.name, s.passwordFile)
	}
	if readableByAll(s.passwordFile) {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the password file %s can be read by every user of this machine: chmod 600 would keep it to yourself", s.passwordFile))
	}
	s.Config.Password = password
	return nil
}

func readableByAll(file string) bool {
	info, err := os.Stat(file)
	// Windows has no such permission bits; Go makes them up there.
	return err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o004 != 0
}

// ErrPasswordAsFlag is said to whoever tries to give the password on the command line.
var ErrPasswordAsFlag = errors.New("--password: a password on the command line can be read by every user of the machine: put it into LIBDRIVES_PASSWORD, or into a file named by --password-file")
