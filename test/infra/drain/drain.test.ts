import assert from "node:assert/strict";
import { drain } from "../../../infra/drain/drain";
import { Resources } from "../../../infra/drain/objects";
import { Patience, type Clock } from "../../../infra/drain/patience";
import type { KubeObject } from "../../../infra/cluster/api";
import { objectOf, removals } from "../../support/argocd-tables";
import { PaperCluster } from "../support/paper-cluster";

const argo = "/apis/argoproj.io/v1alpha1/namespaces/argocd";
const cascade = "resources-finalizer.argocd.argoproj.io";
const tracking = { "argocd.argoproj.io/tracking-id": "x:y" };

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

function patience(seconds = 300): Patience {
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
function cluster(): PaperCluster {
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

const controller = "/apis/apps/v1/namespaces/argocd/statefulsets/argocd-application-controller";

/** Argo CD's controller: it completes the finalizer of an Application by deleting what that tracks. */
function withController(paper: PaperCluster, works: () => boolean = () => true): PaperCluster {
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
const kept = ["/api/v1/namespaces/orders/persistentvolumeclaims/somebody-elses"];

function deletions(paper: PaperCluster): string[] {
  return paper.changes
    .filter(({ method }) => method === "DELETE")
    .map(({ path }) => path.split("/").slice(-2).join("/"));
}

describe("drain", () => {
  it("empties the cluster in an order in which each controller outlives its work", async () => {
    const paper = withController(cluster());
    await drain(paper, patience());
    assert.deepEqual(paper.paths(), [...kept, controller].sort());
    assert.deepEqual(deletions(paper), [
      "applicationsets/root",
      "applicationsets/components",
      "services/front",
      "ingresses/shop",
      "persistentvolumeclaims/data-db-0",
      "persistentvolumeclaims/data-db-1",
      "applications/orders",
      // Once more, now that no StatefulSet makes new ones.
      "persistentvolumeclaims/data-db-0",
      "persistentvolumeclaims/data-db-1",
      "applications/controller",
      "namespaces/orders",
      "applications/bootstrap",
      "appprojects/bootstrap",
      "appprojects/platform",
      "appprojects/commerce",
      "appprojects/default",
    ]);
  });

  it("keeps the Applications of a generator it deletes, and stops them from repairing what it deletes", async () => {
    const paper = withController(cluster());
    await drain(paper, patience());
    for (const name of ["root", "components"]) {
      const change = paper.changes.find(({ method, path }) => method === "DELETE" && path.endsWith(`sets/${name}`));
      assert.deepEqual(change?.body, { propagationPolicy: "Orphan" });
    }
    const index = (test: (path: string, method: string) => boolean) =>
      paper.changes.findIndex(({ method, path }) => test(path, method));
    const paused = (name: string) =>
      index((path, method) => method === "PATCH" && path.endsWith(`applications/${name}`));
    const deleted = (name: string) => index((path, method) => method === "DELETE" && path.endsWith(name));
    assert.ok(deleted("sets/root") < paused("bootstrap"), "the root would undo the pause of bootstrap");
    assert.ok(paused("bootstrap") < deleted("sets/components"), "bootstrap would make its generator again");
    assert.ok(paused("orders") < deleted("services/front"), "orders would make its service again");
    assert.deepEqual(paper.changes[paused("orders")]?.body, {
      operation: null,
      spec: { syncPolicy: { automated: null } },
    });
  });

  it("cascades also where the stage preserves what Applications made", async () => {
    const paper = withController(cluster());
    await drain(paper, patience());
    const change = paper.changes.find(({ body }) => JSON.stringify(body)?.includes("finalizers"));
    assert.deepEqual(change, {
      method: "PATCH",
      path: `${argo}/applications/bootstrap`,
      body: { metadata: { finalizers: [cascade] } },
    });
  });

  it("deletes by its own hand where no controller completes finalizers", async () => {
    const paper = cluster();
    await drain(paper, patience());
    assert.deepEqual(paper.paths(), kept);
  });

  it("does the same when a controller only looks ready", async () => {
    const paper = withController(cluster(), () => false);
    await drain(paper, patience());
    assert.deepEqual(paper.paths(), [...kept, controller].sort());
  });

  for (const { title, cascaded, ...row } of removals.filter(({ cascaded }) => !cascaded.startsWith("absent"))) {
    const isDefinition = row.kind === "CustomResourceDefinition";
    const own = !isDefinition && cascaded !== "deleted";
    it(`${isDefinition ? "leaves alone" : own ? "deletes by its own hand" : "leaves to the cascade"}: ${title}`, async () => {
      const paper = cluster();
      const { metadata, ...object } = objectOf(row, "a", "orders");
      const path = isDefinition ? "/apis/apiextensions.k8s.io/v1" : "/api/v1/namespaces/orders";
      // Argo CD gives definitions no tracking id.
      const annotations = { ...metadata.annotations, ...(isDefinition ? {} : tracking) };
      paper.add(`${path}/${object.kind.toLowerCase()}s/a`, { ...object, metadata: { annotations } });
      const tracked = { version: "v1", kind: object.kind, namespace: "orders", name: "a" };
      const group = isDefinition ? "apiextensions.k8s.io" : "";
      assert.equal(await new Resources(paper).outlives({ group, ...tracked }, row.application ?? []), own);
    });
  }

  it("leaves objects alone that Argo CD did not make", async () => {
    const paper = cluster();
    const namespace = paper.objects.get("/api/v1/namespaces/orders");
    paper.objects.set("/api/v1/namespaces/orders", { ...namespace, metadata: { name: "orders" } });
    await drain(paper, patience());
    assert.equal(paper.objects.has("/api/v1/namespaces/orders"), true);
  });

  it("fails loudly with what is left, and is finished by the next", async () => {
    const paper = withController(cluster());
    const path = "/api/v1/namespaces/orders/services/front";
    const held = paper.objects.get(path);
    paper.objects.set(path, {
      ...held,
      metadata: { ...held?.metadata, finalizers: ["service.kubernetes.io/load-balancer-cleanup"] },
    });
    await assert.rejects(drain(paper, patience(30)), {
      name: "UserError",
      exitCode: 1,
      message: `the cluster could not be emptied within 30 s; entrances are still there:
- Service orders/front
look at what holds them (kubectl describe), then run destroy again`,
    });
    assert.equal(paper.objects.has(`${argo}/applications/orders`), true);
    paper.objects.delete(path);
    await drain(paper, patience());
    assert.deepEqual(paper.paths(), [...kept, controller].sort());
  });

  it("has nothing to do in a cluster without Argo CD, or the second time", async () => {
    const paper = new PaperCluster();
    await drain(paper, patience());
    assert.deepEqual(paper.changes, []);
  });

  it("is finished by running it again after it was killed at any request", async () => {
    for (let stop = 1; ; stop++) {
      const paper = withController(cluster());
      let requests = 0;
      const killed = {
        request: (...request: Parameters<typeof paper.request>) => {
          if (++requests > stop) return Promise.reject(new Error("killed"));
          return paper.request(...request);
        },
      };
      const finished = await drain(killed, patience()).then(
        () => true,
        () => false,
      );
      await drain(paper, patience());
      const left = paper.paths().filter((path) => path !== controller && !kept.includes(path));
      assert.deepEqual(left, [], `killed after ${stop} requests`);
      if (finished) break;
    }
  });
});
