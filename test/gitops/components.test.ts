import assert from "node:assert/strict";
import { PinnedTree, type Pinned } from "./files";
import { findHelm, refusal, render, type Manifest } from "./helm";
import { skip } from "../support/skip";

interface Container {
  image: string;
  securityContext: object;
}

/** Kinds that never get healthy, or cost money, on a cluster that has no such thing. */
const unwanted = new Set(["Ingress", "PersistentVolumeClaim", "StatefulSet", "Job", "CronJob"]);

describe("components rendered with their layers", function () {
  const tree = new PinnedTree();
  const { root } = tree;
  let helm: string;

  before(async function () {
    const found = await findHelm();
    if (found) helm = found;
    else skip(this, "no helm on PATH, and none built (make toolchain)");
  });

  function manifests(cluster: string, pinned: Pinned): Manifest[] {
    const { chart, version, component: release } = pinned.pin;
    const files = tree.layers(tree.clusters.get(cluster)!, pinned);
    return render(helm, { root, release, chart: `gitops/charts/${chart}/${version}`, files });
  }

  function app(cluster: string, component: string): Manifest[] {
    const pinned = tree.pinsOf(tree.clusters.get(cluster)!, "embedded").find(({ pin }) => pin.component === component);
    return manifests(cluster, pinned!);
  }

  function part<T>(list: Manifest[], kind: string, path: string): T {
    const manifest: unknown = list.find((each) => each.kind === kind);
    return path.split(".").reduce((value, key) => (value as Record<string, unknown>)[key], manifest) as T;
  }

  for (const [cluster, identity] of tree.clusters) {
    for (const pinned of tree.pinsOf(identity, "embedded")) {
      it(`${cluster}: ${pinned.pin.component} renders, and only what becomes healthy anywhere`, () => {
        const list = manifests(cluster, pinned);
        assert.ok(list.length > 0);
        for (const { kind, metadata, spec } of list) {
          assert.ok(!unwanted.has(kind), kind);
          if (kind === "Service") assert.equal(spec["type"], "ClusterIP");
          if (pinned.group === "apps") assert.equal(metadata.namespace, pinned.pin.namespace);
        }
      });
    }

    it(`${cluster}: the image of each app is its pin's`, () => {
      for (const { pin } of tree.pinsOf(identity, "embedded").filter(({ group }) => group === "apps")) {
        const [container] = part<Container[]>(
          app(cluster, pin.component),
          "Deployment",
          "spec.template.spec.containers",
        );
        assert.equal(container?.image, `${pin.image?.repository}:${pin.image?.tag}`);
      }
    });
  }

  it("an embedded cluster gets the charts of this repository only", () => {
    for (const identity of tree.clusters.values()) {
      const embedded = tree.pinsOf(identity, "embedded").map(({ pin }) => pin.component);
      assert.deepEqual(embedded, ["guardrails", "guestbook", "orders"], identity.name);
      assert.ok(tree.pinsOf(identity, identity.provider).some(({ pin }) => pin.component === "cert-manager"));
    }
  });

  it("later layers win: component, stage, region, cluster", () => {
    const config = (cluster: string, name: string) =>
      part<Record<string, string>>(app(cluster, name), "ConfigMap", "data");
    assert.deepEqual(config("dev", "guestbook"), {
      PODINFO_LEVEL: "debug",
      PODINFO_UI_COLOR: "#34577c",
      PODINFO_UI_MESSAGE: "Guestbook (dev)",
    });
    assert.deepEqual(config("prod", "guestbook"), { PODINFO_UI_COLOR: "#1b4d3e", PODINFO_UI_MESSAGE: "Guestbook" });
    assert.equal(config("dev", "orders").ORDERS_CURRENCY, "USD");
    assert.equal(config("staging", "orders").ORDERS_CURRENCY, "EUR");
    const replicas = (cluster: string) => part<number>(app(cluster, "orders"), "Deployment", "spec.replicas");
    assert.deepEqual(["dev", "staging", "prod"].map(replicas), [1, 2, 5]);
  });

  it("the pin decides the chart: a disruption budget comes with 1.1.0", () => {
    const kinds = (cluster: string) => app(cluster, "guestbook").map(({ kind }) => kind);
    assert.ok(kinds("staging").includes("PodDisruptionBudget"));
    assert.ok(!kinds("prod").includes("PodDisruptionBudget"));
  });

  it("changed settings give new pods", () => {
    const pinned = tree.pinsOf(tree.clusters.get("dev")!, "embedded").find(({ pin }) => pin.component === "guestbook")!;
    const files = tree.layers(tree.clusters.get("dev")!, pinned);
    const hash = (more: string[]) => {
      const list = render(helm, { root, release: "guestbook", chart: "gitops/charts/web-service/1.1.0", files, more });
      return part<Record<string, string>>(list, "Deployment", "spec.template.metadata.annotations")[
        "onebranch.dev/config"
      ];
    };
    assert.equal(hash([]), hash([]));
    assert.notEqual(hash([]), hash(["--set", "config.PODINFO_LEVEL=info"]));
  });

  it("a digest wins over a tag", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const set = `image.repository=shop,image.tag=1,image.digest=${digest}`;
    const more = ["--set-string", set];
    const list = render(helm, { root, release: "shop", chart: "gitops/charts/web-service/1.1.0", files: [], more });
    const [container] = part<Container[]>(list, "Deployment", "spec.template.spec.containers");
    assert.equal(container?.image, `shop@${digest}`);
  });

  for (const version of ["1.0.0", "1.1.0"]) {
    it(`web-service ${version} refuses unknown values and an image without tag`, () => {
      const chart = `gitops/charts/web-service/${version}`;
      const refused = (more: string[]) => refusal(helm, { root, release: "shop", chart, files: [], more });
      const image = ["--set-string", "image.repository=shop,image.tag=1"];
      assert.equal(refused(image), "");
      assert.match(refused([...image, "--set", "replica=2"]), /replica/);
      assert.match(refused(["--set", "image.repository=shop"]), /image\.tag or image\.digest is missing/);
      assert.match(refused([]), /repository/);
    });
  }
});
