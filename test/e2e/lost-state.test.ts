import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { controlPlaneNames } from "../../infra/providers/embedded/runtime/control-plane-specs";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { filesOf, nothingRuns } from "./support/leftovers";

/** A running embedded cluster of whose stack Pulumi knows nothing any more. */
describe("an embedded stack whose state is lost", () => {
  const checkout = new Checkout();
  const secret = join(dirname(checkout.root), "secret");
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.of(checkout, "dev");
    writeFileSync(secret, "of the orders");
    await checkout.succeed(...up, "--config-file", `secrets.orders-db=${secret}`);
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  const uids = () => {
    const kinds = "applications,applicationsets,appprojects,configmaps,deployments,namespaces,pods,secrets,services";
    const all = cluster.list(kinds).map(({ kind, metadata }) => {
      return [`${kind} ${metadata.namespace ?? ""}/${metadata.name}`, metadata.uid] as const;
    });
    return Object.fromEntries(all);
  };

  const pids = () =>
    controlPlaneNames.map((name) => {
      return (JSON.parse(readFileSync(join(cluster.folder, "run", `${name}.json`), "utf8")) as { pid: number }).pid;
    });

  for (const [title, more] of [
    ["with --adopt", ["--adopt"]],
    ["without it too", []],
  ] as const) {
    it(`is taken over as it stands, ${title}`, async () => {
      const before = { uids: uids(), pids: pids() };
      for (const name of ["state", "passphrase", "pulumi"])
        rmSync(join(checkout.root, ".onebranch", name), { recursive: true });
      await checkout.succeed(...up, ...more, "--config-file", `secrets.orders-db=${secret}`);
      assert.deepEqual({ uids: uids(), pids: pids() }, before);
      await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
      const { stdout } = await checkout.succeed(...up, "--json");
      assert.deepEqual(Object.keys((JSON.parse(stdout) as { changes: object }).changes), ["same"]);
    });
  }

  it("is destroyed whole, also when the state is lost again", async () => {
    rmSync(join(checkout.root, ".onebranch", "state"), { recursive: true });
    await checkout.succeed("destroy", "dev", "--yes");
    await eventually(nothingRuns(checkout.root), 30);
    assert.deepEqual(filesOf(join(checkout.root, ".onebranch")), []);
  });
});
