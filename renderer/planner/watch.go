package planner

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"time"
)

// running knows which charts are being rendered, so that the one that uses up the memory can be named.
var running = &watch{since: map[string]time.Time{}, count: map[string]int{}}

type watch struct {
	mu    sync.Mutex
	since map[string]time.Time
	count map[string]int
}

func (w *watch) start(label string) {
	w.mu.Lock()
	if w.count[label] == 0 {
		w.since[label] = time.Now()
	}
	w.count[label]++
	w.mu.Unlock()
}

// while does some work under a label. A crash that cannot be recovered from, such as endless recursion, prints the label
// too, because the client makes Go print the labels of goroutines.
func (w *watch) while(label string, work func()) {
	w.start(label)
	defer w.stop(label)
	pprof.Do(context.Background(), pprof.Labels("rendering", label), func(context.Context) { work() })
}

func (w *watch) stop(label string) {
	w.mu.Lock()
	if w.count[label]--; w.count[label] <= 0 {
		delete(w.count, label)
		delete(w.since, label)
	}
	w.mu.Unlock()
}

// longest returns the charts that are being rendered, the longest-running first.
func (w *watch) longest() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	labels := make([]string, 0, len(w.since))
	for label := range w.since {
		labels = append(labels, label)
	}
	sort.Slice(labels, func(i, j int) bool { return w.since[labels[i]].Before(w.since[labels[j]]) })
	return labels
}

// MemoryExit is the exit code of a process that ended itself because a render used too much memory.
const MemoryExit = 3

// WatchMemory ends the process with a sentence on standard error before a render uses up the machine's memory.
func WatchMemory(limit uint64) {
	go func() {
		var stats runtime.MemStats
		for range time.Tick(100 * time.Millisecond) {
			labels := running.longest()
			if len(labels) == 0 {
				continue
			}
			runtime.ReadMemStats(&stats)
			if stats.HeapAlloc+stats.StackInuse > limit {
				fmt.Fprintf(os.Stderr, "rendering %s takes more than %d MiB of memory\n", strings.Join(labels, " or "), limit>>20)
				os.Exit(MemoryExit)
			}
		}
	}()
}
