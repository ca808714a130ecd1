package manifest

import (
	"reflect"
	"testing"

	"onebranch.dev/renderer/chart"
)

func TestPackedResourcesAreTheSame(t *testing.T) {
	object := map[string]any{
		"apiVersion": "example.com/v1", "kind": "Thing", "metadata": map[string]any{"name": "a"},
		"numbers": []any{int64(1), int64(-9007199254740993), 1.5, 1e300, int64(0)}, "nothing": nil, "text": "ä <&> \u2028 \\ \"",
		"list": []any{map[string]any{}, []any{}, true},
	}
	made, err := Build([]chart.Document{{Source: "c/templates/a.yaml", Object: object}}, Owner{"app", "apps"})
	if err != nil {
		t.Fatal(err)
	}
	want := made.Resources[0]
	got, err := Unpack(want.Pack())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Object(), want.Object()) || string(got.JSON()) != string(want.JSON()) || got.ID() != want.ID() {
		t.Errorf("%v should be read as %v", got.Object(), want.Object())
	}
	if got.Key() != want.Key() || got.Name != want.Name || got.Source != want.Source || !got.Same(want) || !want.Same(got) {
		t.Errorf("%+v should be the same as %+v", got, want)
	}
	object["text"] = "other"
	other, err := Build([]chart.Document{{Source: "c/templates/a.yaml", Object: object}}, Owner{"app", "apps"})
	if err != nil {
		t.Fatal(err)
	}
	if got.Same(other.Resources[0]) {
		t.Error("another text should not be the same")
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add([]byte{1, 'v', 1, 'k', 0, 1, 'n', 0, '{', '}'})
	f.Add([]byte{})
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Unpack(data)
		if err != nil {
			return
		}
		again, err := Unpack(r.Pack())
		if err != nil || again.Key() != r.Key() || again.ID() != r.ID() {
			t.Errorf("%+v should be read again, is %+v (%v)", r, again, err)
		}
	})
}
