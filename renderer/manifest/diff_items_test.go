package manifest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestDiff_ListsWithoutNames(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"the first item goes", `[1, 2, 3]`, `[2, 3]`, "l[0] -1"},
		{"an item in the middle goes", `[1, 2, 3]`, `[1, 3]`, "l[1] -2"},
		{"the last item goes", `[1, 2, 3]`, `[1, 2]`, "l[2] -3"},
		{"an item comes in front", `[2, 3]`, `[1, 2, 3]`, "l[0] +1"},
		{"items come between others", `[1, 4]`, `[1, 2, 3, 4]`, "l[1] +2; l[2] +3"},
		{"one of two equal items goes", `[1, 1, 2]`, `[1, 2]`, "l[1] -1"},
		{"an item changes", `[1, 2, 3]`, `[1, 5, 3]`, "l[1] 2 -> 5"},
		{"a field of an item changes, and another item goes", `[{"a": 1}, {"a": 2}, {"a": 3}]`, `[{"a": 2}, {"a": 4}]`,
			"l[0] -map[a:1]; l[2].a 3 -> 4"},
		{"an item goes and another one comes", `[1, 2, 3]`, `[2, 3, 4]`, "l[0] -1; l[2] +4"},
		{"items change their places", `[1, 2]`, `[2, 1]`, "l[0] -1; l[1] +1"},
		{"everything goes", `[1, 2]`, `[]`, "l[0] -1; l[1] -2"},
		{"nothing changes", `[1, {"a": [2]}]`, `[1, {"a": [2]}]`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			lists := make([]map[string]any, 2)
			for i, text := range []string{c.from, c.to} {
				if err := json.Unmarshal([]byte(`{"l": `+text+`}`), &lists[i]); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for _, change := range Diff(lists[0], lists[1]) {
				text := change.Path + " "
				switch {
				case change.From == nil:
					text += fmt.Sprintf("+%v", *change.To)
				case change.To == nil:
					text += fmt.Sprintf("-%v", *change.From)
				default:
					text += fmt.Sprintf("%v -> %v", *change.From, *change.To)
				}
				got = append(got, text)
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
}

func TestDiff_VeryLongLists(t *testing.T) {
	from, to := make([]any, 3000), make([]any, 2999)
	for i := range to {
		from[i], to[i] = i, i
	}
	from[2999] = 2999
	to[10], to[2000] = -1, -1
	changes := Diff(map[string]any{"l": from}, map[string]any{"l": to})
	if len(changes) == 0 || len(changes) > 3001 {
		t.Errorf("%d changes", len(changes))
	}
}
