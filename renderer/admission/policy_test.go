package admission

import (
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
)

// rules are enough to test the machinery; test/model/admission/applications.test.ts uses the real ones.
var rules = &Rules{
	Variables: []Variable{
		{"labels", "has(object.metadata.labels) ? object.metadata.labels : {}"},
		{"files", "['/' + object.metadata.name + '/' + variables.scope.stage]"},
	},
	Rules: []Rule{
		{Expression: "'stage' in variables.labels && variables.labels['stage'] == variables.scope.stage", Message: "stage"},
		{Expression: "!(object.spec.project in ['', 'default'])", Message: "project"},
		{Expression: "!has(object.spec.source.helm) || !has(object.spec.source.helm.values)", Message: "values"},
		{
			Expression: "!has(object.spec.source.helm) || object.spec.source.helm.valueFiles.all(f, f.substring(0) in variables.files)",
			Message:    "files",
			Subject:    "object.spec.source.helm.valueFiles.filter(f, !(f in variables.files))[0]",
		},
	},
}

func judgeOf(t *testing.T, rules *Rules, scope Scope) *Judge {
	t.Helper()
	judge, err := New(rules).Judge(scope)
	if err != nil {
		t.Fatal(err)
	}
	return judge
}

func application(change func(app *appset.Application)) *appset.Application {
	app := &appset.Application{
		Metadata: appset.Metadata{Name: "orders", Labels: map[string]string{"stage": "prod"}},
		Spec:     appset.Spec{Project: "shop", Source: &appset.Source{Helm: &appset.Helm{ValueFiles: []string{"/orders/prod"}}}},
	}
	change(app)
	return app
}

func TestRefusal(t *testing.T) {
	judge := judgeOf(t, rules, Scope{"stage": "prod"})
	for want, change := range map[string]func(app *appset.Application){
		"":        func(*appset.Application) {},
		"stage":   func(app *appset.Application) { app.Metadata.Labels["stage"] = "dev" },
		"project": func(app *appset.Application) { app.Spec.Project = "default" },
		"values":  func(app *appset.Application) { app.Spec.Source.Helm.Values = "a: 1" },
		"files: /guest/dev": func(app *appset.Application) {
			app.Spec.Source.Helm.ValueFiles = []string{"/orders/prod", "/guest/dev"}
		},
	} {
		got := judge.Refusal(application(change))
		if strings.TrimPrefix(got, "admission refuses it: ") != want {
			t.Errorf("should be %q, is %q", want, got)
		}
	}
}

func TestTheFirstRuleThatIsBrokenCounts(t *testing.T) {
	app := application(func(app *appset.Application) { app.Metadata.Labels, app.Spec.Project = nil, "default" })
	if got := judgeOf(t, rules, Scope{"stage": "prod"}).Refusal(app); got != "admission refuses it: stage" {
		t.Errorf("is %q", got)
	}
}

func TestObjectsAreJudgedAsTheyStand(t *testing.T) {
	judge := judgeOf(t, rules, Scope{"stage": "prod"})
	source := map[string]any{"helm": map[string]any{"values": "", "valueFiles": []any{"/orders/prod"}}}
	object := map[string]any{
		"metadata": map[string]any{"name": "orders", "labels": map[string]any{"stage": "prod"}},
		"spec":     map[string]any{"project": "shop", "source": source},
	}
	// A typed Application would lose the empty text.
	if got := judge.Refusal(object); got != "admission refuses it: values" {
		t.Errorf("is %q", got)
	}
}

func TestARuleThatCannotBeEvaluatedRefuses(t *testing.T) {
	judge := judgeOf(t, rules, Scope{"stage": "prod"})
	for name, object := range map[string]map[string]any{
		"a missing key":                {"metadata": map[string]any{"labels": map[string]any{"stage": "prod"}}, "spec": map[string]any{}},
		"a variable that has no value": {"spec": map[string]any{}},
		"a label that is not a text":   {"metadata": map[string]any{"labels": 1}},
	} {
		if got := judge.Refusal(object); !strings.Contains(got, "the rule cannot be evaluated: ") {
			t.Errorf("%s: is %q", name, got)
		}
	}
	if got := judgeOf(t, rules, Scope{"region": "eu"}).Refusal(application(func(*appset.Application) {})); !strings.Contains(got, "no such key: stage") {
		t.Errorf("a scope that lacks the stage: is %q", got)
	}
}

func TestEverythingIsLetInWithoutAPolicyOrAScope(t *testing.T) {
	var none *Policy
	judge, err := none.Judge(Scope{"stage": "prod"})
	if got := judge.Refusal(application(func(*appset.Application) {})); got != "" || err != nil {
		t.Errorf("without a policy: %q, %v", got, err)
	}
	if got := judgeOf(t, rules, nil).Refusal(&appset.Application{}); got != "" {
		t.Errorf("without a scope: %q", got)
	}
}

func TestRulesThatAreWrongAreReported(t *testing.T) {
	for want, wrong := range map[string]Rules{
		"the variable a of the admission policy":     {Variables: []Variable{{"a", "1 +"}}},
		`the rule "b" of the admission policy`:       {Rules: []Rule{{Expression: "nothing.is.known", Message: "b"}}},
		"it should make a bool, makes a string":      {Rules: []Rule{{Expression: "'text'", Message: "c"}}},
		`the subject of the rule "d"`:                {Rules: []Rule{{Expression: "true", Message: "d", Subject: "variables.none"}}},
		"the variable early of the admission policy": {Variables: []Variable{{"early", "variables.later"}, {"later", "1"}}},
	} {
		_, err := New(&wrong).Judge(Scope{"stage": "prod"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("should be %q, is %v", want, err)
		}
	}
}

func TestEqualRulesHaveEqualDigests(t *testing.T) {
	if a, b := New(rules).Digest(), New(&Rules{}).Digest(); a != New(rules).Digest() || a == b {
		t.Errorf("digests %s and %s", a, b)
	}
}
