package chart

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"

	yamlv2 "go.yaml.in/yaml/v2"
	yamlv3 "go.yaml.in/yaml/v3"
)

// Lines finds the lines of values in the YAML text that they were parsed from.
type Lines struct {
	documents []*yamlv3.Node
	// keys caches the position of each key in a mapping.
	keys map[*yamlv3.Node]map[string]int
	// rows maps the parser's lines to an editor's lines; nil if they are the same.
	rows []int
}

// NewLines parses a text that Helm accepts. If this parser refuses it, every value is reported in line 1.
func NewLines(text []byte) *Lines {
	lines := &Lines{keys: map[*yamlv3.Node]map[string]int{}, rows: rowsOf(text)}
	decoder := yamlv3.NewDecoder(bytes.NewReader(text))
	for {
		var document yamlv3.Node
		if err := decoder.Decode(&document); err != nil {
			if !errors.Is(err, io.EOF) {
				return &Lines{}
			}
			return lines
		}
		if len(document.Content) > 0 {
			lines.documents = append(lines.documents, document.Content[0])
		}
	}
}

// Of returns the line of a key, or of the innermost key above it that is written in the file.
func (l *Lines) Of(path []string) int {
	best, depth := 1, 0
	// Later documents are merged over earlier ones.
	for _, document := range l.documents {
		if line, found := l.locate(document, path, document.Line, 0); found >= depth {
			best, depth = line, found
		}
	}
	if l.rows != nil {
		return l.rows[min(max(best, 1), len(l.rows))-1]
	}
	return best
}

// oddBreaks end a line in YAML 1.1, but not for editors, Git and other tools that count lines.
var oddBreaks = regexp.MustCompile("\r\n|[\n\r\u0085\u2028\u2029]")

// rowsOf maps each line as YAML counts it to the line as editors count it; nil if the text has no other line ends.
func rowsOf(text []byte) []int {
	if !bytes.ContainsAny(text, "\r\u0085\u2028\u2029") {
		return nil
	}
	rows, row := []int{1}, 1
	for _, end := range oddBreaks.FindAll(text, -1) {
		if bytes.HasSuffix(end, []byte{'\n'}) {
			row++
		}
		rows = append(rows, row)
	}
	return rows
}

// maxMerges bounds how far `<<` is followed, because a mapping may refer to itself.
const maxMerges = 100

// locate follows a path as far as possible; the second result is how many keys it could follow.
func (l *Lines) locate(node *yamlv3.Node, path []string, line, merges int) (int, int) {
	if len(path) == 0 || merges > maxMerges {
		return line, 0
	}
	for node != nil && node.Kind == yamlv3.AliasNode {
		node = node.Alias
	}
	if node == nil || node.Kind != yamlv3.MappingNode {
		return line, 0
	}
	// A key of the mapping itself wins over one from `<<`.
	if at, own := l.keysOf(node)[path[0]]; own {
		inner, depth := l.locate(node.Content[at+1], path[1:], node.Content[at].Line, merges)
		return inner, depth + 1
	}
	best, depth := line, 0
	for i := 0; i+1 < len(node.Content); i += 2 {
		if !isMerge(node.Content[i]) {
			continue
		}
		for _, source := range mergeSources(node.Content[i+1]) {
			if found, far := l.locate(source, path, node.Content[i].Line, merges+1); far > depth {
				best, depth = found, far
			}
		}
	}
	return best, depth
}

// keysOf returns the keys of a mapping; the last of two equal ones wins.
func (l *Lines) keysOf(node *yamlv3.Node) map[string]int {
	known := l.keys[node]
	if known == nil {
		known = make(map[string]int, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !isMerge(node.Content[i]) {
				known[keyName(node.Content[i])] = i
			}
		}
		l.keys[node] = known
	}
	return known
}

func isMerge(key *yamlv3.Node) bool {
	return key.Value == "<<" && (key.Tag == "!!merge" || key.Tag == "")
}

// mergeSources returns the mappings that `<<` names; earlier ones win.
func mergeSources(node *yamlv3.Node) []*yamlv3.Node {
	for node.Kind == yamlv3.AliasNode && node.Alias != nil {
		node = node.Alias
	}
	if node.Kind == yamlv3.SequenceNode {
		return node.Content
	}
	return []*yamlv3.Node{node}
}

var usualKey = regexp.MustCompile(`^[A-Za-z_/.][A-Za-z0-9_./-]{3,}$`)

// keyName returns the key as Helm reads it: YAML 1.1 has more words for true and false, and numbers become text.
func keyName(key *yamlv3.Node) string {
	if key.Kind == yamlv3.AliasNode && key.Alias != nil {
		key = key.Alias
	}
	if key.Style != 0 || usualKey.MatchString(key.Value) && key.Value != "false" && key.Value != "False" && key.Value != "FALSE" {
		return key.Value
	}
	var raw any
	if err := yamlv2.Unmarshal([]byte(key.Value), &raw); err != nil {
		return key.Value
	}
	if name, err := jsonKey(raw); err == nil {
		return name
	}
	return key.Value
}

// Written is one value that a file sets.
type Written struct {
	Path  []string `json:"path"`
	Value any      `json:"value"`
	Line  int      `json:"line"`
}

// ReadWritten lists the values that a file sets; a list or an empty mapping counts as one value.
func ReadWritten(text []byte) ([]Written, error) {
	values, err := ParseValues(text)
	if err != nil {
		return nil, err
	}
	lines, out := NewLines(text), []Written{}
	var walk func(values map[string]any, at []string)
	walk = func(values map[string]any, at []string) {
		for _, key := range sortedKeys(values) {
			here := append(slices.Clone(at), key)
			if inner, isMap := values[key].(map[string]any); isMap && len(inner) > 0 {
				walk(inner, here)
				continue
			}
			out = append(out, Written{here, values[key], lines.Of(here)})
		}
	}
	walk(values, nil)
	return out, nil
}
