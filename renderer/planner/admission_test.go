package planner

import (
	"encoding/json"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
)

const admissionOfProd = `{
	"labels": {"stage": "prod"}, "componentLabel": "component", "server": "https://here", "bootstrap": "bootstrap",
	"parameters": ["revision"], "valueFiles": ["/gitops/apps/{component}/values.yaml", "/gitops/stages/prod.yaml"],
	"reasons": {"labels": "labels", "component": "component", "destination": "destination", "project": "project",
		"hydrator": "hydrator", "inline": "inline", "parameters": "parameters", "files": "files"}
}`

func TestAdmission(t *testing.T) {
	admission := &Admission{}
	if err := json.Unmarshal([]byte(admissionOfProd), admission); err != nil {
		t.Fatal(err)
	}
	helm := func(text string) string { return `"source": {"repoURL": "r", "path": "p", "helm": {` + text + `}}` }
	for _, c := range []struct{ title, name, labels, spec, want string }{
		{"as the tree makes it", "orders", "", helm(`"valueFiles": ["/gitops/apps/orders/values.yaml", "/gitops/stages/prod.yaml"]`), ""},
		{"values behind a reference", "orders", "", helm(`"valueFiles": ["$values/gitops/apps/orders/values.yaml"]`), ""},
		{"no Helm", "orders", "", `"source": {"repoURL": "r", "path": "p"}`, ""},
		{"another stage", "orders", `"stage": "dev"`, "", "labels"},
		{"another component", "orders", `"component": "other"`, "", "component"},
		{"a name that is no label", "or.ders", "", "", "component"},
		{"another cluster", "orders", "", `"destination": {"server": "https://there"}`, "destination"},
		{"a cluster by name too", "orders", "", `"destination": {"server": "https://here", "name": "x"}`, "destination"},
		{"the project default", "orders", "", `"project": "default"`, "project"},
		{"the project of bootstrap", "orders", "", `"project": "bootstrap"`, "project"},
		{"a hydrator", "orders", "", `"sourceHydrator": {}`, "hydrator"},
		{"values", "orders", "", helm(`"values": "a: 1"`), "inline"},
		{"values of a second source", "orders", "", `"sources": [{"repoURL": "r", "ref": "values", "helm": {"valuesObject": {"a": 1}}}]`, "inline"},
		{"a parameter", "orders", "", helm(`"parameters": [{"name": "revision", "value": "1"}]`), "parameters"},
		{"a parameter that bootstrap does not have", "bootstrap", "", `"project": "bootstrap",` + helm(`"parameters": [{"name": "x", "value": "1"}]`), "parameters"},
		{"bootstrap", "bootstrap", "", `"project": "bootstrap",` + helm(`"parameters": [{"name": "revision", "value": "1"}]`), ""},
		{"the values of another component", "orders", "", helm(`"valueFiles": ["/gitops/apps/guests/values.yaml"]`), "files: /gitops/apps/guests/values.yaml"},
		{"the values of another stage", "orders", "", helm(`"valueFiles": ["/gitops/stages/dev.yaml"]`), "files: /gitops/stages/dev.yaml"},
		{"another reference", "orders", "", helm(`"valueFiles": ["$other/gitops/stages/prod.yaml"]`), "files: $other/gitops/stages/prod.yaml"},
	} {
		t.Run(c.title, func(t *testing.T) {
			app := &appset.Application{}
			app.Metadata = appset.Metadata{Name: c.name, Labels: map[string]string{"stage": "prod", "component": c.name}}
			app.Spec = appset.Spec{Project: "shop", Destination: appset.Destination{Server: "https://here"}}
			for _, part := range []struct {
				text string
				into any
			}{{c.labels, &app.Metadata.Labels}, {c.spec, &app.Spec}} {
				if err := json.Unmarshal([]byte("{"+part.text+"}"), part.into); err != nil {
					t.Fatal(err)
				}
			}
			if got := strings.TrimPrefix(admission.refusal(app), "admission refuses it: "); got != c.want {
				t.Errorf("should be %q, is %q", c.want, got)
			}
		})
	}
	var none *Admission
	if got := none.refusal(&appset.Application{}); got != "" {
		t.Errorf("without a policy everything is let in, is %q", got)
	}
}
