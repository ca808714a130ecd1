// Package monitoring fires every alert of the chart monitoring with the rule engine of Prometheus.
package monitoring

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/promqltest"
	"github.com/prometheus/prometheus/rules"
	"gopkg.in/yaml.v3"
)

// A file of cases: metrics, and what fires when.
type file struct {
	Rules string
	Cases []struct {
		Title string
		// Series as promtool writes them, one sample a minute.
		Series []string
		At     time.Duration
		// The alerts that fire then, each as its name and its labels; all others must not.
		Fires []string
	}
}

// The rules as the chart renders them: a directory with a file for each PrometheusRule, named by the environment.
func directory(t *testing.T) string {
	t.Helper()
	found := os.Getenv("ONEBRANCH_RULES")
	if found == "" {
		t.Skip("ONEBRANCH_RULES names no directory: run test/monitoring/monitoring.test.ts")
	}
	return found
}

func TestRules_FireWhereTheyShould(t *testing.T) {
	queries := parser.NewParser(parser.Options{})
	fired := map[string]bool{}
	known := map[string]bool{}
	paths, err := filepath.Glob("cases/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range paths {
		var read file
		data, err := os.ReadFile(path)
		if err == nil {
			err = yaml.Unmarshal(data, &read)
		}
		if err != nil {
			t.Fatal(path, err)
		}
		for _, one := range read.Cases {
			t.Run(one.Title, func(t *testing.T) {
				// Samples come as time passes: after later ones, what a rule records would be too old.
				series, err := promqltest.NewLazyLoader("load 1m\n  "+strings.Join(one.Series, "\n  ")+"\n", promqltest.LazyLoaderOpts{EnableAtModifier: true, EnableNegativeOffset: true})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = series.Close() })
				manager := rules.NewManager(&rules.ManagerOptions{
					Appendable: series.Storage(), Queryable: series.Queryable(), Context: context.Background(), Logger: promslog.NewNopLogger(),
					QueryFunc:  rules.EngineQueryFunc(series.QueryEngine(), series.Queryable()),
					NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
					Parser:     queries,
				})
				groups, faults := manager.LoadGroups(time.Minute, labels.EmptyLabels(), "", nil, false, filepath.Join(directory(t), read.Rules))
				if faults != nil {
					t.Fatal(faults)
				}
				for at := time.Duration(0); at <= one.At; at += time.Minute {
					now := time.Unix(0, 0).UTC().Add(at)
					series.WithSamplesTill(now, func(err error) {
						if err != nil {
							t.Fatal(err)
						}
					})
					for _, group := range groups {
						group.Eval(context.Background(), now)
					}
				}
				var found []string
				for _, group := range groups {
					for _, rule := range group.Rules() {
						if rule.LastError() != nil {
							t.Errorf("%s: %v", rule.Name(), rule.LastError())
						}
						alerting, ok := rule.(*rules.AlertingRule)
						if !ok {
							continue
						}
						known[rule.Name()] = true
						for _, alert := range alerting.ActiveAlerts() {
							if alert.State != rules.StateFiring {
								continue
							}
							fired[rule.Name()] = true
							found = append(found, rule.Name()+" "+without(alert.Labels).String())
							alert.Annotations.Range(func(label labels.Label) {
								if strings.Contains(label.Value, "{{") || strings.Contains(label.Value, "<error") {
									t.Errorf("%s: the annotation %s is %q", rule.Name(), label.Name, label.Value)
								}
							})
						}
					}
				}
				slices.Sort(found)
				slices.Sort(one.Fires)
				if !slices.Equal(found, one.Fires) {
					t.Errorf("after %s there should fire\n%s\nthere fire\n%s", one.At, strings.Join(one.Fires, "\n"), strings.Join(found, "\n"))
				}
			})
		}
	}
	for name := range known {
		if !fired[name] {
			t.Errorf("no case fires %s", name)
		}
	}
}

func without(set labels.Labels) labels.Labels {
	return labels.NewBuilder(set).Del("alertname").Labels()
}
