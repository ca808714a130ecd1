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
  const fleet = new Rings(rings);
  const { checkout, clusters } = fleet;
  const rollout = (...words: string[]) => fleet.rollout("orders", ...words);
  const images = () => rings.map((ring) => fleet.image(ring));
  const release = (tag: string) => fleet.release(/tag: \S+/, `tag: ${tag}`);

  before(async function () {
    this.timeout(1_200_000);
    await fleet.up();
  });
  after(async function () {
    await fleet.down();
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

  it("takes a version back whose pods never become ready in ring two", async () => {
    const before = release("6.9.3");
    const tree = checkout.git("rev-parse", `HEAD:${stage}`);
    await eventually(clusters.rest.followed(before), 120);
    const untouched = clusters.rest.versions();
    const room = fleet.full("early");
    // On a busy machine the good ring takes a while, too.
    const { code, output } = await rollout("--timeout", "150s");
    room();
    assert.equal(code, 1, output);
    assert.deepEqual(fleet.subjects(before), [
      "Take orders in prod/canary back",
      "Take orders in prod/early back",
      "Promote orders to prod/early",
      "Promote orders to prod/canary",
    ]);
    assert.equal(checkout.git("rev-parse", `HEAD:${stage}`), tree);
    assert.deepEqual(images(), ["6.9.2", "6.9.2", "6.9.2"]);
    assert.deepEqual(clusters.rest.versions(), untouched);
    assert.match(output, /\n {2}prod-early is (Progressing|Degraded).*\n/);
    assert.match(output, /ReplicaSet orders-\w+: FailedCreate: .*exceeded quota/);
    const again = await rollout();
    assert.deepEqual([again.code, fleet.subjects(before).length], [1, 4], again.output);
  });

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

  it("makes no step into a ring whose cluster is down, and goes on when it is back", async () => {
    const before = release("6.9.5");
    const [pid] = execFileSync("pgrep", ["-f", `kube-apiserver.*${clusters.early.folder}`], { encoding: "utf8" }).split(
      "\n",
    );
    process.kill(Number(pid), "SIGSTOP");
    const down = await rollout("--timeout", "3m").finally(() => process.kill(Number(pid), "SIGCONT"));
    assert.equal(down.code, 1, down.output);
    assert.match(
      down.stderr,
      /orders does not go to prod\/early, and nothing was committed:\n {2}prod-early cannot be reached: the API server gives no answer/,
    );
    assert.equal(fleet.subjects(before).length, 1);
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
