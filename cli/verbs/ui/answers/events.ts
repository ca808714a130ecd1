import { argoCdNamespace } from "../../../../model/root";
import type { ApiServer } from "../../../stack/cluster/api-server";
import type { EventView } from "../views";

/** So many are shown, and so many of a namespace are looked through. */
const [most, read] = [50, 500];
/** An Application spreads over few namespaces; each is a request. */
const mostNamespaces = 4;

interface KubernetesEvent {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  series?: { count?: number };
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  metadata?: { creationTimestamp?: string };
  involvedObject?: { kind?: string; name?: string };
}

/**
 * What Kubernetes tells of an Application, of its resources, and of what controllers made for them: a Pod has the name of its
 * Deployment and more. Newest first.
 * @throws Error when the events cannot be read
 */
export async function eventsOf(
  server: ApiServer,
  application: string,
  resources: readonly { namespace: string; name: string }[],
): Promise<EventView[]> {
  const own = new URLSearchParams({
    fieldSelector: `involvedObject.kind=Application,involvedObject.name=${application}`,
    limit: String(read),
  });
  const namespaces = [...new Set(resources.map(({ namespace }) => namespace).filter(Boolean))];
  const lists = await Promise.all([
    list(server, argoCdNamespace, own),
    ...namespaces.slice(0, mostNamespaces).map(async (namespace) => {
      const names = resources.filter((resource) => resource.namespace === namespace).map(({ name }) => name);
      const found = await list(server, namespace, new URLSearchParams({ limit: String(read) }));
      return found.filter(({ involvedObject: { name = "" } = {} }) =>
        names.some((known) => name === known || name.startsWith(`${known}-`)),
      );
    }),
  ]);
  const shown = lists.flat().map(toView);
  return shown.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, most);
}

async function list(server: ApiServer, namespace: string, query: URLSearchParams): Promise<KubernetesEvent[]> {
  const found = await server.send("GET", `/api/v1/namespaces/${namespace}/events?${query}`);
  return (JSON.parse(found) as { items: KubernetesEvent[] }).items;
}

function toView(event: KubernetesEvent): EventView {
  const { involvedObject: { kind = "", name = "" } = {}, lastTimestamp, eventTime, firstTimestamp, metadata } = event;
  return {
    at: lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata?.creationTimestamp ?? "",
    type: event.type ?? "",
    reason: event.reason ?? "",
    object: `${kind} ${name}`,
    message: event.message ?? "",
    count: event.series?.count ?? event.count ?? 1,
  };
}
