import type { ApplicationObject } from "../../../../../cli/verbs/ui/fleet/application-object";
import { commit } from "../../../support/fake-cluster";

export type Status = NonNullable<ApplicationObject["status"]> & {
  sync?: { status?: string; revision?: string; revisions?: string[] };
  health?: { status?: string; message?: string };
};

/** An Application as Argo CD leaves it: Synced and Healthy at `commit`, with what is different about its status. */
export function object(name: string, status: Status = {}, version = "1.0.0"): ApplicationObject {
  const source = {
    repoURL: "https://git.example.com/tree.git",
    path: `gitops/charts/web/${version}`,
    targetRevision: "main",
  };
  return {
    metadata: { name, labels: { "onebranch.dev/component": name } },
    spec: { project: "shop", destination: { namespace: name }, source },
    status: {
      sync: { status: "Synced", revision: commit },
      health: { status: "Healthy" },
      history: [{ revision: commit, deployedAt: "2026-11-30T10:00:00Z", source, initiatedBy: { automated: true } }],
      operationState: {
        phase: "Succeeded",
        message: "successfully synced (all tasks run)",
        startedAt: "2026-11-30T09:59:58Z",
        finishedAt: "2026-11-30T10:00:00Z",
        operation: { initiatedBy: { automated: true } },
        syncResult: {
          revision: commit,
          resources: [
            {
              group: "apps",
              kind: "Deployment",
              namespace: name,
              name,
              status: "Synced",
              message: `${name} configured`,
            },
          ],
        },
      },
      resources: [
        { kind: "ConfigMap", namespace: name, name: "settings", status: "Synced" },
        { group: "apps", kind: "Deployment", namespace: name, name, status: "Synced", health: { status: "Healthy" } },
      ],
      summary: { images: [`registry.example.com/${name}:${version}`] },
      ...status,
    } as Status,
  };
}

/** The same with a Deployment that does not come up. */
export function failing(name: string, message: string, version = "1.0.0"): ApplicationObject {
  const health = { status: "Degraded", message };
  const status = {
    health: { status: "Degraded" },
    resources: [
      { kind: "ConfigMap", namespace: name, name: "settings", status: "Synced" },
      { group: "apps", kind: "Deployment", namespace: name, name, status: "Synced", health },
    ],
  };
  return object(name, status, version);
}
