import { setTimeout as pause } from "node:timers/promises";
import { argoCdApis } from "../../model/root";
import { UserError } from "../../model/errors";
import { clusterApi, found, listed, type ClusterApi, type KubeObject } from "../cluster/api";
import type { ResourceImplementation } from "../dynamic/implementation";
import { exportedState, type ReadState } from "../state";
import { helmRecords } from "./helm-records";

interface GuardInputs {
  /** Secret. */
  kubeconfig: string;
  stack: string;
  release: string;
  namespace: string;
}

const releaseType = "kubernetes:helm.sh/v3:Release";

/** How often the guard looks whether a deleted object is gone, half a second apart. */
const mostTries = 120;

/** Marks the namespace as made by this program. */
export const ownerLabel = "onebranch.dev/cluster";

/**
 * Helm stores each revision of the release in a Secret. This finds the revisions of a killed `up` that block the next one: a
 * pending revision blocks every operation, and one that Pulumi does not know blocks the installation. What those revisions made
 * stays; the next installation takes it over, because it has Helm's marks of the same release.
 */
export async function leftoverRevisions(
  api: ClusterApi,
  { stack, release, namespace }: Omit<GuardInputs, "kubeconfig">,
  readState: ReadState,
): Promise<string[]> {
  const revisions = await helmRecords(api, { name: release, namespace });
  const [latest] = revisions;
  if (!latest) return [];
  const names = revisions.map((revision) => revision.metadata?.name ?? "");
  const pending = latest.metadata?.labels?.status?.startsWith("pending-") === true;
  if (pending && revisions.length > 1) return names.slice(0, 1);
  if (pending) return names;
  const state = await readState(stack);
  if (state === undefined || state.some(({ type }) => type === releaseType)) return [];
  return names;
}

/** @throws UserError when an Argo CD runs in the namespace that this program did not install */
export async function refuseForeign(api: ClusterApi, namespace: string): Promise<void> {
  const existing = await found(api.request("GET", `/api/v1/namespaces/${namespace}`));
  if (!existing || existing.metadata?.labels?.[ownerLabel] !== undefined) return;
  const selector = encodeURIComponent("app.kubernetes.io/part-of=argocd");
  const path = `/apis/apps/v1/namespaces/${namespace}`;
  const workloads = [
    ...(await listed(api, `${path}/deployments?labelSelector=${selector}`)),
    ...(await listed(api, `${path}/statefulsets?labelSelector=${selector}`)),
  ];
  if (workloads.length === 0) return;
  throw new UserError(
    `the namespace ${namespace} already holds an Argo CD that onebranch did not install (${workloads
      .map(({ metadata }) => metadata?.name)
      .sort()
      .join(", ")}); remove that one first, or choose another cluster`,
    { exitCode: 1 },
  );
}

/** Deletes the revisions that are in the way. */
async function clear(api: ClusterApi, inputs: GuardInputs, readState: ReadState): Promise<void> {
  for (const name of await leftoverRevisions(api, inputs, readState)) {
    await found(api.request("DELETE", `/api/v1/namespaces/${inputs.namespace}/secrets/${name}`));
  }
}

/** The cluster-scoped kinds of the chart; everything else of it goes with the namespace. A test renders the chart to prove it. */
export const clusterScopedKinds = {
  ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
  ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  CustomResourceDefinition: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
} as const;

/**
 * Deletes what the release has outside its namespace, after the namespace is gone. Helm's own uninstallation cannot be repeated
 * after it was killed. It also keeps the CRDs, so that an uninstallation by mistake does not delete every Application.
 * @throws UserError when an Application is left, or a CRD does not go
 */
export async function removeRelease(
  api: ClusterApi,
  release: string,
  namespace: string,
  wait: () => Promise<unknown> = () => pause(500),
): Promise<void> {
  const applications = await listed(api, `${argoCdApis}/applications`);
  if (applications.length > 0) {
    const names = applications.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
    throw new UserError(
      `Applications are left, so Argo CD's CRDs stay: ${names.join(", ")}; delete them, then run destroy again`,
      { exitCode: 1 },
    );
  }
  const isOurs = ({ metadata }: KubeObject) =>
    metadata?.annotations?.["meta.helm.sh/release-name"] === release &&
    metadata.annotations["meta.helm.sh/release-namespace"] === namespace;
  for (const path of Object.values(clusterScopedKinds)) {
    const ours = (await listed(api, path)).filter(isOurs);
    await Promise.all(ours.map(({ metadata }) => removeAndWait(api, `${path}/${metadata?.name}`, wait)));
  }
}

async function removeAndWait(api: ClusterApi, path: string, wait: () => Promise<unknown>): Promise<void> {
  await found(api.request("DELETE", path));
  for (let tries = 0; await found(api.request("GET", path)); tries++) {
    if (tries >= mostTries) {
      throw new UserError(`${path} is still being deleted; look at what holds it, then run destroy again`, {
        exitCode: 1,
      });
    }
    await wait();
  }
}

/**
 * Comes before the Helm release. After a killed run it removes what blocks the release; at the end it deletes what is outside the
 * namespace.
 */
export const implementation: ResourceImplementation<GuardInputs, GuardInputs> = {
  async create(inputs) {
    const api = clusterApi(inputs.kubeconfig);
    await refuseForeign(api, inputs.namespace);
    await clear(api, inputs, exportedState);
    return { id: `${inputs.namespace}/${inputs.release}`, outs: inputs };
  },
  async diff(_id, olds, news) {
    if (olds.kubeconfig !== news.kubeconfig) return { changes: true };
    return { changes: (await leftovers(news)).length > 0 };
  },
  async update(_id, _olds, news) {
    await clear(clusterApi(news.kubeconfig), news, exportedState);
    return { outs: news };
  },
  async delete(_id, { kubeconfig, release, namespace }) {
    await removeRelease(clusterApi(kubeconfig), release, namespace);
  },
};

/** A preview must not fail because the cluster does not answer; the update will say so. */
async function leftovers(inputs: GuardInputs): Promise<string[]> {
  try {
    return await leftoverRevisions(clusterApi(inputs.kubeconfig), inputs, exportedState);
  } catch {
    return [];
  }
}
