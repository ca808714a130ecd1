import { argoCdNamespace } from "../../../../model/root";
import { commitAmong } from "../../../stack/cluster/commits";
import { toApplication, type RawApplication } from "../../../stack/cluster/kubernetes";
import { reasonsOf } from "../../../stack/cluster/report";
import { states, type ApplicationView, type ResourceView } from "../views";
import { initiatorOf, revisionsOf, sourcesOf, type ApplicationObject } from "./application-object";
import { resourceState, toCell, versionOf } from "./cell";
import type { ClusterSource } from "./sources";

/** Everything that the page of one Application shows of its own object. */
export function toApplicationView(cluster: string, object: ApplicationObject, source?: ClusterSource): ApplicationView {
  const { metadata, spec = {}, status = {} } = object;
  const { operationState } = status;
  const cell = toCell(object);
  // A short-lived stack has the identity of another cluster, and the tree knows only that one.
  const inTree = source?.lifetime?.from ?? cluster;
  const kubectl = source?.kubectl.replace(/ get applications .*$/, "") || "kubectl";
  return {
    ...cell,
    cluster,
    project: spec.project ?? "",
    namespace: spec.destination?.namespace ?? "",
    prunes: spec.syncPolicy?.automated?.prune ?? false,
    sources: sourcesOf(object).map(({ repoURL = "", chart, path, ref, targetRevision = "" }) => {
      return {
        repository: repoURL,
        what: chart ?? path ?? (ref === undefined ? "" : `$${ref}`),
        revision: targetRevision,
      };
    }),
    images: status.summary?.images ?? [],
    conditions: (status.conditions ?? []).map(({ type, message, lastTransitionTime = "" }) => {
      return { type, message, at: lastTransitionTime };
    }),
    reasons: reasonsOf(toApplication(object as RawApplication)),
    ...(operationState !== undefined && {
      lastSync: {
        phase: operationState.phase ?? "",
        message: operationState.message ?? "",
        startedAt: operationState.startedAt ?? "",
        finishedAt: operationState.finishedAt ?? "",
        revision: commitAmong(revisionsOf(operationState.syncResult ?? {})),
        by: initiatorOf(operationState.operation?.initiatedBy),
      },
    }),
    resources: resourcesOf(object),
    history: (status.history ?? []).toReversed().map((entry) => ({
      at: entry.deployedAt,
      revision: commitAmong(revisionsOf(entry)),
      version: versionOf({ metadata, spec: entry }),
      by: initiatorOf(entry.initiatedBy),
    })),
    commands: [
      { what: "why each value is what it is", line: `onebranch explain ${inTree} ${cell.component}` },
      { what: "the manifests as Argo CD applies them", line: `onebranch render ${inTree} ${cell.component}` },
      {
        what: "what the working tree changes of it",
        line: `onebranch plan --cluster ${inTree} --component ${cell.component}`,
      },
      ...(source?.isStack ? [{ what: "what was changed in it by hand", line: `onebranch drift ${cluster}` }] : []),
      {
        what: "the whole object",
        line: `${kubectl} get application ${cell.name} --namespace ${argoCdNamespace} --output yaml`,
      },
      {
        what: "its events",
        line: `${kubectl} events --for application/${cell.name} --namespace ${argoCdNamespace}`,
      },
    ],
  };
}

/** Its resources, trouble first, and what the last sync said of each. */
function resourcesOf({ status = {} }: ApplicationObject): ResourceView[] {
  const key = (part: { group?: string; kind: string; namespace?: string; name: string }) =>
    [part.group ?? "", part.kind, part.namespace ?? "", part.name].join("/");
  const results = new Map(
    (status.operationState?.syncResult?.resources ?? []).map((part) => [key(part), part] as const),
  );
  const shown = (status.resources ?? []).map((part): ResourceView => {
    const { kind, namespace = "", name, status: sync = "", health = {} } = part;
    const result = results.get(key(part));
    const { status: healthStatus = "", message = "" } = health;
    return {
      ...{ kind, namespace, name, sync, health: healthStatus, message },
      state: resourceState(sync, healthStatus),
      result: [result?.status, result?.message].filter(Boolean).join(": "),
    };
  });
  return shown.sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state));
}
