package podsecurity

import (
	"strings"
	"testing"
)

const (
	plain = `{"containers":[{"name":"web","image":"a"}]}`
	good  = `{"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},"containers":[{"name":"web","image":"a","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}`
	host  = `{"hostNetwork":true,"containers":[{"name":"web","image":"a"}],"volumes":[{"name":"v","hostPath":{"path":"/"}}]}`
)

func TestRefusal(t *testing.T) {
	workload := func(apiVersion, kind, spec string) string {
		return `{"apiVersion":"` + apiVersion + `","kind":"` + kind + `","spec":{"template":{"spec":` + spec + `}}}`
	}
	cases := []struct {
		name, level, object string
		want                []string
	}{
		{"a plain pod in a privileged namespace", "privileged", `{"apiVersion":"v1","kind":"Pod","spec":` + host + `}`, nil},
		{"a plain pod in a baseline namespace", "baseline", `{"apiVersion":"v1","kind":"Pod","spec":` + plain + `}`, nil},
		{"a careful pod in a restricted namespace", "restricted", workload("apps/v1", "Deployment", good), nil},
		{"a plain pod in a restricted namespace", "restricted", workload("apps/v1", "StatefulSet", plain),
			[]string{"allowPrivilegeEscalation != false", `container "web"`, "runAsNonRoot != true", "seccompProfile"}},
		{"the node's network and files in a baseline namespace", "baseline", workload("apps/v1", "DaemonSet", host),
			[]string{"host namespaces (hostNetwork=true)", `hostPath volumes (volume "v")`}},
		{"a pod of a cron job", "restricted", `{"apiVersion":"batch/v1","kind":"CronJob","spec":{"jobTemplate":{"spec":{"template":{"spec":` + plain + `}}}}}`,
			[]string{"runAsNonRoot != true"}},
		{"a rollout", "restricted", workload("argoproj.io/v1alpha1", "Rollout", plain), []string{"runAsNonRoot != true"}},
		{"a job of another group, whose template is a list", "restricted", `{"apiVersion":"batch.example.com/v1","kind":"Job","spec":{"template":[]}}`, nil},
		{"an object that makes no pods", "restricted", `{"kind":"Service","spec":{"template":7}}`, nil},
		{"a workload without a template", "restricted", `{"apiVersion":"apps/v1","kind":"Deployment","spec":{}}`, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Level{c.level, "1.36"}.Refusal([]byte(c.object))
			if err != nil {
				t.Fatal(err)
			}
			if (got == "") != (len(c.want) == 0) {
				t.Fatalf("got %q", got)
			}
			for _, part := range c.want {
				if !strings.Contains(got, part) {
					t.Errorf("%q is missing in %q", part, got)
				}
			}
		})
	}
}

// A pod with a host's name in its probe is refused from 1.34 on.
func TestRefusal_IsThatOfTheVersion(t *testing.T) {
	object := []byte(`{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"web","image":"a","livenessProbe":{"httpGet":{"host":"elsewhere","port":80}}}]}}`)
	for version, refused := range map[string]bool{"1.33": false, "1.36": true} {
		got, err := Level{"baseline", version}.Refusal(object)
		if err != nil || (got != "") != refused {
			t.Errorf("%s: %q, %v", version, got, err)
		}
	}
}

func TestRefusal_SaysWhatItCannotRead(t *testing.T) {
	if _, err := (Level{"restricted", "1.36"}).Refusal([]byte(`{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"spec":{"containers":"none"}}}}`)); err == nil || !strings.Contains(err.Error(), "the pods of this Deployment cannot be read") {
		t.Errorf("%v", err)
	}
	for _, level := range []Level{{"strict", "1.36"}, {"restricted", "new"}} {
		if _, err := level.Refusal([]byte(`{"apiVersion":"v1","kind":"Pod"}`)); err == nil {
			t.Errorf("%v is a level", level)
		}
	}
}
