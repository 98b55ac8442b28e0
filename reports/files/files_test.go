package files_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/libdrives/conformance/reports/files"
	"github.com/libdrives/conformance/suites/evidence"
)

func content(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// names are the files in a folder, hidden ones too.
func names(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatalf("the test's own folder must be readable: %v", err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("the file that was written must be readable: %v", err)
	}
	return string(text)
}

func TestWriteFileMakesFoldersAndReplacesWhole(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(folder, "report.xml")
	for _, text := range []string{"first", "second, longer", "3"} {
		if err := files.Write(path, content(text)); err != nil {
			t.Fatalf("writing %q to a folder that can be made failed: %v", text, err)
		}
		if got := read(t, path); got != text {
			t.Errorf("the file holds %q, it should hold %q", got, text)
		}
	}
	if got := names(t, folder); got != "report.xml" {
		t.Errorf("the folder holds %s, it should hold the report alone", got)
	}
}

func TestWriteFileLeavesTheOldFileWhereItFails(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "report.json")
	if err := files.Write(path, content("old")); err != nil {
		t.Fatalf("writing failed: %v", err)
	}
	broken := errors.New("half way")
	err := files.Write(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		return broken
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), path) {
		t.Errorf("the error is %v, it should name the path and keep its cause", err)
	}
	if got := read(t, path); got != "old" {
		t.Errorf("after a failure the file holds %d bytes, the old content should be there", len(got))
	}
	func() {
		defer func() { _ = recover() }()
		_ = files.Write(path, func(io.Writer) error { panic("a mistake in a writer") })
	}()
	if got := names(t, folder); got != "report.json" {
		t.Errorf("after failures the folder holds %s, no temporary file may be left", got)
	}
}

func TestWriteFileKeepsASymbolicLink(t *testing.T) {
	folder := t.TempDir()
	real, link := filepath.Join(folder, "real"), filepath.Join(folder, "link")
	if err := os.WriteFile(real, []byte("old"), 0o600); err != nil {
		t.Fatalf("preparing the test failed: %v", err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skipf("this system makes no symbolic links: %v", err)
	}
	if err := files.Write(link, content("new")); err != nil {
		t.Fatalf("writing through a symbolic link failed: %v", err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 || read(t, real) != "new" {
		t.Errorf("the link should stay a link and the file behind it hold the new content (%v)", err)
	}
}

func TestWriteFileWritesToADeviceAsItIs(t *testing.T) {
	if _, err := os.Stat(os.DevNull); err != nil {
		t.Skipf("this system has no %s: %v", os.DevNull, err)
	}
	if err := files.CheckWritable(os.DevNull); err != nil {
		t.Errorf("a device should pass the check: %v", err)
	}
	if err := files.Write(os.DevNull, content("gone")); err != nil {
		t.Errorf("writing to a device failed: %v", err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s must still be a device (%v)", os.DevNull, err)
	}
	if _, err := os.Stat("/dev/full"); err == nil {
		if err := files.Write("/dev/full", content("x")); err == nil || !strings.Contains(err.Error(), "make room") {
			t.Errorf("writing to a full device gives %v, it should say that there is no room", err)
		}
	}
}

func TestCheckWritable(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("kept"), 0o644); err != nil {
		t.Fatalf("preparing the test failed: %v", err)
	}
	for _, path := range []string{filepath.Join(folder, "new"), filepath.Join(folder, "x", "y", "new"), file} {
		if err := files.CheckWritable(path); err != nil {
			t.Errorf("%s can be written: %v", path, err)
		}
	}
	if got := names(t, folder) + "," + names(t, filepath.Join(folder, "x", "y")); got != "file x," || read(t, file) != "kept" {
		t.Errorf("after the check the folders hold %q: it makes folders and leaves all else alone", got)
	}
	for path, want := range map[string]string{
		"":                                 `can't write "": the name is empty (name a file)`,
		folder:                             "can't write " + folder + ": it is a folder (name a file, such as " + filepath.Join(folder, "report") + ")",
		filepath.Join(folder, "new") + "/": "it is a folder (name a file, such as ",
		filepath.Join(file, "below"):       "can't write " + filepath.Join(file, "below") + ": not a directory (a file stands where its folder would have to be",
		folder + "/\x1b[2J\n/":             `\x1b[2J\n`,
	} {
		err := files.CheckWritable(path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("checking %q gives %v, the error should hold %q", path, err, want)
		} else if strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("the error of %q is not one safe line: %q", path, err)
		}
		if err := files.Write(path, content("x")); err == nil {
			t.Errorf("writing to %q should fail as its check does", path)
		}
	}
}

func TestCheckWritableSaysWhatWouldBeRight(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("nothing is forbidden to this user")
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatalf("preparing the test failed: %v", err)
	}
	path := filepath.Join(folder, "report.xml")
	err := files.CheckWritable(path)
	want := "can't write " + path + ": permission denied (name a file in a folder that you may write to)"
	if err == nil || err.Error() != want {
		t.Errorf("a forbidden folder gives %v, it should give %s", err, want)
	}
}

func TestWriteCleanRemovesAndTells(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.txt")
	secrets := evidence.NewRedactor("correct horse")
	removed, err := files.WriteClean(path, secrets, func(w io.Writer) error {
		_, err := io.WriteString(w, "the password is correct%20horse, and again correct horse\n")
		return err
	})
	if err != nil || removed != 2 {
		t.Errorf("a file with two secrets tells of %d (%v)", removed, err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "the password is [redacted], and again [redacted]\n" {
		t.Errorf("the file says %q (%v)", text, err)
	}
	failing := errors.New("no more")
	if _, err := files.WriteClean(path, secrets, func(io.Writer) error { return failing }); !errors.Is(err, failing) {
		t.Errorf("a report that can't be written gives the error %v", err)
	}
}
