import assert from "node:assert/strict";
import { leftoverRevisions, refuseForeign, removeRelease } from "../../../infra/argocd/release-guard";
import type { StateResource } from "../../../model/deployment";
import { PaperCluster } from "../support/paper-cluster";

const inputs = { stack: "dev", release: "argocd", namespace: "argocd" };
const recorded: StateResource[] = [{ type: "kubernetes:helm.sh/v3:Release", urn: "u" }];
const state = (resources: StateResource[] | undefined) => () => Promise.resolve(resources);

function cluster(...revisions: [version: number, status: string][]): PaperCluster {
  const paper = new PaperCluster();
  for (const [version, status] of revisions) {
    const labels = { owner: "helm", name: "argocd", version: String(version), status };
    paper.add(`/api/v1/namespaces/argocd/secrets/sh.helm.release.v1.argocd.v${version}`, { metadata: { labels } });
  }
  paper.add("/api/v1/namespaces/argocd/secrets/other", { metadata: { labels: { owner: "helm", name: "other" } } });
  return paper;
}

describe("revisions that a killed up left", () => {
  const cases: [title: string, paper: PaperCluster, known: StateResource[] | undefined, expected: number[]][] = [
    ["none where Helm knows nothing", cluster(), [], []],
    ["none of a release that Pulumi knows", cluster([1, "superseded"], [2, "deployed"]), recorded, []],
    ["an installation that was cut off", cluster([1, "pending-install"]), [], [1]],
    ["only the upgrade that was cut off", cluster([2, "pending-upgrade"], [1, "deployed"]), recorded, [2]],
    ["only the tenth revision, not the second", cluster([2, "deployed"], [10, "pending-upgrade"]), recorded, [10]],
    ["a release that Helm finished and Pulumi never noted", cluster([1, "deployed"]), [], [1]],
    ["a failed release that Pulumi never noted", cluster([1, "failed"]), [], [1]],
    ["none of a failed release that Pulumi knows", cluster([1, "failed"]), recorded, []],
    ["none when the state cannot be read", cluster([1, "deployed"]), undefined, []],
  ];
  for (const [title, paper, known, expected] of cases) {
    it(`are ${title}`, async () => {
      const names = expected.map((version) => `sh.helm.release.v1.argocd.v${version}`);
      assert.deepEqual(await leftoverRevisions(paper, inputs, state(known)), names);
      assert.deepEqual(paper.changes, []);
    });
  }

  it("are found without the state when they are pending", async () => {
    await leftoverRevisions(cluster([1, "pending-install"]), inputs, () => assert.fail("asked"));
  });
});

describe("a namespace with another Argo CD", () => {
  const labels = { "app.kubernetes.io/part-of": "argocd" };

  it("is refused", async () => {
    const paper = new PaperCluster();
    paper.add("/api/v1/namespaces/argocd");
    paper.add("/apis/apps/v1/namespaces/argocd/deployments/argocd-server", { metadata: { labels } });
    paper.add("/apis/apps/v1/namespaces/argocd/statefulsets/argocd-application-controller", { metadata: { labels } });
    await assert.rejects(refuseForeign(paper, "argocd"), {
      name: "UserError",
      exitCode: 1,
      message:
        "the namespace argocd already holds an Argo CD that onebranch did not install (argocd-application-controller, argocd-server); remove that one first, or choose another cluster",
    });
  });

  it("is ours when we made the namespace", async () => {
    const paper = new PaperCluster();
    paper.add("/api/v1/namespaces/argocd", { metadata: { labels: { "onebranch.dev/cluster": "dev" } } });
    paper.add("/apis/apps/v1/namespaces/argocd/deployments/argocd-server", { metadata: { labels } });
    await refuseForeign(paper, "argocd");
  });

  it("does nothing when the namespace is empty or missing", async () => {
    const paper = new PaperCluster();
    await refuseForeign(paper, "argocd");
    paper.add("/api/v1/namespaces/argocd");
    await refuseForeign(paper, "argocd");
  });
});

describe("the end of a release", () => {
  const annotations = { "meta.helm.sh/release-name": "argocd", "meta.helm.sh/release-namespace": "argocd" };
  const crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const rbac = "/apis/rbac.authorization.k8s.io/v1";

  it("deletes what it has outside its namespace, and nothing else", async () => {
    const paper = new PaperCluster();
    paper.add(`${crd}/applications.argoproj.io`, { metadata: { annotations } });
    paper.add(`${rbac}/clusterroles/argocd-server`, { metadata: { annotations } });
    paper.add(`${rbac}/clusterrolebindings/argocd-server`, { metadata: { annotations } });
    const others = { ...annotations, "meta.helm.sh/release-namespace": "elsewhere" };
    paper.add(`${crd}/appprojects.argoproj.io`, { metadata: { annotations: others } });
    paper.add(`${rbac}/clusterroles/cluster-admin`);
    await removeRelease(paper, "argocd", "argocd");
    assert.deepEqual(paper.paths(), [`${crd}/appprojects.argoproj.io`, `${rbac}/clusterroles/cluster-admin`]);
    await removeRelease(paper, "argocd", "argocd");
  });

  it("waits until a CRD is gone", async () => {
    const paper = new PaperCluster();
    const path = `${crd}/applications.argoproj.io`;
    paper.add(path, { metadata: { annotations, finalizers: ["customresourcecleanup"] } });
    let waits = 0;
    await removeRelease(paper, "argocd", "argocd", () => {
      if (++waits === 3) paper.objects.delete(path);
      return Promise.resolve();
    });
    assert.equal(waits, 3);
  });

  it("says what is stuck", async () => {
    const paper = new PaperCluster();
    paper.add(`${rbac}/clusterroles/argocd-server`, { metadata: { annotations, finalizers: ["held"] } });
    await assert.rejects(
      removeRelease(paper, "argocd", "argocd", () => Promise.resolve()),
      {
        message: `${rbac}/clusterroles/argocd-server is still being deleted; look at what holds it, then run destroy again`,
      },
    );
  });

  it("never takes Applications along", async () => {
    const paper = new PaperCluster();
    paper.add("/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/orders");
    paper.add(`${crd}/applications.argoproj.io`, { metadata: { annotations } });
    await assert.rejects(removeRelease(paper, "argocd", "argocd"), {
      exitCode: 1,
      message: "Applications are left, so Argo CD's CRDs stay: argocd/orders; delete them, then run destroy again",
    });
    assert.equal(paper.objects.has(`${crd}/applications.argoproj.io`), true);
  });
});
