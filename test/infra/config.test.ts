import assert from "node:assert/strict";
import { git, identity, settingsWith, tree } from "./support/source";
import type { Change } from "./support/refusal";
import type { KindSettings } from "../../infra/providers/kind/settings";
import type { Settings } from "../../infra/settings/settings";

function kindOf({ provider }: Settings): KindSettings {
  assert.equal(provider.name, "kind");
  return provider as KindSettings;
}

describe("settings of a stack", () => {
  it("come from cluster.yaml where nothing is set", () => {
    const settings = settingsWith();
    assert.equal(settings.identity.provider, "kind");
    assert.deepEqual(settings.provider, {
      name: "kind",
      clusterName: "onebranch-dev",
      nodeImage: "kindest/node:v1.36.4@sha256:099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed",
      loadImages: [],
      port: 18730,
      kubeconfigPath: "/checkout/.onebranch/kind/dev.kubeconfig",
    });
    assert.deepEqual(settings.repository, { url: "file:///repo", revision: "main", isCheckout: true });
    assert.equal(settings.pollSeconds, 5);
    assert.deepEqual(settings.argocd, {
      chart: "argo-cd",
      chartRepository: "https://argoproj.github.io/argo-helm",
      chartVersion: "10.10.2",
    });
  });

  it("count as not set when Pulumi fills in the declared defaults", () => {
    const config = { provider: "", from: "", kindPort: "0", kindLoadImages: "[]", pollSeconds: "0", argocdImage: "" };
    assert.deepEqual(settingsWith({ config }), settingsWith());
  });

  it("lower the capabilities to what the provider can give", () => {
    const { identity: lowered } = settingsWith({ config: { provider: "embedded" } });
    assert.equal(lowered.provider, "embedded");
    assert.deepEqual(lowered.capabilities, ["base"]);
  });

  it("follow the checkout on embedded, with what is not committed", () => {
    const change: Change = { config: { provider: "embedded" }, git: { ...git, dirty: ["gitops/x"] }, root: "/my tree" };
    const settings = settingsWith(change);
    assert.deepEqual(settings.repository, { url: "file:///my%20tree", revision: "main", isCheckout: true });
    assert.deepEqual(settings.dirty, ["gitops/x"]);
    assert.equal(settings.pollSeconds, 3);
  });

  it("have nothing to say about uncommitted files when another repository is followed", () => {
    const config = { provider: "embedded", repoURL: "https://git.example.org/x.git", revision: "v1" };
    const settings = settingsWith({ config, git: { ...git, dirty: ["gitops/x"] } });
    assert.deepEqual(settings.repository, { url: "https://git.example.org/x.git", revision: "v1", isCheckout: false });
    assert.deepEqual(settings.dirty, []);
  });

  it("follow HEAD when no branch is checked out", () => {
    assert.equal(settingsWith({ git: { ...git, branch: "HEAD" } }).repository.revision, "HEAD");
  });

  it("take the identity of another cluster for an ephemeral stack", () => {
    const settings = settingsWith({ stack: "pr-123", config: { from: "staging" } });
    assert.equal(settings.stack, "pr-123");
    assert.equal(settings.identity.name, "staging");
    assert.equal(kindOf(settings).clusterName, "onebranch-pr-123");
    assert.equal(settings.identity.domain, "pr-123.dev.us.example.org");
    assert.deepEqual(settings.lifetime, { from: "staging" });
  });

  it("let an ephemeral stack live until its end, whatever the time zone that it is written in", () => {
    const expires = "2026-03-04T20:00:00+02:00";
    const at = (now: string) => settingsWith({ stack: "pr-1", config: { from: "dev", expires }, now: new Date(now) });
    assert.deepEqual(at("2026-03-04T17:59:59Z").lifetime, { from: "dev", expires });
    assert.throws(() => at("2026-03-04T18:00:00Z"), /the time of pr-1 ran out less than a minute ago/);
  });

  it("keep the settings of the usual provider while another is asked for", () => {
    const config = { provider: "embedded", kindPort: "12345", argocdImage: "mirror.example.org/argocd:v3.5.4" };
    assert.equal(settingsWith({ config }).provider.name, "embedded");
  });

  it("let another node image bring another Kubernetes version", () => {
    const change: Change = {
      tree: tree({ clusters: new Map([["dev", identity({ kubernetesVersion: "1.34" })]]) }),
      config: { kindNodeImage: "mirror.example.org/node:v1.34.2" },
    };
    assert.equal(kindOf(settingsWith(change)).nodeImage, "mirror.example.org/node:v1.34.2");
  });

  it("read images and chart values for machines that cannot pull", () => {
    const settings = settingsWith({
      config: {
        argocdImage: "localhost:5000/argocd:v3.5.4",
        redisImage: `mirror/redis:8@sha256:${"a".repeat(64)}`,
        kindLoadImages: '["a:1","b:2"]',
        argocdValues: "lab.yaml",
      },
      files: { "lab.yaml": "dex:\n  enabled: true\n" },
    });
    assert.deepEqual(settings.argocd.image, { repository: "localhost:5000/argocd", tag: "v3.5.4" });
    assert.deepEqual(settings.argocd.redisImage, { repository: "mirror/redis", tag: `8@sha256:${"a".repeat(64)}` });
    assert.deepEqual(settings.argocd.values, { dex: { enabled: true } });
    assert.deepEqual(kindOf(settings).loadImages, ["a:1", "b:2"]);
  });
});
