// Package process makes a long-running server own its pid file, so that whoever starts and stops it can never
// start it twice and never signal a stranger.
package process

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// PidFileVariable names the environment variable that says which file to own. Unset, nothing is claimed.
const PidFileVariable = "ONEBRANCH_PIDFILE"

// ExitHeld is the exit code of a process that found its pid file held by another one (EX_TEMPFAIL of sysexits).
const ExitHeld = 75

// Record is what stands in a pid file. A pid alone can be recycled; a pid with its start cannot.
type Record struct {
	Pid   int    `json:"pid"`
	Start string `json:"start"`
}

// errHeld tells a lock held by another process from every other fault.
var errHeld = errors.New("another process holds the pid file")

// claimed keeps the locked file reachable: a collected os.File would be closed, and the lock with it.
var claimed *os.File

// Claim owns the pid file for the life of this process, or ends it.
func Claim() {
	path := os.Getenv(PidFileVariable)
	if path == "" {
		return
	}
	// Children (git, helm, plugins) must not think that the file is theirs.
	os.Unsetenv(PidFileVariable)
	file, err := claim(path)
	if code := report(os.Stderr, path, err); code != 0 {
		os.Exit(code)
	}
	claimed = file
}

func report(out io.Writer, path string, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errHeld):
		fmt.Fprintf(out, "another process holds %s\n", path)
		return ExitHeld
	default:
		fmt.Fprintf(out, "cannot claim the pid file %s: %v\n", path, err)
		return 1
	}
}

func claim(path string) (*os.File, error) {
	// os.OpenFile sets O_CLOEXEC: a child that lives on does not keep the lock.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(file); err != nil {
		file.Close()
		return nil, err
	}
	if err := write(file); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func lock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			return errHeld
		default:
			return err
		}
	}
}

func write(file *os.File) error {
	start, err := startToken(os.Getpid())
	if err != nil {
		return err
	}
	line, err := json.Marshal(Record{Pid: os.Getpid(), Start: start})
	if err != nil {
		return err
	}
	if err := file.Chmod(0o600); err != nil {
		return err
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = file.WriteAt(append(line, '\n'), 0)
	return err
}
