import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { argocdNames } from "../../infra/providers/embedded/runtime/argocd-parameters";
import { controlPlaneNames } from "../../infra/providers/embedded/runtime/control-plane-specs";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { SyncWatch } from "./support/sync-watch";

/** Seconds in which Argo CD has looked several times at the repository, and once at everything again. */
const afterwards = 15;

/** What an upgrade does to running applications, as far as one version of everything can show it. */
describe("a start of Argo CD or Kubernetes under running applications", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;

  before(async () => {
    cluster = await Cluster.of(checkout, "dev");
    await checkout.succeed(...up);
    await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  const uids = () => {
    const kinds =
      "applications,applicationsets,appprojects,configmaps,deployments,namespaces,pods,replicasets,services";
    return Object.fromEntries(
      cluster
        .list(kinds)
        .map(({ kind, metadata }) => [
          `${kind} ${metadata.namespace ?? ""}/${metadata.name}`,
          `${metadata.uid}${metadata.deletionTimestamp ?? ""}`,
        ]),
    );
  };

  function kill(names: readonly string[]): void {
    for (const name of names) {
      const { pid } = JSON.parse(readFileSync(join(cluster.folder, "run", `${name}.json`), "utf8")) as { pid: number };
      process.kill(pid, "SIGKILL");
    }
  }

  for (const [title, change, more] of [
    ["all of Argo CD", () => kill(argocdNames), []],
    ["all of Kubernetes", () => kill(controlPlaneNames), []],
    ["everything", () => kill([...argocdNames, ...controlPlaneNames]), []],
    ["Argo CD with other settings", () => undefined, ["--config", "argocdExclusions=example.com/Nothing"]],
  ] as const) {
    it(`prunes nothing, and leaves nothing out of sync longer than it takes: ${title}`, async () => {
      const before = uids();
      const watch = new SyncWatch(cluster);
      const began = Date.now();
      change();
      await checkout.succeed(...up, "--no-wait", ...more);
      const took = Date.now() - began;
      await pause(afterwards * 1000);
      const late = await watch.end();
      assert.deepEqual(
        late.filter(({ milliseconds }) => milliseconds > took),
        [],
      );
      await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
      assert.deepEqual(uids(), before);
    });
  }
});
