import assert from "node:assert/strict";
import { drain } from "../../../infra/drain/drain";
import { Resources } from "../../../infra/drain/objects";
import { objectOf, removals } from "../../support/argocd-tables";
import { PaperCluster } from "../support/paper-cluster";
import {
  argo,
  cascade,
  cluster,
  controller,
  deletions,
  kept,
  patience,
  tracking,
  withController,
} from "../support/paper-stack";

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
