package process

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// startToken is what the reader of a pid file compares before it sends a signal: the start time in clock ticks since
// boot on Linux, the printed start time elsewhere.
func startToken(pid int) (string, error) {
	if runtime.GOOS == "linux" {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return "", err
		}
		return startField(string(stat))
	}
	// lstart is printed in the caller's language: both sides must ask for the same one.
	command := exec.Command("ps", "-o", "lstart=", "-p", strconv.Itoa(pid))
	command.Env = append(os.Environ(), "LC_ALL=C")
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("ask ps for the start of %d: %w", pid, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// startField takes field 22 of a stat line. The name in field 2 may hold blanks and brackets, so counting begins
// after the last closing bracket.
func startField(stat string) (string, error) {
	const afterName = 22 - 3
	fields := strings.Fields(stat[strings.LastIndex(stat, ")")+1:])
	if len(fields) <= afterName {
		return "", fmt.Errorf("the stat line %q has no start time", strings.TrimSpace(stat))
	}
	return fields[afterName], nil
}
