package chart

import (
	"fmt"
	"path"
	"sort"
	"strings"
	"unicode"

	chartv2 "helm.sh/helm/v4/pkg/chart/v2"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/release/v1/util"
)

// Document is one YAML document of a render, in the order in which `helm template` prints them.
type Document struct {
	// Source is the template that wrote it, `<chart>/templates/<file>`.
	Source string
	Text   string
	// Object is the parsed document. It is shared by all renders with the same text and must not be changed.
	Object map[string]any
}

const notesSuffix = "NOTES.txt"

// hookEvents are the events that Helm knows; a document with any other event is dropped.
var hookEvents = map[string]bool{
	release.HookPreInstall.String(): true, release.HookPostInstall.String(): true,
	release.HookPreDelete.String(): true, release.HookPostDelete.String(): true,
	release.HookPreUpgrade.String(): true, release.HookPostUpgrade.String(): true,
	release.HookPreRollback.String(): true, release.HookPostRollback.String(): true,
	release.HookTest.String(): true, "test-success": true,
}

var installOrder = func() map[string]int {
	order := map[string]int{}
	for i, kind := range util.InstallOrder {
		order[kind] = i
	}
	return order
}()

// documents splits the rendered templates and returns CRDs first, then manifests by kind, then hooks by kind.
func documents(chart *chartv2.Chart, rendered map[string]string, options Options) ([]Document, []Dropped, error) {
	var generic, hooks, out []Document
	var dropped []Dropped
	names := make([]string, 0, len(rendered))
	for name := range rendered {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text := rendered[name]
		if strings.HasSuffix(name, notesSuffix) || strings.HasPrefix(path.Base(name), "_") || isBlank(text) {
			continue
		}
		for _, part := range split(text) {
			object, err := parseDocument(printed(part))
			if err != nil {
				return nil, nil, fmt.Errorf("YAML parse error on %s: %w", name, err)
			}
			document := Document{Source: name, Text: part, Object: object}
			switch events, isHook := hookOf(object); {
			case !isHook:
				generic = append(generic, document)
			case !known(events):
				dropped = append(dropped, drop(document))
			case !(options.SkipTests && isTest(events)):
				hooks = append(hooks, document)
			}
		}
	}
	byKind(generic)
	byKind(hooks)
	if !options.SkipCRDs {
		for _, crd := range chart.CRDObjects() {
			for _, part := range split(string(crd.File.Data)) {
				object, err := parseDocument(printed(part))
				if err != nil {
					return nil, nil, fmt.Errorf("YAML parse error on %s: %w", crd.Filename, err)
				}
				out = append(out, Document{Source: crd.Filename, Text: part, Object: object})
			}
		}
	}
	out = append(out, generic...)
	if err := endWith(out, strings.TrimSpace); err != nil {
		return nil, nil, err
	}
	if err := endWith(hooks, func(text string) string { return strings.TrimSuffix(text, "\n") }); err != nil {
		return nil, nil, err
	}
	out = append(out, hooks...)
	kept := out[:0]
	for _, document := range out {
		if len(document.Object) > 0 {
			kept = append(kept, document)
		}
	}
	return kept, dropped, nil
}

func drop(document Document) Dropped {
	metadata, _ := document.Object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	text := func(value any) string { s, _ := value.(string); return s }
	return Dropped{document.Source, text(document.Object["kind"]), text(metadata["name"]), text(annotations[release.HookAnnotation])}
}

// printed is a document as `helm template` prints it and Argo CD reads it: the line end matters in a block of text.
func printed(part string) string { return part + "\n" }

// endWith takes white space from the end of the last document: `helm template` all of it from the last one before the hooks,
// Argo CD one line end from what Helm printed, which ends with the last hook.
func endWith(list []Document, trim func(string) string) error {
	if len(list) == 0 {
		return nil
	}
	last := &list[len(list)-1]
	// Only a block that keeps its line ends, such as `|+`, shows it.
	if !strings.Contains(last.Text, "+") {
		return nil
	}
	object, err := parseDocument(printed(trim(last.Text)))
	if err == nil {
		last.Object = object
	}
	return err
}

func isBlank(text string) bool {
	for _, r := range text {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// documentMark is what a stream is cut at, at the start of a line.
const documentMark = "---"

// split cuts a stream as Helm does: what follows a mark on its line belongs to the next document, and a document keeps the line
// ends after it.
func split(text string) []string {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	var parts []string
	for text != "" {
		text = strings.TrimPrefix(text, documentMark)
		part, end := text, strings.Index(text, "\n"+documentMark)
		if end >= 0 {
			part, text = text[:end+1], text[end+1:]
		} else {
			text = ""
		}
		if part = strings.TrimLeftFunc(part, unicode.IsSpace); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// hookOf returns the hook events of a document.
func hookOf(object map[string]any) ([]string, bool) {
	metadata, _ := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	value, ok := annotations[release.HookAnnotation].(string)
	if !ok {
		return nil, false
	}
	events := strings.Split(value, ",")
	for i := range events {
		events[i] = strings.ToLower(strings.TrimSpace(events[i]))
	}
	return events, true
}

func known(events []string) bool {
	for _, event := range events {
		if !hookEvents[event] {
			return false
		}
	}
	return true
}

func isTest(events []string) bool {
	for _, event := range events {
		if event == "test" || event == "test-success" {
			return true
		}
	}
	return false
}

// byKind sorts stably: known kinds in install order, then the others by name.
func byKind(list []Document) {
	kind := func(d Document) string { k, _ := d.Object["kind"].(string); return k }
	sort.SliceStable(list, func(i, j int) bool {
		a, b := kind(list[i]), kind(list[j])
		first, aKnown := installOrder[a]
		second, bKnown := installOrder[b]
		switch {
		case aKnown && bKnown:
			return first < second
		case !aKnown && !bKnown:
			return a < b
		default:
			return aKnown
		}
	})
}
