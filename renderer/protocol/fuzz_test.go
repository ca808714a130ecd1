package protocol

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"

	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/planner"
)

// known are requests that set up a tree with one chart, one overlay and one file of parameters.
var known = strings.Join([]string{
	`{"id":1,"op":"blobs","blobs":[["1","","apiVersion: v2\nname: web\nversion: 1.0.0\n"],["2","","a: 1\n"],["3","","apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: \"{{ .Values.a }}\"}\n"],["4","base64","cmVzb3VyY2VzOiBbYS55YW1sXQo="],["5","","component: a\n"],["9","","k"]]}`,
	`{"id":2,"op":"tree","tree":"t","repoURL":"https://git.example.com/tree.git","revision":"main","commit":"0123","entries":[["charts/web/Chart.yaml","100644","1"],["charts/web/values.yaml","100644","2"],["charts/web/templates/a.yaml","100644","3"],["k/kustomization.yaml","100644","4"],["k/a.yaml","100644","3"],["pins/a.yaml","100644","5"],["link","120000","9"]]}`,
}, "\n") + "\n"

const fuzzedClusters = `"clusters":[{"name":"dev","kubeVersion":"1.36","projects":["default"],"secrets":[{"name":"dev","server":"https://kubernetes.default.svc","labels":{"a":"b"}}],"roots":[{"metadata":{"name":"root","namespace":"argocd"},"spec":{"goTemplate":true,"generators":[{"git":{"repoURL":"https://git.example.com/tree.git","revision":"main","files":[{"path":"pins/*.yaml"}]}}],"template":{"metadata":{"name":"{{ .component }}"},"spec":{"project":"default","source":{"repoURL":"https://git.example.com/tree.git","targetRevision":"main","path":"charts/web"},"destination":{"server":"https://kubernetes.default.svc"}}}}}]}]`

func seeds() []string {
	return []string{
		`{"id":3,"op":"hello"}`, `{"id":3,"op":"render","tree":"t",` + fuzzedClusters + `}`, `{"id":3,"op":"expand","tree":"t",` + fuzzedClusters + `}`,
		strings.Replace(`{"id":3,"op":"render","tree":"t",`+fuzzedClusters+`}`, "charts/web", "k", 1),
		`{"id":3,"op":"diff","base":{"tree":"t",` + fuzzedClusters + `},"head":{"tree":"t",` + fuzzedClusters + `}}`,
		`{"id":3,"op":"values","tree":"t",` + fuzzedClusters + `,"values":{"cluster":"dev","application":"a","probe":[["a"]]}}`,
		`{"id":3,"op":"file-values","tree":"t","files":["charts/web/values.yaml","none","charts"]}`, `{"id":3,"op":"documents","ids":["x"]}`,
		`{"id":"3","op":"hello"}`, `{"op":1}`, `[]`, `null`, `{"id":3,"op":"diff"}`, `{"id":3,"op":"blobs","blobs":[["a"]]}`, `{"id":3,"op":"blobs","blobs":[["a","base64","%"]]}`,
		`{"id":3,"op":"tree","tree":"t","entries":[["","",""],["../a","120000","1"],["a//b","100644","2"],["a","100644","2"]]}`, `{"id":3,"op":"render","tree":"none"}`, "\x00", "{", `{"id":1e99}`,
	}
}

// ask sends lines to a new renderer and returns the responses.
func ask(t testing.TB, lines string) []Response {
	t.Helper()
	var out bytes.Buffer
	e := planner.New(planner.Options{Offline: true, Workers: 1, Limits: chart.Limits{Time: 200 * time.Millisecond, Bytes: 1 << 20}})
	if err := Serve(strings.NewReader(lines), &out, e); err != nil {
		t.Fatal(err)
	}
	var responses []Response
	for line := range strings.Lines(out.String()) {
		var response Response
		if err := json.Unmarshal([]byte(line), &response); err != nil {
			t.Fatalf("%q should be a response: %v", line, err)
		}
		responses = append(responses, response)
	}
	return responses
}

func TestServe_AnswersEveryRequest(t *testing.T) {
	for _, line := range seeds()[:6] {
		responses := ask(t, known+line+"\n")
		if last := responses[len(responses)-1]; len(responses) != 3 || last.Error != "" || last.ID != 3 || last.Result == nil {
			t.Errorf("%s should be answered, is %+v", line, responses)
		}
	}
}

// For any input, each line has one answer, a failure is a sentence, and the next request is understood.
func FuzzServe(f *testing.F) {
	for _, line := range seeds() {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		want := 3
		for part := range strings.SplitSeq(line, "\n") {
			if strings.TrimSpace(part) != "" {
				want++
			}
		}
		responses := ask(t, known+line+"\n"+`{"id":7,"op":"hello"}`+"\n")
		if len(responses) != want {
			t.Fatalf("%q should have %d answers, has %+v", line, want, responses)
		}
		for _, r := range responses {
			if strings.Contains(r.Error, "the renderer failed") {
				t.Errorf("%q: %s", line, r.Error)
			}
			if r.Error != "" && strings.TrimFunc(r.Error, unicode.IsSpace) == "" || r.Error == "" && r.Result == nil && len(r.Need) == 0 {
				t.Errorf("%q should have a result or a reason, has %+v", line, r)
			}
		}
		if last := responses[len(responses)-1]; last.ID != 7 || last.Error != "" {
			t.Errorf("after %q a request should be answered, is %+v", line, last)
		}
	})
}
