package account

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The events of a journal.
const (
	Before  = "before"  // the drives that the account held before the first write; without it, no job proves anything later
	Intend  = "intend"  // a create is about to be sent
	Made    = "made"    // it was answered, and the uuid is said to be ours
	Lost    = "lost"    // its answer does not say what became of it
	Gone    = "gone"    // what was made is removed; without a uuid: the create was refused
	Foreign = "foreign" // an answer claimed this uuid, but it is not ours
)

// The kinds of resources that a run makes.
const (
	Drive  = "drive"
	Server = "server"
)

// Entry is one line of a journal.
type Entry struct {
	Run      string    `json:"run"`
	Target   string    `json:"target"`
	Event    string    `json:"event"`
	Kind     string    `json:"kind"`
	Name     string    `json:"name,omitempty"` // as asked for; of a clone that is not named, its source's, from which its own derives
	UUID     string    `json:"uuid,omitempty"`
	Source   string    `json:"source,omitempty"` // uuid of the drive that is cloned
	Asked    time.Time `json:"asked,omitzero"`   // by the endpoint's clock, before the create was sent
	Job      string    `json:"job,omitempty"`    // that the answer names
	Held     []string  `json:"held,omitempty"`   // of Before: the uuids
	Scenario string    `json:"story,omitempty"`
	Step     string    `json:"step,omitempty"`
	Time     time.Time `json:"time"`
}

// Journal is the file by which a killed run's resources are found again. Each event is on the disk before append
// returns, so a request is never sent that the journal does not know of.
type Journal struct {
	run, target string
	path        string

	mu   sync.Mutex
	file *os.File // nil: in memory only
}

// OpenJournal opens a journal for appending and makes it, and its folders, where it is not there. Without a path it
// keeps nothing: what a killed run leaves is then found by name alone.
func OpenJournal(path, run, target string) (*Journal, error) {
	j := &Journal{run: run, target: target, path: path}
	if !isRunID(run) {
		return nil, fmt.Errorf("journal: the run id %q is not made of the letters a to z and digits", run)
	}
	if path == "" {
		return j, nil
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("journal: its folder can't be made: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("journal: it can't be opened for writing: %w", err)
	}
	if err := errors.Join(endTornLine(file), syncFolder(folder)); err != nil {
		return nil, fmt.Errorf("journal: %s can't be written safely: %w", path, errors.Join(err, file.Close()))
	}
	j.file = file
	return j, nil
}

// endTornLine keeps a line that a kill cut short apart from those to come.
func endTornLine(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	last := make([]byte, 1)
	if _, err := file.ReadAt(last, info.Size()-1); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if last[0] == '\n' {
		return nil
	}
	_, err = file.WriteString("\n")
	return err
}

// syncFolder makes sure that the file itself, not only its content, is still there after a crash. Some file systems
// can't, and say that the call is invalid: nothing is lost by going on.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if errors.Is(err, os.ErrInvalid) || errors.Is(err, errors.ErrUnsupported) {
		err = nil
	}
	return errors.Join(err, folder.Close())
}

// Path is where the journal is; empty where it keeps nothing.
func (j *Journal) Path() string { return j.path }

// Close ends the journal. What was appended is on the disk already.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	file := j.file
	j.file = nil
	return file.Close()
}

// append writes an event of the journal's own run to the disk.
func (j *Journal) append(e Entry) error {
	if e.Run == "" {
		e.Run = j.run
	}
	e.Target, e.Time = j.target, time.Now().UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.path == "" {
		return nil
	}
	if j.file == nil {
		return fmt.Errorf("the journal %s is closed", j.path)
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("the journal can't be written: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("the journal can't be made safe on the disk: %w", err)
	}
	return nil
}

// ReadJournal reads the entries of a journal. Lines that a kill cut short are left out; a file without any entry but
// with whole lines in it is no journal.
func ReadJournal(path string) ([]Entry, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("journal: it can't be read: %w", err)
	}
	var entries []Entry
	wrong := 0
	for number, line := range bytes.Split(content, []byte("\n")) {
		var e Entry
		if json.Unmarshal(line, &e) == nil && isRunID(e.Run) && e.Event != "" {
			entries = append(entries, e)
		} else if wrong == 0 && len(line) > 0 && bytes.Count(content, []byte("\n")) > number {
			wrong = number + 1
		}
	}
	if len(entries) == 0 && wrong > 0 {
		return nil, fmt.Errorf("journal: line %d of %s is no entry of a journal; give the file that the run named when it began", wrong, path)
	}
	return entries, nil
}

// DefaultJournalPath is where a run's journal goes when nobody says where: the user's state folder where the
// environment names one, else the cache folder.
func DefaultJournalPath(run string) (string, error) {
	folder := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(folder) {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("journal: there is no folder for it: %w; say where it goes", err)
		}
		folder = cache
	}
	return filepath.Join(folder, "libdrives-conformance", run+".journal"), nil
}

// runIDLength makes two runs of the same id less likely than one in 10^15.
const runIDLength = 10

// NewRunID is a new run's id.
func NewRunID() string { return strings.ToLower(rand.Text()[:runIDLength]) }

// isRunID refuses what could make one run's names begin another's.
func isRunID(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}
