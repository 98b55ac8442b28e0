// Package files writes the files that were asked for: whole or not at all.
//
// It must not know what is in them.
package files

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/libdrives/conformance/reports/internal/show"
	"github.com/libdrives/conformance/suites/evidence"
)

// Write writes a file whole or not at all: into a temporary file of the same folder, which then takes the name.
// Folders that are missing are made. A device or pipe, such as /dev/stdout, is written to as it is. The error is one
// line that names the path.
func Write(path string, write func(io.Writer) error) (err error) {
	target, special, err := resolve(path)
	if err != nil {
		return err
	}
	if special {
		return writeSpecial(path, write)
	}
	file, err := temporary(target)
	if err != nil {
		return unwritable(path, err)
	}
	done := false
	defer func() { // also where write panics: no half file is left
		if !done {
			_ = file.Close()
			_ = os.Remove(file.Name())
		}
	}()
	if err := fill(file, write); err != nil {
		return unwritable(path, err)
	}
	if err := file.Sync(); err != nil { // else a crash after the rename could leave an empty file under the name
		return unwritable(path, err)
	}
	if err := file.Close(); err != nil {
		return unwritable(path, err)
	}
	if err := os.Rename(file.Name(), target); err != nil {
		return unwritable(path, err)
	}
	done = true
	syncFolder(filepath.Dir(target))
	return nil
}

// StreamClean writes to what is open already what must hold no secret of the run; see WriteClean.
func StreamClean(to io.Writer, secrets *evidence.Redactor, write func(io.Writer) error) (removed int, err error) {
	buffered := bufio.NewWriterSize(to, 64<<10)
	cleaner := secrets.Cleaner(buffered)
	if err := write(cleaner); err != nil {
		return 0, err
	}
	if err := errors.Join(cleaner.Close(), buffered.Flush()); err != nil {
		return 0, err
	}
	return cleaner.Removed(), nil
}

// WriteClean is Write for a file that must hold no secret of the run. It says how often one had to be removed from
// what was written, which should be never.
func WriteClean(path string, secrets *evidence.Redactor, write func(io.Writer) error) (removed int, err error) {
	err = Write(path, func(w io.Writer) error {
		cleaner := secrets.Cleaner(w)
		if err := write(cleaner); err != nil {
			return err
		}
		err := cleaner.Close()
		removed = cleaner.Removed()
		return err
	})
	return removed, err
}

// AppendClean adds to a file what must hold no secret of the run, below a blank line where the file holds something. It is
// for a file that several programs write to, each its part: what stands there stays. What write writes is held in memory.
func AppendClean(path string, secrets *evidence.Redactor, write func(io.Writer) error) (removed int, err error) {
	var part bytes.Buffer
	cleaner := secrets.Cleaner(&part)
	if err := errors.Join(write(cleaner), cleaner.Close()); err != nil {
		return 0, unwritable(path, err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return 0, unwritable(path, err)
	}
	text := part.Bytes()
	if info, err := file.Stat(); err == nil && info.Size() > 0 {
		text = append([]byte("\n"), text...)
	}
	_, err = file.Write(text) // at once, so that nothing of another's comes in between
	if err := errors.Join(err, file.Close()); err != nil {
		return 0, unwritable(path, err)
	}
	return cleaner.Removed(), nil
}

// CheckWritable proves, before a run, that Write can make the file after it. Missing folders are made; nothing else
// is left behind. The error is one line that names the path, what is wrong and what would be right.
func CheckWritable(path string) error {
	target, special, err := resolve(path)
	if err != nil {
		return err
	}
	if special {
		return checkSpecial(path)
	}
	file, err := temporary(target)
	if err != nil {
		return unwritable(path, err)
	}
	if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
		return unwritable(path, err)
	}
	return nil
}

// resolve says where a path leads: to a file that is, or can be made, or to something special that is written to as it is.
// A symbolic link stays one: the file that it leads to is replaced.
func resolve(path string) (target string, special bool, err error) {
	if path == "" {
		return "", false, errors.New(`can't write "": the name is empty (name a file)`)
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir() || os.IsPathSeparator(path[len(path)-1]):
		example := filepath.Join(path, "report")
		return "", false, fmt.Errorf("can't write %s: it is a folder (name a file, such as %s)", show.Visible(path), show.Visible(example))
	case err == nil && !info.Mode().IsRegular():
		return path, true, nil
	case err == nil:
		if target, err := filepath.EvalSymlinks(path); err == nil {
			return target, false, nil
		}
	}
	return path, false, nil
}

// temporary makes a new file in the folder of path, with the permissions that the umask leaves to any new file.
func temporary(path string) (*os.File, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	return os.OpenFile(filepath.Join(folder, ".libdrives-"+rand.Text()+".tmp"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

func fill(file *os.File, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(file, 64<<10)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

func checkSpecial(path string) error {
	if info, err := os.Stat(path); err == nil && info.Mode()&fs.ModeNamedPipe != 0 {
		return nil // opening it would wait for a reader, and closing it would end what the reader reads
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return unwritable(path, err)
	}
	return file.Close()
}

func writeSpecial(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return unwritable(path, err)
	}
	if err := fill(file, write); err != nil {
		_ = file.Close()
		return unwritable(path, err)
	}
	if err := file.Close(); err != nil {
		return unwritable(path, err)
	}
	return nil
}

// syncFolder makes the rename itself durable. Some file systems can't; the file is whole in any case.
func syncFolder(folder string) {
	if dir, err := os.Open(folder); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}

// unwritable says in one line what is wrong with a path, and what would be right. The error is kept for errors.Is.
func unwritable(path string, err error) error {
	cause := err
	var inPath *fs.PathError
	var inLink *os.LinkError
	switch {
	case errors.As(err, &inPath):
		cause = inPath.Err // without the name of the temporary file, which says nothing to the reader
	case errors.As(err, &inLink):
		cause = inLink.Err
	}
	return &pathError{path: path, hint: hint(cause), cause: cause}
}

func hint(cause error) string {
	switch {
	case errors.Is(cause, fs.ErrPermission):
		return "name a file in a folder that you may write to"
	case errors.Is(cause, syscall.ENOTDIR), errors.Is(cause, fs.ErrExist):
		return "a file stands where its folder would have to be; name a file in a folder"
	case errors.Is(cause, syscall.EROFS):
		return "name a file outside the read-only file system"
	case errors.Is(cause, syscall.ENOSPC):
		return "make room, or name a file on another disk"
	case errors.Is(cause, syscall.ENAMETOOLONG):
		return "name a file with a shorter name"
	}
	return ""
}

// pathError is a file that can't be written.
type pathError struct {
	path, hint string
	cause      error
}

func (e *pathError) Error() string {
	text := fmt.Sprintf("can't write %s: %s", show.Visible(e.path), strings.Join(strings.Fields(e.cause.Error()), " "))
	if e.hint != "" {
		text += " (" + e.hint + ")"
	}
	return text
}

func (e *pathError) Unwrap() error { return e.cause }
