import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { wantsColour } from "../../../../cli/terminal/colour";
import { plan as verb } from "../../../../cli/verbs/plan/command";
import { PlanTree } from "../../support/plan-tree";
import { keepRepo } from "../../support/tree-repo";

describe("onebranch plan", () => {
  const tree = keepRepo(new PlanTree());
  before(() => void tree.edit("apps/guestbook/stages/staging/pin.yaml", "tag: 6.9.1", "tag: 6.9.2"));

  const wrong: [string[], string][] = [
    [["--cluster", "stagin"], "there is no cluster stagin on either side; did you mean staging?\n"],
    [["--stage", "q"], "there is no stage q on either side; there are dev, staging, prod\n"],
    [["--component", "guestbok"], "there is no component guestbok on either side; did you mean guestbook?\n"],
    [["--stage", "dev", "--cluster", "prod"], "no cluster is both in stage dev and named prod\n"],
    [["--json", "--markdown"], "--json and --markdown are two forms of the same output; keep one\n"],
    [["main...HEAD", "HEAD"], '"main...HEAD" names both sides already; leave out "HEAD"\n'],
    [["nowhere...HEAD"], '"nowhere" names no commit of this repository; look at git branch --all, or fetch it first\n'],
    [["nowhere"], '"nowhere" names no commit of this repository; look at git branch --all, or fetch it first\n'],
  ];
  for (const [words, message] of wrong) {
    it(`refuses ${words.join(" ")}`, async () => {
      assert.deepEqual(await tree.run("plan", ...words), { code: 2, out: "", err: message });
    });
  }

  it("exits 1 for a change only with --exit-code", async () => {
    assert.equal((await tree.run("plan", "--offline")).code, 0);
    assert.equal((await tree.run("plan", "--offline", "--exit-code")).code, 1);
  });

  it("keeps to a stage, a cluster and a component", async () => {
    assert.equal((await tree.plan("--stage", "staging")).changes.length, 1);
    assert.equal((await tree.plan("--stage", "prod", "--stage", "dev")).changes.length, 0);
    assert.equal((await tree.plan("--cluster", "staging", "--component", "guestbook")).changes.length, 1);
    const other = await tree.plan("--cluster", "staging", "--component", "orders");
    assert.deepEqual([other.changes, other.clusters.map(({ name }) => name)], [[], ["staging"]]);
  });

  it("writes the page into a file", async () => {
    const { code, out, err } = await tree.run("plan", "--offline", "--html", "plan.html");
    assert.deepEqual([code, out, err], [0, "", "wrote plan.html\n"]);
    assert.match(readFileSync(join(tree.root, "plan.html"), "utf8"), /^<!doctype html>/);
    const missing = await tree.run("plan", "--offline", "--html", "none/plan.html");
    assert.deepEqual([missing.code, missing.err.split(":")[0]], [1, "none/plan.html cannot be written"]);
  });

  it("runs every example of its help", async () => {
    tree.commit();
    for (const { line } of verb.examples) {
      const { code, err } = await tree.run("plan", "--offline", ...line.split(" ").slice(2));
      assert.equal(code, 0, `${line}: ${err}`);
    }
  });

  it("colours only a terminal that wants it", () => {
    assert.equal(wantsColour({ terminal: true, env: {} }), true);
    assert.equal(wantsColour({ terminal: true, env: { NO_COLOR: "1" } }), false);
    assert.equal(wantsColour({ terminal: true, env: { NO_COLOR: "" } }), true);
    assert.equal(wantsColour({ terminal: true, env: { TERM: "dumb" } }), false);
    assert.equal(wantsColour({ env: {} }), false);
  });

  it("does not guess where the work started", async () => {
    tree.git("branch", "-m", "main", "trunk");
    const { code, out, err } = await tree.run("plan", "--offline");
    tree.git("branch", "-m", "trunk", "main");
    assert.deepEqual([code, out], [2, ""]);
    assert.equal(
      err,
      "this clone has no branch main or master, and its remote names no other, so it cannot tell where the work started; name BASE, or fetch the branch (in GitHub Actions: fetch-depth: 0)\n",
    );
  });

  it("tells the depth that a shallow clone needs", async () => {
    tree.write("stages/.keep", "").commit();
    tree.git("clone", "-q", "--depth", "1", `file://${tree.root}`, join(tree.root, "shallow"));
    const { code, err } = await tree.run("plan", "HEAD~1", "--tree", "shallow");
    assert.deepEqual(
      [code, err],
      [
        2,
        '"HEAD~1" is not in this shallow clone; fetch more of the history: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)\n',
      ],
    );
  });
});
