package chart

import (
	"reflect"
	"strings"
	"testing"

	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// helmSplit is Helm's own splitter, with the documents in order.
func helmSplit(text string) []string {
	parts := releaseutil.SplitManifests(text)
	var out []string
	for i := range len(parts) {
		for name, part := range parts {
			if name == "manifest-"+itoa(i) {
				out = append(out, part)
			}
		}
	}
	return out
}

func itoa(i int) string {
	digits := ""
	for ; i > 0 || digits == ""; i /= 10 {
		digits = string(rune('0'+i%10)) + digits
	}
	return digits
}

func compareParse(t *testing.T, text string) {
	got, gotErr := decodeObject(text)
	data, err := yaml.YAMLToJSON([]byte(text))
	var want any
	if err == nil {
		err = json.Unmarshal(data, &want)
	}
	if err != nil || gotErr != nil {
		if (err == nil) != (gotErr == nil) {
			t.Errorf("%q: error should be %v, is %v", text, err, gotErr)
		}
		return
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%q: should be %#v, is %#v", text, want, got)
	}
}

func compareToYAML(t *testing.T, text string) {
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return
	}
	data, err := yaml.Marshal(value)
	want := strings.TrimSuffix(string(data), "\n")
	got, gotErr := encodeYAML(value)
	if (err == nil) != (gotErr == nil) || err == nil && want != got {
		t.Errorf("%#v: should be %q (%v), is %q (%v)", value, want, err, got, gotErr)
	}
}
