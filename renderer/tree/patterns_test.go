package tree_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gobwas/glob"
	"sigs.k8s.io/yaml"
)

// The tool reads patterns of AppProjects itself; its table is what the libraries of Argo CD say.
func TestPatternsOfProjects(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "test", "fixtures", "argocd", "patterns.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		Pattern                       string
		Separated, Whole, Path, Texts []string
	}
	if err := yaml.UnmarshalStrict(text, &rows); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, one := range row.Texts {
			matched, err := filepath.Match(row.Pattern, one)
			for _, is := range []struct {
				how  string
				fits bool
				list []string
			}{
				{"separated", fits(row.Pattern, one, '/'), row.Separated},
				{"whole", fits(row.Pattern, one), row.Whole},
				{"path", matched && err == nil, row.Path},
			} {
				if is.fits != slices.Contains(is.list, one) {
					t.Errorf("%s: %q fits %q: %v", is.how, one, row.Pattern, is.fits)
				}
			}
		}
	}
}

func fits(pattern, text string, separators ...rune) bool {
	compiled, err := glob.Compile(pattern, separators...)
	return err == nil && compiled.Match(text)
}
