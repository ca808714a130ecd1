package planner

import (
	"maps"
	"strings"
	"testing"

	"onebranch.dev/renderer/appset"
)

const overlaid = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"

// overlayTree is an app with a base, overlays of two stages and of a region, and a file of another app.
func overlayTree() map[string]string {
	patch := func(data string) string {
		return overlaid + "patches:\n- patch: |\n    " + strings.ReplaceAll(configMap("settings", data), "\n", "\n    ") + "\n"
	}
	return map[string]string{
		"gitops/apps/shop/base/1.0.0/kustomization.yaml":          "resources: [app, settings.yaml]\n",
		"gitops/apps/shop/base/1.0.0/settings.yaml":               configMap("settings", "base: base\n  where: base"),
		"gitops/apps/shop/base/1.0.0/app/kustomization.yaml":      "resources: [pod.yaml]\nnamePrefix: the-\n",
		"gitops/apps/shop/base/1.0.0/app/pod.yaml":                "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec: {containers: [{name: shop, image: example.com/shop}]}\n",
		"gitops/apps/shop/stages/dev/overlay/kustomization.yaml":  patch("stage: dev\n  where: stage"),
		"gitops/apps/shop/stages/prod/overlay/kustomization.yaml": patch("stage: prod\n  where: stage"),
		"gitops/apps/shop/regions/eu/overlay/kustomization.yaml":  patch("region: eu\n  where: region"),
		"gitops/apps/other/base/1.0.0/kustomization.yaml":         "resources: []\n",
		"gitops/apps/other/base/1.0.0/secret.yaml":                configMap("secret", "of: another"),
	}
}

func shop(overlays ...string) *Expanded {
	return application("shop", appset.Source{Path: "gitops/apps/shop/base/1.0.0", Kustomize: &appset.Kustomize{
		Components: overlays, Images: []string{"example.com/shop:2.0.0"},
	}})
}

func TestOverlaysLieOverTheBaseInTheirOrder(t *testing.T) {
	f := newFixture(t, Options{}, overlayTree())
	got := texts(f.mustRender(shop("../../stages/dev/overlay", "../../regions/eu/overlay"), Cluster{}))
	for _, want := range []string{`"base":"base"`, `"stage":"dev"`, `"where":"region"`, `"name":"the-shop"`, `"image":"example.com/shop:2.0.0"`} {
		if !strings.Contains(got, want) {
			t.Errorf("should have %s, is %s", want, got)
		}
	}
}

func TestAnOverlayReadsNothingElse(t *testing.T) {
	for name, c := range map[string]struct{ content, says string }{
		"another stage":     {"components: [../../prod/overlay]\n", "names ../../prod/overlay, which is not in the base or the overlays of this component here"},
		"the base above it": {"resources: [../../../../other/base/1.0.0]\n", "names ../../../../other/base/1.0.0, which is not"},
		"a file elsewhere":  {"patches: [{path: ../../../../other/base/1.0.0/secret.yaml, target: {kind: Pod}}]\n", "other/base/1.0.0/secret.yaml"},
		"a generated file":  {"configMapGenerator: [{name: a, files: [../../../../other/base/1.0.0/secret.yaml]}]\n", "other/base/1.0.0/secret.yaml"},
		"another machine":   {"resources: ['https://example.com/a.yaml']\n", "names https://example.com/a.yaml, which is not in the tree"},
		"another branch":    {"components: ['https://example.com/a.git?ref=b']\n", "which is not in the tree"},
		"a chart":           {"helmCharts: [{name: a, repo: 'https://example.com'}]\n", "inflates Helm charts"},
		"a program":         {"generators: [exec.yaml]\n", "external plugins disabled"},
	} {
		t.Run(name, func(t *testing.T) {
			files := overlayTree()
			files["gitops/apps/shop/stages/dev/overlay/kustomization.yaml"] = overlaid + c.content
			files["gitops/apps/shop/stages/dev/overlay/exec.yaml"] = "apiVersion: v1\nkind: Evil\nmetadata:\n  name: a\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./run.sh}\n"
			f := newFixture(t, Options{}, files)
			_, err := f.render(shop("../../stages/dev/overlay"), Cluster{})
			if err == nil || isNotEvaluated(err) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("should fail with %q, does with %v", c.says, err)
			}
		})
	}
}

func TestAnOverlayThatIsMissingFails(t *testing.T) {
	f := newFixture(t, Options{}, overlayTree())
	if _, err := f.render(shop("../../stages/staging/overlay"), Cluster{}); err == nil || !strings.Contains(err.Error(), "stages/staging/overlay does not exist") {
		t.Errorf("should say what is missing, says %v", err)
	}
}

func TestOnlyItsOwnDirectoriesDecideABuild(t *testing.T) {
	key := func(files map[string]string) string {
		f := newFixture(t, Options{}, files)
		return f.mustRender(shop("../../stages/dev/overlay"), Cluster{}).Key
	}
	before := key(overlayTree())
	for path, same := range map[string]bool{
		"gitops/apps/shop/stages/prod/overlay/kustomization.yaml": true,
		"gitops/apps/shop/regions/eu/overlay/kustomization.yaml":  true,
		"gitops/apps/shop/stages/dev/pin.yaml":                    true,
		"gitops/apps/shop/stages/dev/overlay/more.yaml":           false,
		"gitops/apps/shop/base/1.0.0/more.yaml":                   false,
	} {
		files := maps.Clone(overlayTree())
		files[path] = overlaid + "# changed\n"
		if is := key(files) == before; is != same {
			t.Errorf("%s: the same build: should be %v, is %v", path, same, is)
		}
	}
}

func TestWhatAnOverlayReadsIsKnownByItsPaths(t *testing.T) {
	f := newFixture(t, Options{}, overlayTree())
	r, known := readsOf(f.tree, shop("../../stages/dev/overlay"))
	want := "gitops/apps/shop/base/1.0.0 gitops/apps/shop/stages/dev/overlay"
	if got := strings.Join(r.dirs, " "); !known || got != want {
		t.Errorf("should read %s, reads %s (%v)", want, got, known)
	}
}
