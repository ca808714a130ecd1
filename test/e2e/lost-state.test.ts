import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { processesOf } from "./support/leftovers";

/** What Pulumi knows of a cluster is gone, and the cluster is not. */
describe("a stack whose state is lost", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;

  before(async () => {
    await checkout.succeed(...up);
    cluster = await Cluster.of(checkout, "dev");
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  /** Everything that Pulumi and Argo CD made, by name. */
  const uids = () => {
    const kinds = [
      "applications.argoproj.io",
      "applicationsets.argoproj.io",
      "deployments",
      "configmaps",
      "namespaces",
    ];
    return Object.fromEntries(
      cluster
        .list(kinds.join(","))
        .map(({ kind, metadata }) => [`${kind} ${metadata.namespace ?? ""}/${metadata.name}`, metadata.uid]),
    );
  };
  /** The processes of the control plane, which go on; Argo CD gets another password for its cache, so its processes start again. */
  const processes = () =>
    processesOf(cluster.folder)
      .filter((line) => /kube-|etcd|kwok/.test(line))
      .map((line) => line.split(" ")[0]!)
      .sort();

  it("is taken over by the next up: the same control plane, and the same objects", async () => {
    const before = { uids: uids(), processes: processes() };
    assert.ok(before.processes.length > 3, before.processes.join());
    const states = join(checkout.root, ".onebranch/state/.pulumi/stacks/onebranch");
    for (const name of readdirSync(states)) rmSync(join(states, name), { recursive: true });
    const { output } = await checkout.succeed(...up);
    assert.match(output, /^dev: \d+ created$/m);
    assert.deepEqual({ uids: uids(), processes: processes() }, before);
    const { output: again } = await checkout.succeed(...up);
    assert.match(again, /^dev: \d+ unchanged$/m);
  });

  it("goes without a trace", async () => {
    await checkout.succeed("destroy", "dev", "--yes");
    assert.deepEqual(processesOf(cluster.folder), []);
  });
});
