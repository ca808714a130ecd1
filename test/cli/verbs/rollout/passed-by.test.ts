import assert from "node:assert/strict";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet } from "./fleet";

const prod = "gitops/apps/orders/stages/prod";

/** orders 1.4.0 is in staging alone; canary is prod-us, early prod-eu, rest prod-eu-2 and prod-us-2. */
describe("onebranch rollout where clusters are passed by", function () {
  const fleet = renewRepo(new Fleet());
  const all = ["prod-us", "prod-eu", "prod-eu-2", "prod-us-2"];
  const rollout = () => fleet.run("rollout", "orders", "--to", "prod");

  beforeEach(() => {
    fleet.git("rm", "--quiet", "-r", `${prod}/rings`);
    fleet.commit("at rest");
    fleet.io.today = at("06:00");
    for (const [index, name] of all.entries()) fleet.follows(name, ["canary", "early"][index] ?? "rest");
  });

  const pin = "component: orders\nversion: 1.0.0\nimage: { tag: 1.2.0 }\n";
  /** Gives clusters a pin of their own. */
  function hold(...names: string[]): void {
    for (const name of names) fleet.put({ [`gitops/clusters/${name}/pins/orders.yaml`]: pin });
    fleet.commit("held");
  }

  const held = (name: string) =>
    `  ${name} keeps 1.0.0, 1.2.0, by a pin of its own (gitops/clusters/${name}/pins/orders.yaml)\n`;

  it("names them at the end", async () => {
    hold("prod-us-2");
    const { code, out, err } = await rollout();
    assert.equal(code, 0, err);
    const head = "orders web 1.1.0, 1.4.0 is in prod, Synced and Healthy in every cluster but these:\n";
    assert.equal(out, head + held("prod-us-2"));
    assert.equal((await rollout()).out, out);
  });

  it("goes on over a ring in which no cluster has it", async () => {
    hold("prod-eu");
    const { code, out, err } = await rollout();
    assert.equal(code, 0, err);
    assert.match(
      err,
      /\nprod\/early: prod-eu keeps .*\nprod\/early: no cluster has it, so there is nothing to wait for\n/,
    );
    assert.match(out, /but these:\n {2}prod-eu keeps/);
  });

  it("says so where no cluster of the stage has it", async () => {
    hold(...all);
    const { code, out, err } = await rollout();
    assert.equal(code, 0, err);
    const lines = out.split(/(?<=\n)/);
    assert.equal(lines.shift(), "orders web 1.1.0, 1.4.0 is in prod, and no cluster has it:\n");
    assert.deepEqual(lines.sort(), all.map(held).sort());
  });
});
