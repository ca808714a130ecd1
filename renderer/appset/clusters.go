package appset

import (
	"fmt"
	"sort"
)

// Cluster is a cluster Secret of Argo CD.
type Cluster struct {
	Name        string            `json:"name"`
	Server      string            `json:"server"`
	Project     string            `json:"project,omitempty"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// InCluster is the address under which Argo CD knows the cluster it runs in.
const InCluster = "https://kubernetes.default.svc"

// localCluster is the name of that cluster while it has no Secret.
const localCluster = "in-cluster"

// hiddenAnnotations are those of a cluster Secret that Argo CD or kubectl write for themselves; a template does not see them.
var hiddenAnnotations = map[string]bool{
	"argocd.argoproj.io/refresh":                       true,
	"argocd.argoproj.io/refresh-timestamp":             true,
	"argocd.argoproj.io/hydrate":                       true,
	"argocd.argoproj.io/hydrate-timestamp":             true,
	"argocd.argoproj.io/tracking-id":                   true,
	"argocd.argoproj.io/installation-id":               true,
	"kubectl.kubernetes.io/last-applied-configuration": true,
}

func visibleAnnotations(annotations map[string]string) map[string]string {
	out := make(map[string]string, len(annotations))
	for key, value := range annotations {
		if !hiddenAnnotations[key] {
			out[key] = value
		}
	}
	return out
}

// clusters evaluates a cluster generator. The cluster that Argo CD runs in is listed even without a Secret, but then it
// has no labels to select by.
func (g *generator) clusters(spec map[string]any) ([]set, error) {
	selector, err := parseSelector(spec["selector"])
	if err != nil {
		return nil, fmt.Errorf("error getting cluster secrets: %w", err)
	}
	secrets := g.source.Clusters
	hasLocal := false
	for _, cluster := range secrets {
		hasLocal = hasLocal || cluster.Server == InCluster
	}
	out := []map[string]any{}
	sorted := append([]Cluster(nil), secrets...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i].Name < sorted[j].Name })
	for _, cluster := range sorted {
		if !selector.matches(cluster.Labels) {
			continue
		}
		params := map[string]any{
			"name":           cluster.Name,
			"nameNormalized": sanitizeName(cluster.Name),
			"server":         cluster.Server,
			"project":        cluster.Project,
		}
		annotations := visibleAnnotations(cluster.Annotations)
		if g.goTemplate {
			meta := map[string]any{}
			if len(cluster.Annotations) > 0 {
				meta["annotations"] = annotations
			}
			if len(cluster.Labels) > 0 {
				meta["labels"] = cluster.Labels
			}
			params["metadata"] = meta
		} else {
			for key, value := range annotations {
				params["metadata.annotations."+key] = value
			}
			for key, value := range cluster.Labels {
				params["metadata.labels."+key] = value
			}
		}
		out = append(out, params)
	}
	if !hasLocal && len(selector) == 0 {
		out = append(out, map[string]any{"name": localCluster, "nameNormalized": localCluster, "server": InCluster, "project": ""})
	}
	for _, params := range out {
		if err := g.addValues(spec, params); err != nil {
			return nil, fmt.Errorf("error appending templated values for cluster: %w", err)
		}
	}
	if flat, _ := spec["flatList"].(bool); flat {
		return []set{{params: map[string]any{"clusters": out}}}, nil
	}
	sets := make([]set, len(out))
	for i := range out {
		sets[i].params = out[i]
	}
	return sets, nil
}
