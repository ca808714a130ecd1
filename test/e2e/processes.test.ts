import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { nothingRuns } from "./support/leftovers";
import { partOf, sayPart } from "./support/replays";

/** name -> pid of what runs for a cluster, as the processes themselves wrote it down. */
function running(cluster: Cluster): Map<string, number> {
  const folder = join(cluster.folder, "run");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return new Map(
    files.map((file) => [
      file.replace(/\.json$/, ""),
      (JSON.parse(readFileSync(join(folder, file), "utf8")) as { pid: number }).pid,
    ]),
  );
}

describe("a process of a running cluster that dies", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.of(checkout, "dev");
    await checkout.succeed(...up);
    cluster.kubectl("create", "configmap", "witness", "--from-literal", "written=before");
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  it("comes back with the next up, whichever it was, and the data is still there", async () => {
    const uid = cluster.list("configmaps", "default").find(({ metadata }) => metadata.name === "witness")!.metadata.uid;
    const names = [...running(cluster).keys()];
    assert.ok(names.includes("etcd") && names.length >= 9, `found ${names.join(", ")}`);
    const replayed = partOf(names);
    for (const name of replayed) {
      const before = running(cluster);
      process.kill(before.get(name)!, "SIGKILL");
      await checkout.succeed(...up);
      const after = running(cluster);
      assert.notEqual(after.get(name), before.get(name), `${name} was not started again`);
      for (const other of names) {
        if (other !== name) assert.equal(after.get(other), before.get(other), `${other} was restarted for ${name}`);
      }
      await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
      const witness = cluster.list("configmaps", "default").find(({ metadata }) => metadata.name === "witness");
      assert.equal(witness?.metadata.uid, uid, `data lost after ${name} was killed`);
    }
    sayPart(replayed.length, names.length, "processes");
  });

  it("is named by status, which says what to run", async () => {
    process.kill(running(cluster).get("kube-apiserver")!, "SIGKILL");
    const { code, output } = await checkout.onebranch("status");
    assert.equal(code, 1, output);
    assert.match(output, /dev.*down/);
    assert.match(output, /onebranch up dev/);
  });

  it("after a reboot, when none is left, up brings all of them back", async () => {
    for (const pid of running(cluster).values()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // killed by the test before
      }
    }
    await eventually(nothingRuns(checkout.root));
    await checkout.succeed(...up);
    assert.ok(cluster.list("configmaps", "default").some(({ metadata }) => metadata.name === "witness"));
    await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
  });
});
