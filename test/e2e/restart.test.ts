import assert from "node:assert/strict";
import { clusterStatus } from "../../infra/providers/embedded/runtime";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";

/** What an upgrade of Argo CD does to it, as far as an embedded cluster goes: other settings, and processes that start again. */
describe("Applications while Argo CD is changed and started again", () => {
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

  const processes = async () => {
    const { argocd } = await clusterStatus(checkout.root, "dev");
    return Object.fromEntries(argocd.map(({ name, pid }) => [name, pid]));
  };
  /** What the tree made, by name and id. */
  const made = () =>
    cluster
      .list("deployments,services,applications.argoproj.io,namespaces")
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name} ${metadata.uid}`)
      .sort();

  it("are all there all the time, none is out of sync, and nothing is written into what they made", async () => {
    const before = { made: made(), versions: cluster.versions(), processes: await processes() };
    const wrong = new Set<string>();
    let looks = 0;
    let over = false;
    const watching = (async () => {
      while (!over) {
        const now = cluster.applications();
        looks++;
        const names = new Set(now.map(({ metadata }) => metadata.name));
        for (const line of before.made) {
          const [kind, name] = line.split(" ");
          if (kind === "Application" && !names.has(name!.split("/")[1]!)) wrong.add(`${name} is missing`);
        }
        for (const { metadata, status } of now) {
          // While the repository server starts again nothing can be compared.
          if (!["Synced", "Unknown"].includes(status?.sync?.status ?? ""))
            wrong.add(`${metadata.name} is ${status?.sync?.status}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    await checkout
      .succeed(...up, "--config", "pollSeconds=7", "--config", 'argocdExclusions=["example.org/*"]')
      .finally(() => (over = true));
    await watching;
    const after = await processes();
    const restarted = Object.keys(after).filter((name) => after[name] !== before.processes[name]);
    assert.ok(restarted.includes("application-controller"), `started again: ${restarted.join(", ")}`);
    assert.ok(looks > 5, `${looks} looks`);
    assert.deepEqual([...wrong], []);
    await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
    assert.deepEqual({ made: made(), versions: cluster.versions() }, { made: before.made, versions: before.versions });
  });
});
