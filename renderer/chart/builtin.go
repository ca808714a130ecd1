package chart

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"helm.sh/helm/v4/pkg/chart/common"
	"k8s.io/client-go/kubernetes/scheme"
)

// ownVersions are the versions of Argo CD's own API, and of two Kubernetes groups whose types are not in its client
// library.
var ownVersions = []string{
	"apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1/CustomResourceDefinition",
	"apiregistration.k8s.io/v1", "apiregistration.k8s.io/v1/APIService",
	"argoproj.io/v1alpha1", "argoproj.io/v1alpha1/AppProject", "argoproj.io/v1alpha1/Application", "argoproj.io/v1alpha1/ApplicationSet",
}

// unwatched kinds can be listed but not watched, or belong to discovery itself. Argo CD passes on only what it can watch.
var unwatched = map[string]bool{"v1/ComponentStatus": true, "v1/APIGroup": true}

var builtIn sync.Map

// BuiltIn lists the versions and kinds that a cluster with Argo CD serves without any third-party CRD, as Argo CD passes
// them to `helm template`: group/version and group/version/Kind of everything that can be listed and watched. Alpha and
// beta versions are left out, because a cluster serves them only if it is configured to.
func BuiltIn(kubeVersion string) []string {
	major, minor := 0, 0
	if version, err := common.ParseKubeVersion(kubeVersion); err == nil {
		major, minor = number(version.Major), number(version.Minor)
	}
	if known, ok := builtIn.Load([2]int{major, minor}); ok {
		return known.([]string)
	}
	types := scheme.Scheme.AllKnownTypes()
	out := slices.Clone(ownVersions)
	for gvk, goType := range types {
		version := gvk.GroupVersion().String()
		list := gvk.GroupVersion().WithKind(gvk.Kind + "List")
		if types[list] == nil || strings.Contains(gvk.Version, "alpha") || strings.Contains(gvk.Version, "beta") ||
			gvk.Version == "__internal" || unwatched[version+"/"+gvk.Kind] {
			continue
		}
		if since, ok := reflect.New(goType).Interface().(interface{ APILifecycleIntroduced() (int, int) }); ok && minor > 0 {
			if a, b := since.APILifecycleIntroduced(); a > major || a == major && b > minor {
				continue
			}
		}
		out = append(out, version, version+"/"+gvk.Kind)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	builtIn.Store([2]int{major, minor}, out)
	return out
}

func number(text string) int {
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			break
		}
		n = n*10 + int(r-'0')
	}
	return n
}
