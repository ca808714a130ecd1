import assert from "node:assert/strict";
import { drain } from "../../../infra/drain/drain";
import type { PaperCluster } from "../support/paper-cluster";
import { argo, cluster, controller, deletions, kept, patience, withController } from "../support/paper-stack";

describe("the drain of a cluster that goes itself", () => {
  const web = "/api/v1/namespaces/web";

  /** With what somebody made by hand, or by another tool: entrances, and volumes that pods use. */
  function withOthers(): PaperCluster {
    const paper = withController(cluster());
    paper.add(`${web}/services/by-hand`, { spec: { type: "LoadBalancer" } });
    paper.add(`${web}/services/inside`, { spec: { type: "ClusterIP" } });
    paper.add("/apis/gateway.networking.k8s.io/v1/namespaces/web/gateways/edge");
    const owned = (apiVersion: string, kind: string, name: string) => ({
      ownerReferences: [{ apiVersion, kind, name, uid: "" }],
    });
    const uses = (claimName: string) => ({
      spec: { volumes: [{ name: "v", persistentVolumeClaim: { claimName } }] },
    });
    paper.add("/apis/apps/v1/namespaces/web/statefulsets/queue");
    paper.add(`${web}/pods/queue-0`, { metadata: owned("apps/v1", "StatefulSet", "queue"), ...uses("data-queue-0") });
    paper.add(`${web}/pods/ended`, { ...uses("old"), status: { phase: "Succeeded" } });
    for (const name of ["data-queue-0", "old"]) {
      paper.add(`${web}/persistentvolumeclaims/${name}`, {
        metadata: { finalizers: ["kubernetes.io/pvc-protection"] },
      });
    }
    // Kubernetes keeps a claim for the pods that use it, and a StatefulSet its pod.
    paper.controllers.push(() => {
      const hasSet = paper.objects.has("/apis/apps/v1/namespaces/web/statefulsets/queue");
      if (!hasSet) paper.objects.delete(`${web}/pods/queue-0`);
      for (const [name, pod] of [
        ["old", "none"],
        ["data-queue-0", "queue-0"],
      ] as const) {
        const path = `${web}/persistentvolumeclaims/${name}`;
        const deleting = paper.objects.get(path)?.metadata?.deletionTimestamp !== undefined;
        if (deleting && !paper.objects.has(`${web}/pods/${pod}`)) paper.objects.delete(path);
      }
    });
    return paper;
  }

  it("takes away what others made too, as far as it holds something outside, and its pods last", async () => {
    const paper = withOthers();
    await drain(paper, patience(), true);
    assert.deepEqual(paper.paths(), [controller, `${web}/pods/ended`, `${web}/services/inside`].sort());
    const order = deletions(paper);
    assert.ok(order.indexOf("services/by-hand") < order.indexOf("applications/controller"), order.join());
    assert.ok(order.indexOf("statefulsets/queue") > order.indexOf("appprojects/default"), order.join());
  });

  it("leaves all of that where the cluster stays", async () => {
    const paper = withOthers();
    const others = paper.paths().filter((path) => path.includes("/namespaces/web/"));
    await drain(paper, patience());
    assert.deepEqual(paper.paths(), [...kept, controller, ...others].sort());
  });

  it("names what others made and nothing takes away", async () => {
    const paper = withOthers();
    paper.objects.get(`${web}/services/by-hand`)!.metadata!.finalizers = [
      "service.kubernetes.io/load-balancer-cleanup",
    ];
    await assert.rejects(drain(paper, patience(30), true), /entrances are still there:\n- Service web\/by-hand\n/);
  });
});

describe("the drain of a cluster that stays", () => {
  it("does not wait for the volume of an add-on before the add-on is gone", async () => {
    const paper = withController(cluster());
    const path = "/api/v1/namespaces/orders/persistentvolumeclaims/data-db-0";
    paper.add("/api/v1/namespaces/orders/pods/of-add-on", {
      spec: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data-db-0" } }] },
    });
    paper.objects.get(path)!.metadata!.finalizers = ["kubernetes.io/pvc-protection"];
    paper.controllers.push(() => {
      if (paper.objects.has(`${argo}/applications/controller`)) return;
      paper.objects.delete("/api/v1/namespaces/orders/pods/of-add-on");
      if (paper.objects.get(path)?.metadata?.deletionTimestamp !== undefined) paper.objects.delete(path);
    });
    await drain(paper, patience());
    assert.deepEqual(paper.paths(), [...kept, controller].sort());
  });
});
