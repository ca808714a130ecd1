package protocol

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"onebranch.dev/renderer/planner"
)

// schemaOf compiles one definition of the schema that client and renderer share.
func schemaOf(t *testing.T, definition string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("protocol.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("protocol.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("protocol.json#/definitions/" + definition)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, definition, line string) map[string]any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	if err := schemaOf(t, definition).Validate(value); err != nil {
		t.Errorf("%s should be valid: %v\n%s", definition, err, line)
	}
	object, _ := value.(map[string]any)
	return object
}

const clusters = `[{"name": "dev", "kubeVersion": "1.36", "projects": ["default"], "secrets": [], "roots": [{
  "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "root", "namespace": "argocd"},
  "spec": {"goTemplate": true, "generators": [{"list": {"elements": [{"name": "sample"}, {"name": "broken"}, {"name": "unknown"}]}}],
  "template": {"metadata": {"name": "{{.name}}"}, "spec": {"project": "default",
  "source": {"repoURL": "https://git.example.com/tree.git", "targetRevision": "main", "path": "{{.name}}"},
  "destination": {"server": "https://kubernetes.default.svc", "namespace": "apps"}}}}}]}]`

// treeRequests sends the files of a tree and gives the tree a name.
func treeRequests(t *testing.T, name string, files map[string]string) []string {
	t.Helper()
	var blobs, entries [][3]string
	for path, content := range files {
		sum := sha1.Sum([]byte(fmt.Sprintf("blob %d\x00%s", len(content), content)))
		oid := hex.EncodeToString(sum[:])
		blobs = append(blobs, [3]string{oid, "text", content})
		entries = append(entries, [3]string{path, "100644", oid})
	}
	return []string{
		request(t, map[string]any{"op": "blobs", "blobs": blobs}),
		request(t, map[string]any{
			"op": "tree", "tree": name, "repoURL": "https://git.example.com/tree.git", "revision": "main", "commit": "", "entries": entries,
		}),
	}
}

var nextID = 0

func request(t *testing.T, body map[string]any) string {
	t.Helper()
	nextID++
	body["id"] = nextID
	line, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(line)
}

func TestRequestsAndAnswersKeepToTheSchema(t *testing.T) {
	files := map[string]string{
		"sample/Chart.yaml":       "apiVersion: v2\nname: sample\nversion: 1.0.0\n",
		"sample/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: {{ randAlpha 5 | quote }}, b: {{ lookup \"v1\" \"Secret\" \"\" \"\" | len | quote }}}\n",
		"sample/templates/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
		"sample/templates/hooks.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {helm.sh/hook: test}}\n---\n" +
			"apiVersion: v1\nkind: Pod\nmetadata: {name: b, annotations: {helm.sh/hook: pre-instal}}\n",
		"broken/Chart.yaml":       "apiVersion: v2\nname: broken\nversion: 1.0.0\n",
		"broken/templates/a.yaml": "{{ fail \"no\" }}",
		"unknown/a.jsonnet":       "{}",
	}
	requests := treeRequests(t, "base", files)
	files["sample/templates/c.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
	files["broken/templates/a.yaml"] = "{{ fail \"still no\" }}"
	requests = append(requests, treeRequests(t, "head", files)...)
	all := json.RawMessage(clusters)
	side := func(name string) any { return map[string]any{"tree": name, "clusters": all} }
	asked := map[int]string{}
	for definition, body := range map[string]map[string]any{
		"expand": {"op": "expand", "tree": "head", "clusters": all},
		"render": {"op": "render", "tree": "head", "clusters": all, "filter": map[string]any{}},
		"diff":   {"op": "diff", "base": side("base"), "head": side("head"), "filter": map[string]any{"clusters": []string{"dev"}}},
	} {
		requests = append(requests, request(t, body))
		asked[nextID] = definition
	}
	requests = append(requests, request(t, map[string]any{"op": "hello"}), request(t, map[string]any{"op": "documents", "ids": []string{"none"}}))
	for _, line := range requests {
		validate(t, "request", line)
	}
	var out bytes.Buffer
	if err := Serve(strings.NewReader(strings.Join(requests, "\n")), &out, planner.New(planner.Options{Offline: true})); err != nil {
		t.Fatal(err)
	}
	answers := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(answers) != len(requests) {
		t.Fatalf("%d requests should have as many answers, have %d", len(requests), len(answers))
	}
	seen := 0
	for i, line := range answers {
		response := validate(t, "response", line)
		id, _ := response["id"].(json.Number).Int64()
		if definition := asked[int(id)]; definition != "" {
			result, err := json.Marshal(response["result"])
			if err != nil {
				t.Fatal(err)
			}
			validate(t, definition, string(result))
			seen++
		} else if i == len(answers)-1 && response["error"] != "no manifest has the id none" {
			t.Errorf("the last answer should be an error, is %s", line)
		}
	}
	if seen != len(asked) {
		t.Errorf("%d results should be looked at, are %d", len(asked), seen)
	}
	for _, part := range []string{`"notEvaluated":[{`, `"failed":[{`, `"unsteady":[{`, `"lookups":["`, `"repeated":[{`, `"unapplied":[{`, `"dropped":[{`, `"changes":[{`} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("an answer should have %s, so that its schema is tried", part)
		}
	}
}

func TestTheSchemaRefuses(t *testing.T) {
	for definition, text := range map[string]string{
		"request":  `{"id": 1, "op": "nothing"}`,
		"response": `{"id": 1, "results": {}}`,
		"render":   `{"manifests": []}`,
	} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if schemaOf(t, definition).Validate(value) == nil {
			t.Errorf("%s should be no %s", text, definition)
		}
	}
}
