import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { releaseObjects } from "../../../infra/argocd/manifest";
import type { ClusterApi, KubeObject } from "../../../infra/cluster/api";

const manifest = `---
# Source: argo-cd/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: "argocd"
  labels:
    app.kubernetes.io/part-of: argocd
data:
  text: |
    kind: Deployment
---
# Source: argo-cd/templates/crd.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: applications.argoproj.io
  labels:
    app.kubernetes.io/part-of: argocd
spec:
  group: argoproj.io
---
# Source: argo-cd/templates/server.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: argocd-server
---
# Source: argo-cd/templates/role.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: "Role"
metadata:
  name: argocd-server
  labels:
    app.kubernetes.io/part-of: argocd
rules: []
---
# Source: argo-cd/templates/extra-manifests.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: extra
`;

describe("the objects of a release", () => {
  const { ONEBRANCH_CACHE } = process.env;
  let cache: string;
  let secrets: KubeObject[];
  let asked: string;
  const api: ClusterApi = {
    request(_method, path) {
      asked = decodeURIComponent(path);
      return Promise.resolve({ status: 200, body: { items: secrets } });
    },
  };
  const release = { name: "argocd", namespace: "argocd" };

  before(() => (cache = process.env.ONEBRANCH_CACHE = mkdtempSync(join(tmpdir(), "onebranch-manifest-"))));
  after(() => {
    if (ONEBRANCH_CACHE === undefined) delete process.env.ONEBRANCH_CACHE;
    else process.env.ONEBRANCH_CACHE = ONEBRANCH_CACHE;
    rmSync(cache, { recursive: true });
  });

  function record(version: number, text: string): KubeObject {
    const packed = gzipSync(JSON.stringify({ manifest: text })).toString("base64");
    const data = { release: Buffer.from(packed).toString("base64") };
    return { metadata: { labels: { version: String(version) } }, data };
  }

  it("are the settings, roles and definitions of its last record, with Helm's marks", async () => {
    secrets = [record(9, "---\nkind: ConfigMap\n"), record(10, manifest)];
    const objects = await releaseObjects(api, release);
    assert.equal(asked, "/api/v1/namespaces/argocd/secrets?labelSelector=owner=helm,name=argocd,status=deployed");
    assert.deepEqual(
      objects.map(({ kind, metadata = {} }) => [kind, metadata.namespace, metadata.name]),
      [
        ["ConfigMap", "argocd", "argocd-cm"],
        ["CustomResourceDefinition", undefined, "applications.argoproj.io"],
        ["Role", "argocd", "argocd-server"],
      ],
    );
    assert.deepEqual(objects[0]!.metadata?.labels, {
      "app.kubernetes.io/part-of": "argocd",
      "app.kubernetes.io/managed-by": "Helm",
    });
    for (const { metadata } of objects) {
      assert.deepEqual(metadata?.annotations, {
        "meta.helm.sh/release-name": "argocd",
        "meta.helm.sh/release-namespace": "argocd",
      });
    }
    assert.deepEqual(await releaseObjects(api, release), objects, "the definition comes from the cache now");
  });

  it("are not known without a record, and that says what to do", async () => {
    secrets = [];
    await assert.rejects(
      releaseObjects(api, release),
      /Helm has no record of the release argocd .* run `pulumi refresh`/,
    );
  });
});
