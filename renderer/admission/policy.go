// Package admission judges Applications by the CEL rules that each cluster's API server enforces.
package admission

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	"k8s.io/apimachinery/pkg/runtime"
)

// Rules are the policy as model/admission writes it; each API server's policy is made from the same rules.
type Rules struct {
	// Variables are evaluated at most once for each Application; later expressions read them as variables.<name>.
	Variables []Variable `json:"variables"`
	Rules     []Rule     `json:"rules"`
}

// Variable is a named expression.
type Variable struct {
	Name       string `json:"name"`
	Expression string `json:"expression"`
}

// Rule is an expression that is true for every Application that is admitted.
type Rule struct {
	Expression string `json:"expression"`
	// Message says why an Application is refused if the expression is false.
	Message string `json:"message"`
	// Subject, unless it is empty, is an expression that names what exactly is refused.
	Subject string `json:"subject,omitempty"`
}

// Scope holds what differs between clusters: expressions read it as variables.scope.
type Scope map[string]string

// Policy is compiled once for all clusters.
type Policy struct {
	digest   string
	compiled func() (*programs, error)
}

type programs struct {
	variables []cel.Program
	// numbers maps the names of the variables to their indices.
	numbers map[string]int
	rules   []rule
}

type rule struct {
	holds, subject cel.Program
	message        string
}

const (
	objectName   = "object"
	oldName      = "oldObject"
	requestName  = "request"
	scopeName    = "variables.scope"
	variableName = "variables."
)

// creation is the request that every Application is judged as. No user asks: it comes from Git.
var creation = map[string]any{"operation": "CREATE", "userInfo": map[string]any{"username": ""}}

// New compiles rules in the background, because Applications are judged only after the trees are read.
func New(rules *Rules) *Policy {
	data, err := json.Marshal(rules)
	sum := sha256.Sum256(data)
	p := &Policy{digest: hex.EncodeToString(sum[:]), compiled: sync.OnceValues(func() (*programs, error) {
		if err != nil {
			return nil, err
		}
		return compile(rules)
	})}
	go p.compiled()
	return p
}

// Digest identifies the rules: it is equal for equal rules.
func (p *Policy) Digest() string {
	if p == nil {
		return ""
	}
	return p.digest
}

// environment has the options of the API server's own (k8s.io/apiserver/pkg/cel/environment), but only the string library
// of its functions: a rule that uses any other function does not compile here. docs/decisions/0011 says why that package
// is not used.
func environment() (*cel.Env, error) {
	return cel.NewEnv(
		cel.HomogeneousAggregateLiterals(),
		cel.DefaultUTCTimeZone(true),
		cel.CrossTypeNumericComparisons(true),
		cel.OptionalTypes(),
		ext.Strings(ext.StringsVersion(2)),
		cel.Variable(objectName, cel.DynType),
		cel.Variable(oldName, cel.DynType),
		cel.Variable(requestName, cel.DynType),
		cel.Variable(scopeName, cel.MapType(cel.StringType, cel.StringType)),
	)
}

func compile(rules *Rules) (*programs, error) {
	env, err := environment()
	if err != nil {
		return nil, err
	}
	p := &programs{numbers: map[string]int{}}
	for i, v := range rules.Variables {
		program, made, err := programOf(env, v.Expression)
		if err != nil {
			return nil, fmt.Errorf("the variable %s of the admission policy: %w", v.Name, err)
		}
		p.variables = append(p.variables, program)
		p.numbers[variableName+v.Name] = i
		if env, err = env.Extend(cel.Variable(variableName+v.Name, made)); err != nil {
			return nil, err
		}
	}
	for _, r := range rules.Rules {
		holds, made, err := programOf(env, r.Expression)
		if err == nil && !made.IsExactType(cel.BoolType) {
			err = fmt.Errorf("it should make a bool, makes a %s", made)
		}
		if err != nil {
			return nil, fmt.Errorf("the rule %q of the admission policy: %w", r.Message, err)
		}
		compiled := rule{holds: holds, message: r.Message}
		if r.Subject != "" {
			if compiled.subject, _, err = programOf(env, r.Subject); err != nil {
				return nil, fmt.Errorf("the subject of the rule %q of the admission policy: %w", r.Message, err)
			}
		}
		p.rules = append(p.rules, compiled)
	}
	return p, nil
}

func programOf(env *cel.Env, expression string) (cel.Program, *cel.Type, error) {
	ast, issues := env.Compile(expression)
	if err := issues.Err(); err != nil {
		return nil, nil, err
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	return program, ast.OutputType(), err
}

// Judge judges the Applications of one cluster.
type Judge struct {
	*programs
	scope Scope
}

// Judge returns the judge of one cluster. It is nil, and admits everything, if there is no policy or the cluster has no
// scope.
func (p *Policy) Judge(scope Scope) (*Judge, error) {
	if p == nil || len(scope) == 0 {
		return nil, nil
	}
	compiled, err := p.compiled()
	if err != nil {
		return nil, err
	}
	return &Judge{compiled, scope}, nil
}

// Refusal is why the API server refuses an Application: the first rule that it breaks, or an empty text. The Application
// is a JSON object, or a pointer to a struct that encodes to one.
func (j *Judge) Refusal(application any) string {
	if j == nil {
		return ""
	}
	object, err := jsonObject(application)
	if err != nil {
		return fmt.Sprintf("admission cannot judge it: %s", err)
	}
	a := &activation{Judge: j, object: object, values: make([]any, len(j.variables))}
	for _, rule := range j.rules {
		holds, _, err := rule.holds.Eval(a)
		if err == nil && holds == types.True {
			continue
		}
		reason := "admission refuses it: " + rule.message
		if err != nil {
			// The policy fails closed.
			return fmt.Sprintf("%s (the rule cannot be evaluated: %s)", reason, err)
		}
		if rule.subject != nil {
			if subject, _, err := rule.subject.Eval(a); err == nil {
				return fmt.Sprintf("%s: %v", reason, subject.Value())
			}
		}
		return reason
	}
	return ""
}

// jsonObject converts an object in the same way as the API server does for its policies.
func jsonObject(application any) (map[string]any, error) {
	if object, is := application.(map[string]any); is {
		return object, nil
	}
	return runtime.DefaultUnstructuredConverter.ToUnstructured(application)
}

// activation is what the expressions see for one Application.
type activation struct {
	*Judge
	object map[string]any
	values []any
}

// ResolveName finds a variable, and evaluates it at its first use.
func (a *activation) ResolveName(name string) (any, bool) {
	switch name {
	case objectName:
		return a.object, true
	case oldName:
		return nil, true
	case requestName:
		return creation, true
	case scopeName:
		return map[string]string(a.scope), true
	}
	number, known := a.numbers[name]
	if !known {
		return nil, false
	}
	if a.values[number] == nil {
		value, _, err := a.variables[number].Eval(a)
		if err != nil {
			value = types.WrapErr(err)
		}
		a.values[number] = value
	}
	return a.values[number], true
}

// Parent is nil: an activation has all names itself.
func (a *activation) Parent() cel.Activation { return nil }
