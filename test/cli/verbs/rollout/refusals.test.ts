import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thisProcess } from "../../../../machine/processes";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet, type Following } from "./fleet";

const prod = "gitops/apps/orders/stages/prod";

/** What a rollout refuses before it has done anything. */
describe("onebranch rollout refuses", function () {
  const fleet = renewRepo(new Fleet());
  let canary: Following;
  const said = async (...words: string[]) => {
    const { code, err } = await fleet.run("rollout", ...words);
    assert.notEqual(code, 0);
    return err;
  };
  const rollout = (...words: string[]) => said("orders", "--to", "prod", ...words);

  beforeEach(() => {
    fleet.git("rm", "--quiet", "-r", `${prod}/rings`);
    fleet.commit("at rest");
    fleet.io.today = at("06:00");
    canary = fleet.follows("prod-us", "canary");
    fleet.follows("prod-eu", "early");
    for (const name of ["prod-eu-2", "prod-us-2"]) fleet.follows(name, "rest");
  });

  it("what is wrong with the command line, and changes in its files", async () => {
    assert.match(await said("orders"), /say which stage it goes through with --to STAGE/);
    assert.match(await said("orders", "--to", "prd"), /there is no stage prd; did you mean prod\?/);
    assert.match(await said("order", "--to", "prod"), /there is no component order; did you mean orders\?/);
    assert.match(await rollout("--soak", "x"), /--soak must be a duration such as/);
    assert.match(await rollout("--timeout", "x"), /--timeout must be a duration such as/);
    assert.match(await rollout("--take-back", "x"), /all or last|all, last/);
    for (const name of ["during-freeze", "force-soak"])
      assert.match(await rollout(`--${name}`, " "), new RegExp(`say with --${name} REASON why it cannot wait`));
    fleet.put({ [`${prod}/values.yaml`]: "replicas: 9\n" });
    for (const words of [[], ["--dry-run"]])
      assert.match(await rollout(...words), /values\.yaml has changes that are not committed/);
    fleet.reset();
    fleet.git("checkout", "--quiet", "--detach");
    assert.match(await rollout(), /HEAD is not on a branch; check out the branch that the clusters follow/);
    fleet.git("checkout", "--quiet", "main");
    assert.match(await rollout("--push"), /this repository has no remote origin to push to/);
  });

  it("a step that Git makes no commit of, and changes nothing", async () => {
    const before = fleet.head();
    // No new object can be written: where its directory would be is a file.
    const places = Array.from({ length: 256 }, (_, i) =>
      join(fleet.root, ".git/objects", Buffer.of(i).toString("hex")),
    );
    const free = places.filter((place) => !existsSync(place));
    for (const place of free) writeFileSync(place, "");
    const said = await rollout().finally(() => free.forEach((place) => rmSync(place)));
    assert.match(said, /^nothing was written: Git makes no commit: /);
    assert.deepEqual([fleet.head(), fleet.changes()], [before, []]);
  });

  it("to go through a freeze that has no end", async () => {
    const stage = "gitops/stages/prod.yaml";
    const window = "{ kind: deny, schedule: '* * * * *', duration: 1h }";
    fleet.put({ [stage]: `${fleet.read(stage)}syncWindows:\n  - ${window}\n` });
    const start = fleet.commit("a freeze");
    assert.equal(
      await rollout(),
      "prod is frozen with no end in sight (deny * * * * * for 1h in gitops/stages/prod.yaml); change the windows, or say with --during-freeze REASON why it cannot wait\n",
    );
    assert.equal(fleet.head(), start);
  });

  it("a second one in the same repository", async () => {
    const lock = join(fleet.root, ".git", "onebranch-rollout-orders-prod.lock");
    writeFileSync(lock, JSON.stringify({ ...thisProcess(), id: "other" }));
    assert.match(
      await rollout(),
      /^another onebranch \(process \d+\) is rolling orders out to prod in this repository; it goes on, and this one changes nothing: wait for it, or end it\n$/,
    );
    writeFileSync(lock, JSON.stringify({ pid: 2 ** 22 + 1, start: "gone", id: "dead" }));
    assert.equal((await fleet.run("rollout", "orders", "--to", "prod")).code, 0);
  });

  it("to leave half of a step where Git cannot bring it into the checkout", async () => {
    const start = fleet.head();
    const lock = join(fleet.root, ".git", "index.lock");
    writeFileSync(lock, "");
    assert.match(await rollout().finally(() => rmSync(lock)), /^nothing was changed: [^]*index\.lock/);
    assert.deepEqual([fleet.head(), fleet.changes()], [start, []]);
  });

  it("to make a step that it could not watch", async () => {
    const start = fleet.head();
    fleet.answers("prod-us", new Error("the API server does not answer"));
    assert.equal(
      await rollout(),
      "orders does not go to prod/canary, and nothing was committed:\n  prod-us cannot be reached: the API server does not answer\n",
    );
    canary = fleet.follows("prod-us", "canary");
    canary.more = { follows: { repoURL: "file:///tree", revision: "release" } };
    assert.match(await rollout(), /\n {2}prod-us follows release, and this is main\n$/);
    fleet.has("prod-us", fleet.clusters.get("prod-us")!, false);
    canary.more = { follows: { repoURL: "https://git.example.com/tree", revision: "main" } };
    assert.match(
      await rollout(),
      /\n {2}prod-us follows https:\/\/git\.example\.com\/tree, which a commit here does not reach: use --push\n$/,
    );
    assert.equal(fleet.head(), start);
  });
});
