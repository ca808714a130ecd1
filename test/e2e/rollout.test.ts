import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../support/root";
import { runWorkflowJob } from "./support/composite";
import { eventually } from "./support/eventually";
import { Rings } from "./support/rings";

const rings = ["canary", "early", "rest"] as const;
const stage = "gitops/apps/orders/stages/prod";

describe("a rollout over three clusters", () => {
  const fleet = new Rings(rings, ["staging"]);
  const { checkout, clusters } = fleet;
  const rollout = (...words: string[]) => fleet.rollout("orders", ...words);
  const promote = (...words: string[]) =>
    checkout.onebranch("promote", "orders", "--to", "prod", "--commit", "--offline", ...words);
  const images = () => rings.map((ring) => fleet.image(ring));
  const release = (tag: string) => fleet.release(/tag: \S+/, `tag: ${tag}`);

  before(async function () {
    this.timeout(1_200_000);
    await fleet.up();
  });
  after(async function () {
    await fleet.down();
  });

  it("asks staging before the first ring, and refuses what has not soaked there, or cannot be seen there", async () => {
    const before = checkout.git("rev-parse", "HEAD");
    const head =
      "orders stays where it is: every cluster of staging has to have exactly its pin for 1h, Synced and Healthy:";
    const early = await promote("--soak", "1h");
    assert.equal(early.code, 1, early.output);
    assert.match(
      early.stderr,
      new RegExp(`^${head}\\n {2}staging has it Synced and Healthy since .*; 1h are over at `),
    );
    const back = fleet.silence("staging");
    const blind = await promote("--soak", "1s").finally(back);
    assert.equal(blind.code, 1, blind.output);
    assert.match(
      blind.stderr,
      /\n {2}staging cannot be reached, which counts as not yet: the API server gives no answer/,
    );
    assert.equal(checkout.git("rev-parse", "HEAD"), before);
    assert.equal(checkout.git("status", "--porcelain"), "");
  });

  it("takes a good version through all rings by itself, and the soak is counted from the clusters", async () => {
    const before = checkout.git("rev-parse", "HEAD");
    const soaked = await rollout("--soak", "4s", "--timeout", "3m");
    assert.equal(soaked.code, 0, soaked.output);
    assert.deepEqual(
      fleet.subjects(before),
      ["rest", "early", "canary"].map((ring) => `Promote orders to prod/${ring}`),
    );
    assert.deepEqual(images(), ["6.9.2", "6.9.2", "6.9.2"]);
    assert.match(soaked.stderr, /prod\/canary {2}prod-canary {2}has it Synced and Healthy since .*; 4s are over at /);
    const again = await rollout();
    assert.deepEqual([again.code, fleet.subjects(before).length], [0, 3], again.output);
  });

  it("takes a version back whose pods never become ready in ring two, and goes on with that after SIGKILL at each step", async () => {
    const before = release("6.9.3");
    const tree = checkout.git("rev-parse", `HEAD:${stage}`);
    await eventually(clusters.rest.followed(before), 120);
    const untouched = clusters.rest.versions();
    const room = fleet.full("early");
    const { code, output, killedAt } = await untilTakenBack(before).finally(room);
    assert.equal(code, 1, output);
    assert.ok(killedAt.length >= 4, killedAt.join("\n"));
    assert.deepEqual(fleet.subjects(before), [
      "Take orders in prod/canary back",
      "Take orders in prod/early back",
      "Promote orders to prod/early",
      "Promote orders to prod/canary",
    ]);
    assert.equal(checkout.git("rev-parse", `HEAD:${stage}`), tree);
    assert.equal(checkout.git("status", "--porcelain"), "");
    assert.deepEqual(images(), ["6.9.2", "6.9.2", "6.9.2"]);
    assert.deepEqual(clusters.rest.versions(), untouched);
    assert.match(output, /\n {2}prod-early is (Progressing|Degraded).*\n/);
    assert.match(output, /ReplicaSet orders-\w+: FailedCreate: .*exceeded quota/);
    const again = await rollout();
    assert.deepEqual([again.code, fleet.subjects(before).length], [1, 4], again.output);
  });

  /** Runs a rollout that fails in early again and again: each run is killed when it says why, takes a step back, or watches one go back. */
  async function untilTakenBack(before: string) {
    const killedAt: string[] = [];
    for (;;) {
      const [newest = ""] = fleet.subjects(before);
      // Once early is known to fail, a run need not wait for it long. On a busy machine a ring that works takes a while.
      const knownBad = killedAt.length > 0 && newest.startsWith("Promote");
      const command = fleet.start("orders", "--timeout", knownBad ? "10s" : "150s");
      let isGoingBack = newest.startsWith("Take");
      command.onLine((line) => {
        const [step] = /^prod-early is|Take orders in \S+ back|^prod\/\S+ +\S+ +\w+/.exec(line) ?? [];
        isGoingBack ||= step !== undefined && !step.startsWith("prod/");
        if (step === undefined || !isGoingBack || killedAt.includes(step)) return;
        killedAt.push(step);
        command.signal("SIGKILL");
      });
      const result = await command.result();
      if (result.signal !== "SIGKILL") return { ...result, killedAt };
    }
  }

  it("goes on after SIGKILL at each line that it prints", async () => {
    const before = release("6.9.4");
    const killedAt: string[] = [];
    for (;;) {
      const command = fleet.start("orders", "--timeout", "3m");
      command.onLine((line) => {
        const step = line.replace(/\b[0-9a-f]{7,}\b/g, "");
        if (!/prod\//.test(step) || killedAt.includes(step)) return;
        killedAt.push(step);
        command.signal("SIGKILL");
      });
      const result = await command.result();
      if (result.signal === "SIGKILL") continue;
      assert.equal(result.code, 0, result.output);
      break;
    }
    assert.ok(killedAt.length >= 4, killedAt.join("\n"));
    assert.equal(fleet.subjects(before).length, 3, fleet.subjects(before).join("\n"));
    assert.deepEqual(images(), ["6.9.4", "6.9.4", "6.9.4"]);
    assert.equal(checkout.git("status", "--porcelain"), "");
  });

  it("promotes into the first ring what staging has had for long enough, and rolls out from there", async () => {
    const before = release("6.9.5");
    await eventually(clusters.staging.followed(before), 120);
    await eventually(async () => {
      const { code, output } = await promote("--soak", "2s");
      return { holds: code === 0, message: output };
    }, 60);
    assert.deepEqual(fleet.subjects(before), ["Promote orders to prod/canary"]);
    assert.doesNotMatch(checkout.git("log", "-1", "--format=%B"), /soak/);
  });

  it("makes no step into a ring whose cluster is down, and goes on when it is back", async () => {
    const before = checkout.git("rev-parse", "HEAD");
    const back = fleet.silence("early");
    const down = await rollout("--timeout", "3m").finally(back);
    assert.equal(down.code, 1, down.output);
    assert.match(
      down.stderr,
      /orders does not go to prod\/early, and nothing was committed:\n {2}prod-early cannot be reached: the API server gives no answer/,
    );
    assert.deepEqual(fleet.subjects(before), []);
    const { code, output } = await rollout("--timeout", "3m");
    assert.equal(code, 0, output);
    assert.deepEqual(images(), ["6.9.5", "6.9.5", "6.9.5"]);
  });

  it("runs as the job of the workflow, which pushes each commit", () => {
    const before = release("6.9.6");
    const remote = join(checkout.home, "origin.git");
    execFileSync("git", ["clone", "--quiet", "--bare", checkout.root, remote]);
    checkout.git("remote", "set-url", "origin", remote);
    const inputs = { component: "orders", stage: "prod", soak: "2s" };
    const outcome = runWorkflowJob(join(root, "docs/workflows/rollout.yml"), "rollout", {
      root: checkout.root,
      scratch: join(checkout.home, "runner"),
      env: checkout.environment(),
      github: {
        ...{ event_name: "workflow_dispatch", repository: "acme/fleet", sha: before },
        event: { inputs, repository: { default_branch: "main" } },
      },
      installed: ["npm ci"],
    });
    assert.equal(outcome?.code, 0, outcome?.log);
    assert.equal(outcome?.summary, "orders web-service 1.1.0, 6.9.6 is in every cluster of prod, Synced and Healthy\n");
    const pushed = execFileSync("git", ["-C", remote, "rev-parse", "main"], { encoding: "utf8" }).trim();
    assert.deepEqual([pushed, fleet.subjects(before).length], [checkout.git("rev-parse", "HEAD"), 3]);
    assert.deepEqual(images(), ["6.9.6", "6.9.6", "6.9.6"]);
  });
});
