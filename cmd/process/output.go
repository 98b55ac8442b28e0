package process

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"

	"golang.org/x/term"
)

// Output is a standard output that may be closed from its other end while it is written to: the reader of a pipe ended,
// or the terminal was closed. What is written after that goes nowhere and is no error, for it was the reader's choice. A
// disk that is full or broken is an error as always.
type Output struct {
	file     *os.File
	terminal bool

	mu     sync.Mutex
	closed bool
}

// NewOutput makes an output of a file.
func NewOutput(file *os.File) *Output {
	return &Output{file: file, terminal: term.IsTerminal(int(file.Fd()))}
}

// Terminal says whether it was a terminal at the beginning: one that is closed can't be asked any more.
func (o *Output) Terminal() bool { return o.terminal }

// File is what is written to. To write to it goes past what Write takes care of.
func (o *Output) File() *os.File { return o.file }

// Lost is an error where somebody stopped reading before everything was written: for text that was asked for, so that it
// is missed.
func (o *Output) Lost() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return fmt.Errorf("%s is closed", o.file.Name())
	}
	return nil
}

// Write writes, as long as somebody reads.
func (o *Output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return len(p), nil
	}
	n, err := o.file.Write(p)
	if o.nobodyReads(err) {
		o.closed = true
		return len(p), nil
	}
	return n, err
}

// What Windows answers where the other end of a pipe is closed.
const (
	windowsBrokenPipe = syscall.Errno(109) // ERROR_BROKEN_PIPE
	windowsNoData     = syscall.Errno(232) // ERROR_NO_DATA
)

// nobodyReads says of the error of a write whether the other end is closed.
func (o *Output) nobodyReads(err error) bool {
	if runtime.GOOS == "windows" {
		return errors.Is(err, windowsBrokenPipe) || errors.Is(err, windowsNoData)
	}
	// A terminal that is closed answers with an error of input and output, as a disk that is broken does.
	return errors.Is(err, syscall.EPIPE) || o.terminal && errors.Is(err, syscall.EIO)
}
