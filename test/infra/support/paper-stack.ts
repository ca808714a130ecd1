import { Patience, type Clock } from "../../../infra/drain/patience";
import type { KubeObject } from "../../../infra/cluster/api";
import { PaperCluster } from "./paper-cluster";

export const argo = "/apis/argoproj.io/v1alpha1/namespaces/argocd";
export const cascade = "resources-finalizer.argocd.argoproj.io";
export const tracking = { "argocd.argoproj.io/tracking-id": "x:y" };

/** A clock that no test has to wait for. */
function clock(): Clock {
  let now = 0;
  return {
    now: () => now,
    pause: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

export function patience(seconds = 300): Patience {
  return new Patience(seconds, clock());
}

interface Resource {
  group?: string;
  version?: string;
  kind: string;
  namespace?: string;
  name: string;
}

function application(paper: PaperCluster, name: string, project: string, resources: Resource[] = []): void {
  paper.add(`${argo}/applications/${name}`, {
    metadata: { finalizers: project === "bootstrap" ? [] : [cascade] },
    spec: { project, syncPolicy: { automated: { prune: true } } },
    operation: { sync: {} },
    status: { resources },
  });
}

/** Everything that a small stack has: a root, a child generator, an add-on, an app with a load balancer and a volume. */
export function cluster(): PaperCluster {
  const paper = new PaperCluster();
  paper.add(`${argo}/applicationsets/root`);
  paper.add(`${argo}/applicationsets/components`);
  for (const project of ["bootstrap", "platform", "commerce", "default"]) paper.add(`${argo}/appprojects/${project}`);
  application(paper, "bootstrap", "bootstrap", [{ version: "v1", kind: "Namespace", name: "orders" }]);
  application(paper, "controller", "platform", [{ version: "v1", kind: "ConfigMap", namespace: "c", name: "cloud" }]);
  application(paper, "orders", "commerce", [
    { version: "v1", kind: "Service", namespace: "orders", name: "front" },
    { version: "v1", kind: "Service", namespace: "orders", name: "inner" },
    { group: "networking.k8s.io", version: "v1", kind: "Ingress", namespace: "orders", name: "shop" },
    { group: "apps", version: "v1", kind: "StatefulSet", namespace: "orders", name: "db" },
    { group: "gone.example.org", version: "v1", kind: "Whatever", namespace: "orders", name: "x" },
  ]);
  paper.add("/api/v1/namespaces/orders", {
    metadata: { annotations: { ...tracking, "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" } },
  });
  paper.add("/api/v1/namespaces/c/configmaps/cloud", { metadata: { annotations: tracking } });
  paper.add("/api/v1/namespaces/orders/services/front", {
    metadata: { annotations: tracking },
    spec: { type: "LoadBalancer" },
  });
  paper.add("/api/v1/namespaces/orders/services/inner", { metadata: { annotations: tracking }, spec: {} });
  paper.add("/apis/networking.k8s.io/v1/namespaces/orders/ingresses/shop", { metadata: { annotations: tracking } });
  paper.add("/apis/apps/v1/namespaces/orders/statefulsets/db", {
    metadata: { annotations: tracking },
    spec: { replicas: 2, volumeClaimTemplates: [{ metadata: { name: "data" } }] },
  });
  for (const name of ["data-db-0", "data-db-1"]) {
    paper.add(`/api/v1/namespaces/orders/persistentvolumeclaims/${name}`);
  }
  paper.add("/api/v1/namespaces/orders/persistentvolumeclaims/somebody-elses");
  return paper;
}

export const controller = "/apis/apps/v1/namespaces/argocd/statefulsets/argocd-application-controller";

/** Argo CD's controller: it completes the finalizer of an Application by deleting what that tracks. */
export function withController(paper: PaperCluster, works: () => boolean = () => true): PaperCluster {
  const labels = { "app.kubernetes.io/part-of": "argocd", "app.kubernetes.io/component": "application-controller" };
  paper.add(controller, { metadata: { labels }, status: { readyReplicas: 1 } });
  paper.controllers.push(() => {
    if (!works()) return;
    for (const [path, object] of [...paper.objects]) {
      if (!path.startsWith(`${argo}/applications/`) || !object.metadata?.deletionTimestamp || object.operation)
        continue;
      for (const { version, kind, namespace, name } of tracked(object)) {
        const plural = `${kind.toLowerCase()}s`.replace("ingresss", "ingresses");
        const group = kind === "StatefulSet" ? `/apis/apps/${version}` : `/api/${version}`;
        if (kind !== "Namespace") paper.objects.delete(`${group}/namespaces/${namespace}/${plural}/${name}`);
      }
      paper.objects.delete(path);
    }
  });
  return paper;
}

function tracked(object: KubeObject): Resource[] {
  return (object.status as { resources?: Resource[] } | undefined)?.resources ?? [];
}

/** What stays in an emptied cluster. */
export const kept = ["/api/v1/namespaces/orders/persistentvolumeclaims/somebody-elses"];

export function deletions(paper: PaperCluster): string[] {
  return paper.changes
    .filter(({ method }) => method === "DELETE")
    .map(({ path }) => path.split("/").slice(-2).join("/"));
}
