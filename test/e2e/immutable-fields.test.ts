import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "../../cli/tree/renderer";
import { clusterPaths, readPorts, removeCluster, startControlPlane } from "../../infra/providers/embedded/runtime";
import { Api } from "../../infra/providers/embedded/runtime/api";
import { findToolchain } from "../../infra/providers/embedded/toolchain";
import { updates } from "../cli/tree/kubernetes/support/updates";
import { eventually } from "./support/eventually";

/** The table of fields that do not change, held against an API server: each update is applied as Argo CD does it. */
describe("fields that Kubernetes does not let change", () => {
  const name = "fields";
  let root: string;
  let api: Api;

  before(async () => {
    root = mkdtempSync(join(tmpdir(), "onebranch-fields-e2e-"));
    const toolchain = await findToolchain({ parts: ["cluster"] });
    assert.ok(toolchain, "the toolchain is not built: run `make toolchain`");
    const { bin, versions } = toolchain;
    await startControlPlane({ root, name, bin, version: `v${versions.kubernetes}` });
    const paths = clusterPaths(name, root);
    api = await Api.connect(paths, (await readPorts(paths))!["kube-apiserver"], "admin");
    // Pods are refused until the controllers have made it.
    const account = "/api/v1/namespaces/default/serviceaccounts/default";
    await eventually(
      async () => ({ holds: (await api.get(account)) !== undefined, message: `should have ${account}` }),
      30,
    );
  });
  before(() => api.apply(pathOf(growing), growing));
  after(async () => {
    api?.close();
    await removeCluster(root, name);
    rmSync(root, { recursive: true, force: true });
  });

  for (const { title, before, after, refused, until } of updates) {
    it(`${refused === undefined ? "allows" : "refuses"} ${title}`, async () => {
      const path = pathOf(before);
      if (until === "Bound") await giveVolume(before);
      await api.apply(path, before);
      if (until) await reached(path, until);
      const answer = await api.apply(path, after).then(
        () => undefined,
        ({ message }: Error) => message,
      );
      if (refused === undefined) assert.equal(answer, undefined);
      else assert.match(answer ?? "the update was allowed", /answered 422: /);
    });
  }

  /** Makes the volume that a claim will get. */
  async function giveVolume({ metadata: { name } }: KubernetesObject) {
    const claimRef = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "default", name };
    const csi = { driver: "example.com", volumeHandle: name };
    const size = {
      capacity: { storage: "2Gi" },
      accessModes: ["ReadWriteOnce"],
      storageClassName: growing.metadata.name,
    };
    const volume = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec: { claimRef, csi, ...size } };
    await api.apply(pathOf(volume), volume);
  }

  /** Waits until the controllers have come so far: until then some changes are judged in another way. */
  function reached(path: string, until: string): Promise<void> {
    return eventually(async () => {
      const { status } = (await api.get<{ status?: Status }>(path)) ?? {};
      const conditions = (status?.conditions ?? []).flatMap((one) => (one.status === "True" ? [one.type] : []));
      const found = [...(status?.phase ? [status.phase] : []), ...conditions];
      return { holds: found.includes(until), message: `${path} should be ${until}, is ${found.join(", ")}` };
    }, 30);
  }
});

interface Status {
  phase?: string;
  conditions?: { type: string; status: string }[];
}

const growing = {
  ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "growing" } },
  ...{ provisioner: "example.com/disk", allowVolumeExpansion: true },
};

const clusterScoped =
  /^(PersistentVolume|ClusterRoleBinding|PriorityClass|StorageClass|VolumeAttributesClass|CSIDriver|IngressClass|IPAddress|ServiceCIDR|RuntimeClass|CustomResourceDefinition)$/;

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const plural = `${kind.toLowerCase()}${kind.endsWith("ss") ? "es" : "s"}`
    .replace(/capacitys$/, "capacities")
    .replace(/policys$/, "policies");
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/${clusterScoped.test(kind) ? "" : "namespaces/default/"}${plural}/${metadata.name}`;
}
