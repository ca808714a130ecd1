// Command onebranch-renderer answers questions about GitOps trees: one JSON request on a line of standard input, one JSON
// response on a line of standard output. protocol.schema.json describes both.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"

	"onebranch.dev/renderer/cache"
	"onebranch.dev/renderer/planner"
	"onebranch.dev/renderer/protocol"
)

// build identifies the sources of this renderer. It is set by the build; without it no renders are kept.
var build string

func main() {
	options := planner.Options{}
	if build != "" {
		options.Build = build + "-" + runtime.Version()
	}
	flag.IntVar(&options.Workers, "workers", 0, "renders at a time; 0: one for each core")
	flag.StringVar(&options.Charts, "charts", "", "directory with packed third-party charts")
	flag.StringVar(&options.ChartCache, "chart-cache", "", "directory where pulled charts are kept")
	flag.StringVar(&options.Renders, "renders", "", "directory where renders are kept for later runs")
	flag.Int64Var(&options.RendersBound, "renders-bound", cache.DefaultBound, "bytes of renders that are kept; 0: none")
	flag.BoolVar(&options.Offline, "offline", false, "never pull a chart")
	flag.DurationVar(&options.Limits.Time, "render-time", 0, "longest time of one render; 0: 10s")
	memory := flag.Uint64("memory", 4<<30, "bytes of memory at which a render is given up")
	profile := flag.String("cpuprofile", "", "file for a CPU profile of the whole run")
	flag.Parse()
	if *profile != "" {
		defer startProfile(*profile)()
	}

	// Libraries log to standard error in their own words; everything that matters is in the responses.
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	// The process lives for seconds, so it collects garbage less often.
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(int64(*memory))
	planner.WatchMemory(*memory)

	if err := protocol.Serve(os.Stdin, os.Stdout, planner.New(options)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// startProfile writes a CPU profile until the returned function is called.
func startProfile(name string) func() {
	file, err := os.Create(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return func() {
		pprof.StopCPUProfile()
		file.Close()
	}
}
