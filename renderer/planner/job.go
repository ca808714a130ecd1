package planner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"sigs.k8s.io/yaml"

	"onebranch.dev/renderer/appset"
	"onebranch.dev/renderer/chart"
	"onebranch.dev/renderer/tree"
)

// job is one source of one Application, with every input of its render known; key identifies the inputs.
type job struct {
	kind    sourceType
	app     *appset.Application
	source  *appset.Source
	env     *environment
	tree    *loaded
	cluster *Cluster
	key     string
	label   string

	// unknown is why it cannot be rendered offline; even then its key is known.
	unknown error

	chart       func() (*chart.Prepared, error)
	values      []valueSource
	parameters  []appset.Parameter
	files       []appset.FileParameter
	options     chart.Options
	fileContent map[string]string
}

// valueSource is one values file or inline text, identified by its content.
type valueSource struct {
	path, oid string
	data      []byte
}

// plan finds every input of a source without rendering it.
func (e *Planner) plan(t *loaded, c *Cluster, app *appset.Application, source *appset.Source) (*job, error) {
	var err error
	k := sha256.New()
	add := func(parts ...string) {
		for _, part := range parts {
			fmt.Fprintf(k, "%d:%s", len(part), part)
		}
	}
	j := &job{app: app, source: source, tree: t, cluster: c, env: newEnvironment(t, app, source)}
	if source.Chart == "" {
		if err := sameRepository(t, source); err != nil {
			data, _ := json.Marshal(source)
			add(string(data))
			j.unknown, j.key = err, hex.EncodeToString(k.Sum(nil))
			return j, nil
		}
	}
	j.source = source
	if j.kind, err = typeOf(t, source); err != nil {
		return nil, err
	}
	add(Version, HelmVersion, fmt.Sprint(j.kind), app.Metadata.Name, app.Spec.Destination.Namespace)
	switch j.kind {
	case helmSource:
		err = e.planHelm(j, add)
	case kustomizeSource:
		err = e.planKustomize(j, add)
	case directorySource:
		err = e.planDirectory(j, add)
	default:
		j.unknown = notEvaluated("it is made by a config management plugin")
		err = planPlugin(j, add)
	}
	var unknown *NotEvaluated
	if errors.As(err, &unknown) {
		j.unknown, err = unknown, nil
		data, _ := json.Marshal(source)
		add(string(data))
	}
	if err != nil {
		return nil, err
	}
	if j.env.revision {
		add(t.Revision)
	}
	j.key = hex.EncodeToString(k.Sum(nil))
	return j, nil
}

func planPlugin(j *job, add func(...string)) error {
	hash, err := j.tree.Hash(j.source.Path)
	data, _ := json.Marshal(j.source)
	add(hash, string(data))
	return err
}

func (e *Planner) planHelm(j *job, add func(...string)) error {
	helm := j.source.Helm
	if helm == nil {
		helm = &appset.Helm{}
	}
	identity, prepared, err := e.charts.find(j.tree, j.source)
	if err != nil {
		return err
	}
	j.chart = prepared
	j.label = chartLabel(j.source)
	add(identity)
	if err := e.planValues(j, helm, add); err != nil {
		return err
	}
	j.parameters = uniqueParameters(helm.Parameters)
	for i := range j.parameters {
		p := &j.parameters[i]
		p.Value = j.env.expand(p.Value)
		add("parameter", p.Name, p.Value, fmt.Sprint(p.ForceString))
	}
	j.options = chart.Options{
		Release:              first(helm.ReleaseName, j.app.Metadata.Name),
		Namespace:            first(helm.Namespace, j.app.Spec.Destination.Namespace),
		KubeVersion:          first(helm.KubeVersion, threeParts(j.cluster.KubeVersion)),
		APIVersions:          j.cluster.APIVersions,
		SkipCRDs:             helm.SkipCrds,
		SkipTests:            helm.SkipTests,
		SkipSchemaValidation: helm.SkipSchemaValidation,
		Limits:               e.limits,
	}
	if len(helm.APIVersions) > 0 {
		j.options.APIVersions = helm.APIVersions
	} else if e.mentionOfSource(j.tree, j.source).asks || e.valuesAsk(j) {
		if j.options.APIVersions, err = e.apiVersions(j.tree, j.cluster, j.options.KubeVersion); err != nil {
			return err
		}
	}
	o := j.options
	if err := chartutil.ValidateReleaseName(o.Release); err != nil {
		return fmt.Errorf("release name %q: %w", o.Release, err)
	}
	add(o.Release, o.Namespace, o.KubeVersion, strings.Join(o.APIVersions, ","), fmt.Sprint(o.SkipCRDs, o.SkipTests, o.SkipSchemaValidation))
	return nil
}

// threeParts adds a patch release to a minor version. Every Helm of Argo CD sees three parts: Helm 3 adds the 0, and Argo CD 3.3.3
// and later pass the cluster's own patch release, which no file of the tree states.
func threeParts(version string) string {
	if strings.Count(version, ".") == 1 {
		return version + ".0"
	}
	return version
}

func (e *Planner) planValues(j *job, helm *appset.Helm, add func(...string)) error {
	if err := e.planValueFiles(j, helm, add); err != nil {
		return err
	}
	inline := []byte(helm.Values)
	if len(helm.ValuesObject) > 0 {
		var err error
		if inline, err = yaml.JSONToYAML(helm.ValuesObject); err != nil {
			return err
		}
	}
	if len(inline) > 0 {
		sum := sha256.Sum256(inline)
		j.values = append(j.values, valueSource{"values of the Application", "inline:" + hex.EncodeToString(sum[:]), inline})
		add("inline", string(inline))
	}
	j.fileContent = map[string]string{}
	for _, p := range helm.FileParameters {
		file, err := resolveValueFile(j.tree, j.app, j.source, j.env, p.Path)
		if err != nil {
			return err
		}
		data, err := j.tree.Read(file)
		if err != nil {
			return err
		}
		j.files = append(j.files, p)
		j.fileContent[p.Name] = string(data)
		add("set-file", p.Name, string(data))
	}
	return nil
}

func (e *Planner) planValueFiles(j *job, helm *appset.Helm, add func(...string)) error {
	if len(helm.ValueFiles) == 0 {
		return nil
	}
	for _, file := range valueFilesOf(j.tree, j.app, j.source, j.env) {
		var nothing *noMatchError
		if errors.As(file.fault, &nothing) && helm.IgnoreMissingValueFiles {
			continue
		}
		if file.fault != nil {
			return file.fault
		}
		_, entry, err := j.tree.Resolve(file.path)
		var absent *tree.NotFound
		if errors.As(err, &absent) {
			if helm.IgnoreMissingValueFiles {
				continue
			}
			return fmt.Errorf("open %s: no such file or directory", file.path)
		}
		if err != nil {
			return err
		}
		if entry == nil {
			return fmt.Errorf("read %s: is a directory", file.path)
		}
		data, err := j.tree.Content(entry)
		if err != nil {
			return err
		}
		j.values = append(j.values, valueSource{file.path, entry.OID, data})
		add("file", entry.OID)
	}
	return nil
}

func first(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

func chartLabel(source *appset.Source) string {
	if source.Chart != "" {
		return source.Chart + " " + source.TargetRevision
	}
	return source.Path
}
