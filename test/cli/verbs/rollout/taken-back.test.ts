import assert from "node:assert/strict";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet, type Following } from "./fleet";

const prod = "gitops/apps/orders/stages/prod";

/** orders 1.4.0 is in staging alone; canary is prod-us, early prod-eu, rest prod-eu-2 and prod-us-2. */
describe("onebranch rollout takes back", function () {
  const fleet = renewRepo(new Fleet());
  let early: Following, rest: Following[];
  let start: string, tree: string;
  const rollout = (...words: string[]) => fleet.run("rollout", "orders", "--to", "prod", ...words);
  const treeNow = () => fleet.git("rev-parse", `HEAD:${prod}`);
  const subject = () => fleet.git("log", "-1", "--format=%s");
  const subjects = () => fleet.git("log", "--format=%s", `${start}..HEAD`).split("\n").filter(Boolean).reverse();
  const [promoted, back] = [
    (ring: string) => `Promote orders to prod/${ring}: web 1.1.0, 1.4.0`,
    (ring: string) => `Take orders in prod/${ring} back`,
  ];

  beforeEach(() => {
    fleet.git("rm", "--quiet", "-r", `${prod}/rings`);
    start = fleet.commit("at rest");
    tree = treeNow();
    fleet.io.today = at("06:00");
    fleet.io.whileAsleep = () => undefined;
    fleet.follows("prod-us", "canary");
    early = fleet.follows("prod-eu", "early");
    rest = ["prod-eu-2", "prod-us-2"].map((name) => fleet.follows(name, "rest"));
  });

  it("all rings, and the stage is what it was, where the last ring fails", async () => {
    rest[0]!.bad = ["1.4.0"];
    const { code, out } = await rollout();
    assert.equal(code, 1);
    assert.match(out, /\n {2}prod-eu-2 is Degraded: /);
    const rings = ["canary", "early", "rest"];
    assert.deepEqual(subjects(), [...rings.map(promoted), ...rings.reverse().map(back)]);
    assert.equal(treeNow(), tree);
    for (const cluster of rest) assert.deepEqual(cluster.had, ["1.3.0", "1.4.0", "1.3.0"]);
  });

  it("the steps that are left when it was killed between two of them and runs again", async () => {
    early.bad = ["1.4.0"];
    let isKilled = true;
    early.atLook = () => (early.more = isKilled && subject() === back("early") ? { health: "Progressing" } : {});
    fleet.io.whileAsleep = () => {
      if (isKilled && subject() === back("early")) throw new Error("killed");
    };
    assert.notEqual((await rollout()).code, 0);
    const soFar = [promoted("canary"), promoted("early"), back("early")];
    assert.deepEqual(subjects(), soFar);
    isKilled = false;
    const { code, out } = await rollout();
    assert.equal(code, 1);
    assert.match(out, /^orders was taken back from prod\/canary .*:\n {2}prod-eu is Degraded: /);
    assert.deepEqual(subjects(), [...soFar, back("canary")]);
    assert.equal(treeNow(), tree);
  });

  it("no further than to a ring that does not come back, and says which cluster it is", async () => {
    early.bad = ["1.4.0"];
    early.atLook = () => {
      if (subject() === back("early")) throw new Error("the API server does not answer");
    };
    const { code, out } = await rollout("--timeout", "20s");
    assert.equal(code, 1);
    assert.equal(subjects().at(-1), back("early"));
    assert.match(
      out,
      /\nnot all of its clusters are back yet:\n {2}prod-eu cannot be reached, which counts as not yet: the API server does not answer, and 20\.0 s are over\n$/,
    );
    early.atLook = () => undefined;
    assert.match((await rollout()).out, /its clusters are Synced and Healthy again/);
    assert.equal(treeNow(), tree);
  });
});
