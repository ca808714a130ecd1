package process

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test binary play the server: with childVariable set it claims and then waits for its input to end.
const childVariable = "ONEBRANCH_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		Claim()
		if _, held := os.LookupEnv(PidFileVariable); held {
			os.Exit(3)
		}
		os.Stdout.WriteString("ready\n")
		os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(path string) *exec.Cmd {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), childVariable+"=1", PidFileVariable+"="+path)
	return command
}

func TestSecondProcessIsTurnedAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "etcd.pid")
	first := child(path)
	input, err := first.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}

	record := read(t, path)
	if record.Pid != first.Process.Pid {
		t.Errorf("pid %d, want %d", record.Pid, first.Process.Pid)
	}
	if start, err := startToken(first.Process.Pid); err != nil || record.Start != start {
		t.Errorf("start %q, want %q (%v)", record.Start, start, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}

	var stderr bytes.Buffer
	second := child(path)
	second.Stderr = &stderr
	second.Run()
	if code := second.ProcessState.ExitCode(); code != ExitHeld {
		t.Errorf("second process: exit code %d, want %d", code, ExitHeld)
	}
	if want := "another process holds " + path + "\n"; stderr.String() != want {
		t.Errorf("second process said %q, want %q", stderr.String(), want)
	}
	if after := read(t, path); after != record {
		t.Errorf("the second process changed the record to %v", after)
	}

	input.Close()
	if err := first.Wait(); err != nil {
		t.Fatal(err)
	}
	third := child(path)
	third.Stdin = strings.NewReader("x")
	if err := third.Run(); err != nil {
		t.Errorf("after the first one ended: %v", err)
	}
}

func TestNothingIsClaimedWithoutTheVariable(t *testing.T) {
	t.Setenv(PidFileVariable, "")
	Claim()
	if claimed != nil {
		t.Error("claimed a file nobody named")
	}
}

func TestUnwritableFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing", "etcd.pid")
	var stderr bytes.Buffer
	_, err := claim(path)
	if code := report(&stderr, path, err); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if !strings.HasPrefix(stderr.String(), "cannot claim the pid file "+path+": ") {
		t.Errorf("said %q", stderr.String())
	}
}

func TestStartFieldSkipsTheName(t *testing.T) {
	fields := make([]string, 50)
	for i := range fields {
		fields[i] = "0"
	}
	fields[19] = "4711"
	got, err := startField("12 (a ) b (c)) " + strings.Join(fields, " "))
	if err != nil || got != "4711" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := startField("12 (short) S 1"); err == nil {
		t.Error("a short line was taken")
	}
}

func read(t *testing.T, path string) Record {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var record Record
	if err := json.Unmarshal(content, &record); err != nil {
		t.Fatalf("%q: %v", content, err)
	}
	return record
}
