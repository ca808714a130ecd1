package monitoring

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"gopkg.in/yaml.v3"
)

// Every query of rules and dashboards is one that Prometheus can read, of metrics that somebody has.
func TestQueries_AreOfMetricsThatExist(t *testing.T) {
	known := map[string]bool{}
	data, err := os.ReadFile("metrics.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		if name := strings.TrimSpace(line); name != "" && !strings.HasPrefix(name, "#") {
			known[name] = true
		}
	}
	queries := map[string][]string{}
	for _, path := range files(t, "*.yaml") {
		var read struct {
			Groups []struct {
				Rules []struct{ Record, Expr string }
			}
		}
		decode(t, path, func(data []byte) error { return yaml.Unmarshal(data, &read) })
		for _, group := range read.Groups {
			for _, rule := range group.Rules {
				queries[path] = append(queries[path], rule.Expr)
				if rule.Record != "" {
					known[rule.Record] = true
				}
			}
		}
	}
	for _, path := range files(t, "*.json") {
		var read struct {
			Panels []struct {
				Title   string
				Targets []struct{ Expr string }
			}
			Templating struct {
				List []struct{ Type, Query string }
			}
		}
		decode(t, path, func(data []byte) error { return json.Unmarshal(data, &read) })
		for _, panel := range read.Panels {
			if len(panel.Targets) == 0 {
				t.Errorf("%s: the panel %s has no query", path, panel.Title)
			}
			for _, target := range panel.Targets {
				queries[path] = append(queries[path], variable.ReplaceAllString(target.Expr, "x"))
			}
		}
		for _, one := range read.Templating.List {
			if found := values.FindStringSubmatch(one.Query); one.Type == "query" {
				if found == nil {
					t.Errorf("%s: %q is not label_values of a metric", path, one.Query)
					continue
				}
				queries[path] = append(queries[path], found[1])
			}
		}
	}
	for path, all := range queries {
		for _, query := range all {
			expression, err := parser.NewParser(parser.Options{}).ParseExpr(query)
			if err != nil {
				t.Errorf("%s: %s: %v", path, query, err)
				continue
			}
			for _, matchers := range parser.ExtractSelectors(expression) {
				for _, matcher := range matchers {
					if matcher.Name == labels.MetricName && !known[matcher.Value] {
						t.Errorf("%s: nobody has the metric %s: %s", path, matcher.Value, query)
					}
				}
			}
		}
	}
}

var (
	// What Grafana fills in.
	variable = regexp.MustCompile(`\$\w+`)
	values   = regexp.MustCompile(`^label_values\((\w+), \w+\)$`)
)

func files(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(directory(t), pattern))
	if err != nil || len(found) == 0 {
		t.Fatal("nothing rendered:", pattern, err)
	}
	return found
}

func decode(t *testing.T, path string, decode func([]byte) error) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = decode(data)
	}
	if err != nil {
		t.Fatal(path, err)
	}
}
