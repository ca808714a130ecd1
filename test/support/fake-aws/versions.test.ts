import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account } from "./account";
import { types } from "./types";

/** What the tests with Pulumi rely on when Kubernetes goes one version up. */
describe("the fake of AWS", () => {
  let directory: string;
  let account: Account;
  const clusterName = "c";
  const of = (version: string) => ({ clusterName, version });

  const proxyOf = (kubernetesVersion: string) => {
    const addonName = "kube-proxy";
    const { version } = account.lookUp("aws:eks/getAddonVersion:getAddonVersion", { addonName, kubernetesVersion });
    return { clusterName, addonName, addonVersion: version };
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "onebranch-aws-"));
    account = new Account(directory);
    const place = { region: "eu-west-1", outputs: {} };
    const cluster = { name: clusterName, version: "1.35" };
    account.ledger.put({ ...place, type: types.cluster, id: clusterName, inputs: cluster });
    account.ledger.put({ ...place, type: types.nodeGroup, id: "c:nodes", inputs: of("1.35") });
    account.ledger.put({ ...place, type: types.addon, id: "c:kube-proxy", inputs: proxyOf("1.35") });
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const upgrade = () => account.update(types.cluster, clusterName, { name: clusterName, version: "1.36" });

  it("lets nodes follow their control plane in place, and neither go before it nor back", async () => {
    const follow = (version: string) => account.update(types.nodeGroup, "c:nodes", of(version));
    await assert.rejects(follow("1.36"), /1.36 in a cluster of 1.35/);
    await upgrade();
    assert.deepEqual((await follow("1.36")).inputs, of("1.36"));
    await assert.rejects(follow("1.35"), /unsupported update from 1.36 to 1.35/);
    assert.equal(account.rule(types.nodeGroup).replace.includes("version"), false);
  });

  it("has another version of an add-on for another Kubernetes, and takes it once the control plane has that", async () => {
    const follow = () => account.update(types.addon, "c:kube-proxy", proxyOf("1.36"));
    await assert.rejects(follow(), /v1.36.0-eksbuild.1 in a cluster of 1.35/);
    await upgrade();
    await follow();
    assert.equal(account.rule(types.addon).replace.includes("addonVersion"), false);
  });
});
