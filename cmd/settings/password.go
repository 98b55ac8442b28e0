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
	case strings.TrimRight(value, "\r\n") == "":
		return fmt.Errorf("%s is empty: give the password, or unset it", passwordVariable)
	}
	s.takePassword(strings.TrimRight(value, "\r\n"), passwordVariable)
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
	password := strings.TrimRight(string(content), "\r\n")
	switch {
	case password == "":
		return fmt.Errorf("%s: the password file %s is empty: it should hold the password and nothing else", from.name, s.passwordFile)
	case strings.ContainsAny(password, "\r\n"):
		return fmt.Errorf("%s: the password file %s has several lines: it should hold the password and nothing else", from.name, s.passwordFile)
	}
	if readableByAll(s.passwordFile) {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the password file %s can be read by every user of this machine: chmod 600 would keep it to yourself", s.passwordFile))
	}
	s.takePassword(password, "the password file "+s.passwordFile)
	return nil
}

// takePassword takes a password as it is. Blanks at its ends may be meant, and may have come along where it was pasted.
func (s *Settings) takePassword(password, from string) {
	if strings.TrimSpace(password) != password {
		s.Warnings = append(s.Warnings, "the password in "+from+" begins or ends with a blank, which is sent as a part of it")
	}
	s.Config.Password = password
}

func readableByAll(file string) bool {
	info, err := os.Stat(file)
	// Windows has no such permission bits; Go makes them up there.
	return err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o004 != 0
}

// ErrPasswordAsFlag is said to whoever tries to give the password on the command line.
var ErrPasswordAsFlag = errors.New("--password: a password on the command line can be read by every user of the machine: put it into LIBDRIVES_PASSWORD, or into a file named by --password-file")
