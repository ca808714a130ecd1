import assert from "node:assert/strict";
import { application, bootstrap, FakeCluster } from "../../support/fake-cluster";
import { resources } from "../../support/fake-pulumi";
import { Tool } from "../../support/tool";

describe("onebranch status where an application waits for a secret", () => {
  let tool: Tool;
  beforeEach(() => (tool = new Tool()));
  afterEach(() => tool.checkout.remove());

  const waiting = {
    ...{
      namespace: "shop",
      name: "orders",
      application: "orders",
      message: "could not get secret data from provider",
    },
    wanted: [
      { store: "stage-secrets", property: "db" },
      { store: "stage-secrets", property: "token" },
    ],
  };
  const shown = async (keys: string[] | undefined, wanted = waiting.wanted): Promise<string[]> => {
    const cluster = new FakeCluster([{ applications: [bootstrap(), application("orders", { health: "Degraded" })] }]);
    cluster.keys = keys;
    cluster.waiting.push({ ...waiting, wanted });
    tool.pulumi.writeState("dev", { resources: resources("dev") });
    tool.hasRecord("dev");
    tool.hasKubeconfig("dev");
    tool.clusters.set("dev", cluster);
    assert.equal(await tool.again("onebranch status --json"), 1);
    return (JSON.parse(tool.io.stdout) as { secrets: string[] }[])[0]!.secrets;
  };

  it("names the application, the key, and the command that sets it", async () => {
    const why =
      'orders wants the key "token" of stage-secrets, which dev does not have; set it: onebranch up dev --config-file secrets.token=FILE';
    assert.deepEqual(await shown(["db"]), [why]);
    assert.equal(await tool.again("onebranch status"), 1);
    assert.ok(tool.io.stdout.includes(`\ndev: ${why}\n`), tool.io.stdout);
  });

  it("says what external-secrets says, where the secrets are outside the cluster or nothing seems to be missing", async () => {
    const all =
      "orders gets no secrets from ExternalSecret shop/orders (db of stage-secrets, token of stage-secrets): could not get secret data from provider";
    assert.deepEqual(await shown(undefined), [all]);
    assert.deepEqual(await shown(["db", "token"]), [all]);
  });

  it("says that an application names no key", async () => {
    assert.deepEqual(await shown(["db"], [{ store: "stage-secrets", property: "" }]), [
      'orders wants the key "" of stage-secrets, which dev does not have; name a key in remoteRef.property',
    ]);
  });

  it("names what still has older values, and is not content", async () => {
    const cluster = new FakeCluster([{ applications: [bootstrap(), application("orders")] }]);
    const changed = new Date("2026-03-04T05:06:07.890Z");
    cluster.old.push({
      namespace: "shop",
      name: "orders",
      application: "orders",
      changed,
      pods: ["orders-a", "orders-b"],
    });
    tool.pulumi.writeState("dev", { resources: resources("dev") });
    tool.hasRecord("dev");
    tool.hasKubeconfig("dev");
    tool.clusters.set("dev", cluster);
    assert.equal(await tool.again("onebranch status"), 1);
    const why =
      "orders runs with older values of Secret shop/orders, which changed at 2026-03-04T05:06:07Z (orders-a, orders-b); " +
      "start its pods again: a new secretsVersion in its values, or kubectl --namespace shop rollout restart";
    assert.ok(tool.io.stdout.includes(`\ndev: ${why}\n`), tool.io.stdout);
  });
});
