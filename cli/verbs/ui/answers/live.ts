import { toApplicationView } from "../fleet/application";
import type { ApplicationObject } from "../fleet/application-object";
import type { ApiServer } from "../../../stack/cluster/api-server";
import type { LiveView, ResourceDifference } from "../views";
import type { ArgoCdApi } from "./argocd-api";
import { differencesOf, type ManagedResource } from "./difference";
import { eventsOf } from "./events";
import { treeOf, type ResourceNode } from "./resource-tree";

/** What the page of an Application asks of the cluster beside the Application itself. */
export async function toLiveView(server: ApiServer, argocd: ArgoCdApi, object: ApplicationObject): Promise<LiveView> {
  const { name } = object.metadata;
  const { resources } = toApplicationView("", object);
  const [compared, events] = await Promise.all([
    fromArgoCd(argocd, name).catch((error: Error): Pick<LiveView, "differences" | "onlyStatus"> => ({
      differences: fromStatus(object),
      onlyStatus: error.message,
    })),
    eventsOf(server, name, resources).then(
      (events) => ({ events }),
      (error: Error) => ({ events: [], noEvents: error.message }),
    ),
  ]);
  return { ...compared, ...events };
}

async function fromArgoCd(argocd: ArgoCdApi, name: string): Promise<Pick<LiveView, "differences" | "tree">> {
  const [managed, tree] = await Promise.all([
    argocd.get<{ items?: ManagedResource[] }>(`/api/v1/applications/${name}/managed-resources`),
    argocd.get<{ nodes?: ResourceNode[] }>(`/api/v1/applications/${name}/resource-tree`),
  ]);
  return { differences: differencesOf(managed.items ?? []), tree: treeOf(tree.nodes ?? []) };
}

/** Which resources differ, as far as the status tells it; not in what. */
function fromStatus({ status = {} }: ApplicationObject): ResourceDifference[] {
  return (status.resources ?? [])
    .filter((resource) => resource.status === "OutOfSync")
    .map(({ kind, namespace = "", name, health = {}, requiresPruning = false }) => {
      const change = requiresPruning ? "remove" : health.status === "Missing" ? "add" : "change";
      return { change, kind, namespace, name, fields: [] };
    });
}
