package planner

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/bound"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/manifest"
	"onebranch.dev/renderer/tree"
)

// Rendered is what one Application deploys; equal keys have equal contents.
type Rendered struct {
	Key string
	manifest.Built
	Unsteady []chart.Unsteady
	Lookups  []string
	Dropped  []chart.Dropped
}

// resources returns the finished objects. They are shared by everything that uses the render, so they must not be
// changed.
func (r *Rendered) resources() ([]*manifest.Resource, error) { return r.Resources, nil }

// jobs finds the inputs of every source of an Application, and one key for all of them together.
func (e *Planner) jobs(t *loaded, c *Cluster, app *Expanded) ([]*job, string, error) {
	if reason := app.invalid(); reason != "" {
		return nil, "", errors.New(reason)
	}
	if app.Application.Spec.SourceHydrator != nil {
		return nil, "", notEvaluated("it is hydrated to another branch first")
	}
	makers, requirements := splitSources(t, app.Application)
	jobs, key, err := e.makerJobs(t, c, app, makers)
	if err != nil && !isNotEvaluated(err) {
		return nil, "", err
	}
	for _, requirement := range requirements {
		if required := e.require(t, app.Application, requirement); required != nil {
			return nil, "", e.firstFault(jobs, key, required)
		}
	}
	return jobs, key, err
}

func (e *Planner) makerJobs(t *loaded, c *Cluster, app *Expanded, makers []*appset.Source) ([]*job, string, error) {
	var jobs []*job
	key := ""
	for _, source := range makers {
		j, err := e.plan(t, c, app.Application, source)
		if err != nil {
			return nil, "", err
		}
		jobs = append(jobs, j)
		key += j.key
	}
	if len(jobs) > 1 {
		key = shortHash(key) + key[:32]
	}
	return jobs, key, nil
}

// render returns the manifests of an Application.
func (e *Planner) render(t *loaded, c *Cluster, app *Expanded) (*Rendered, error) {
	jobs, key, err := e.jobs(t, c, app)
	if err != nil {
		return nil, err
	}
	return e.renderJobs(jobs, key)
}

func (e *Planner) renderJobs(jobs []*job, key string) (*Rendered, error) {
	return e.renders.get(key, func() (*Rendered, error) {
		return e.cached(jobs, key, func() (*Rendered, error) { return e.renderNow(jobs, key) })
	})
}

func (e *Planner) renderNow(jobs []*job, key string) (*Rendered, error) {
	out := &Rendered{Key: key}
	var documents []chart.Document
	for _, j := range jobs {
		made, err := e.bounded(j)
		if err != nil {
			return nil, err
		}
		documents = append(documents, made.Documents...)
		out.Unsteady = append(out.Unsteady, made.Unsteady...)
		out.Lookups = append(out.Lookups, made.Lookups...)
		out.Dropped = append(out.Dropped, made.Dropped...)
	}
	if len(jobs) == 0 {
		return out, nil
	}
	app := jobs[0].app
	built, err := manifest.Build(documents, manifest.Owner{Name: app.Metadata.Name, Namespace: app.Spec.Destination.Namespace})
	if err != nil {
		return nil, err
	}
	out.Built = *built
	return out, nil
}

// bounded renders one source and gives up on it when it takes too long. A function that does not return cannot be
// stopped, so it is left running in the background.
func (e *Planner) bounded(j *job) (*chart.Output, error) {
	if e.stopped.count(j.label) >= maxStops {
		return nil, fmt.Errorf("the chart %s was stopped %d times already, and is not tried with other values", j.label, maxStops)
	}
	type result struct {
		out *chart.Output
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- result{nil, fmt.Errorf("%s: rendering failed: %v", j.label, r)}
			}
		}()
		var r result
		running.while(j.label, func() { r.out, r.err = e.execute(j) })
		done <- r
	}()
	timer := time.NewTimer(e.limits.Time + time.Second)
	defer timer.Stop()
	select {
	case r := <-done:
		var limit *bound.LimitError
		if errors.As(r.err, &limit) {
			e.stopped.add(j.label)
			return nil, fmt.Errorf("the chart %s was stopped: %w (at most %s and %d MiB of text for each render)", j.label, r.err, e.limits.Time, e.limits.Bytes>>20)
		}
		return r.out, shortened(r.err)
	case <-timer.C:
		e.stopped.add(j.label)
		return nil, fmt.Errorf("the chart %s was stopped: %w (at most %s for each render)", j.label, bound.ErrTooLong, e.limits.Time)
	}
}

// longest is how many bytes of an error are shown. Each of a hundred templates that include each other adds a line to it.
const longest = 1000

func shortened(err error) error {
	var missing *tree.MissingBlob
	if err == nil || errors.As(err, &missing) || isNotEvaluated(err) || len(err.Error()) <= longest {
		return err
	}
	text := err.Error()
	return errors.New(strings.ToValidUTF8(text[:longest/2]+" ... "+text[len(text)-longest/2:], "\uFFFD"))
}

// maxStops is how often a chart may break a limit, each time with different values, before it is not rendered any more: a
// fleet renders one chart many times, and each attempt takes the full time limit.
const maxStops = 3

// tally counts by name.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (t *tally) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[string]int{}
	}
	t.counts[name]++
}

func (t *tally) count(name string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[name]
}

func (e *Planner) execute(j *job) (*chart.Output, error) {
	if j.unknown != nil {
		return nil, j.unknown
	}
	switch j.kind {
	case helmSource:
		prepared, err := j.chart()
		if err != nil {
			return nil, err
		}
		values, err := e.mergedValues(j)
		if err != nil {
			return nil, err
		}
		return prepared.Render(values, j.options)
	case kustomizeSource:
		return executeKustomize(j)
	default:
		return executeDirectory(j)
	}
}

func isMissing(err error) (*tree.MissingBlob, bool) {
	var missing *tree.MissingBlob
	ok := errors.As(err, &missing)
	return missing, ok
}
