import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/root";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { runWorkflowJob } from "./support/composite";
import { eventually } from "./support/eventually";

const rings = ["canary", "early", "rest"] as const;
const stage = "gitops/apps/orders/stages/prod";

/** prod as three clusters, one in each ring. dev and staging have pins, which is all that a rollout reads of them. */
describe("a rollout over three clusters", () => {
  const checkout = new Checkout();
  const clusters = {} as Record<(typeof rings)[number], Cluster>;
  const start = (...words: string[]) => checkout.start("rollout", "orders", "--to", "prod", ...words);
  const rollout = (...words: string[]) => start(...words).result();
  const subjects = (since: string) => checkout.git("log", "--format=%s", `${since}..HEAD`).split("\n").filter(Boolean);
  const image = (ring: (typeof rings)[number]) =>
    clusters[ring]
      .kubectl(
        "get",
        "deployment",
        "orders",
        "-n",
        "orders",
        "-o",
        "jsonpath={.spec.template.spec.containers[0].image}",
      )
      .split(":")[1];

  before(async function () {
    this.timeout(1_200_000);
    checkout.git("config", "user.name", "rollout");
    checkout.git("config", "user.email", "rollout@onebranch.test");
    checkout.edit("gitops/stages/prod.yaml", /^syncWindows:\n[^]*/m, "rings: [canary, early, rest]\n");
    const identity = checkout.read("gitops/clusters/prod/cluster.yaml");
    rmSync(join(checkout.root, "gitops/clusters/prod"), { recursive: true });
    for (const ring of rings) {
      const name = `prod-${ring}`;
      mkdirSync(join(checkout.root, "gitops/clusters", name));
      const own = identity.replace("name: prod", `name: ${name}`).replace("stage: prod", `stage: prod\nring: ${ring}`);
      writeFileSync(
        join(checkout.root, "gitops/clusters", name, "cluster.yaml"),
        own.replace("domain: ", `domain: ${ring}.`),
      );
      writeFileSync(join(checkout.root, `Pulumi.${name}.yaml`), "config: {}\n");
    }
    rmSync(join(checkout.root, "Pulumi.prod.yaml"));
    checkout.commit("three rings");
    for (const ring of rings) {
      clusters[ring] = await Cluster.of(checkout, `prod-${ring}`);
      await checkout.succeed("up", `prod-${ring}`, "--provider", "embedded", "--yes");
    }
  });

  after(async function () {
    this.timeout(600_000);
    for (const ring of rings) await checkout.onebranch("destroy", `prod-${ring}`, "--yes");
    checkout.remove();
  });

  /** A new version in dev and staging, as its commit. */
  function release(tag: string): string {
    for (const name of ["dev", "staging"])
      checkout.edit(`gitops/apps/orders/stages/${name}/pin.yaml`, /tag: \S+/, `tag: ${tag}`);
    return checkout.commit(`orders ${tag}`);
  }

  it("takes a good version through all rings by itself, and the soak is counted from the clusters", async () => {
    const before = checkout.git("rev-parse", "HEAD");
    const soaked = await rollout("--soak", "4s", "--timeout", "3m");
    assert.equal(soaked.code, 0, soaked.output);
    assert.deepEqual(
      subjects(before).map((subject) => /prod\/(\w+)/.exec(subject)?.[1]),
      ["rest", "early", "canary"],
    );
    assert.deepEqual(rings.map(image), ["6.9.2", "6.9.2", "6.9.2"]);
    assert.match(soaked.stderr, /prod\/canary {2}prod-canary {2}has it Synced and Healthy since .*; 4s are over at /);
    const again = await rollout();
    assert.deepEqual([again.code, subjects(before).length], [0, 3], again.output);
  });

  it("takes a version back whose pods never become ready in ring two", async () => {
    const before = release("6.9.3");
    const tree = checkout.git("rev-parse", `HEAD:${stage}`);
    await eventually(clusters.rest.followed(before), 120);
    const untouched = clusters.rest.versions();
    // Room for the pods that run, and for no other.
    const pods = clusters.early.list("pods", "orders").length;
    clusters.early.kubectl("create", "quota", "full", "--namespace", "orders", `--hard=pods=${pods}`);
    // On a busy machine the good ring takes a while, too.
    const { code, output } = await rollout("--timeout", "150s");
    clusters.early.kubectl("delete", "quota", "full", "--namespace", "orders");
    assert.equal(code, 1, output);
    assert.deepEqual(
      subjects(before).map((subject) => subject.replace(/:.*/, "")),
      [
        "Take orders in prod/canary back",
        "Take orders in prod/early back",
        "Promote orders to prod/early",
        "Promote orders to prod/canary",
      ],
    );
    assert.equal(checkout.git("rev-parse", `HEAD:${stage}`), tree);
    assert.deepEqual(rings.map(image), ["6.9.2", "6.9.2", "6.9.2"]);
    assert.deepEqual(clusters.rest.versions(), untouched);
    assert.match(output, /\n {2}prod-early is (Progressing|Degraded).*\n/);
    assert.match(output, /ReplicaSet orders-\w+: FailedCreate: .*exceeded quota/);
    const again = await rollout();
    assert.deepEqual([again.code, subjects(before).length], [1, 4], again.output);
  });

  it("goes on after SIGKILL at each line that it prints", async () => {
    const before = release("6.9.4");
    const killedAt: string[] = [];
    for (;;) {
      const command = start("--timeout", "3m");
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
    assert.equal(subjects(before).length, 3, subjects(before).join("\n"));
    assert.deepEqual(rings.map(image), ["6.9.4", "6.9.4", "6.9.4"]);
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
    assert.equal(subjects(before).length, 1);
    const { code, output } = await rollout("--timeout", "3m");
    assert.equal(code, 0, output);
    assert.deepEqual(rings.map(image), ["6.9.5", "6.9.5", "6.9.5"]);
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
    assert.deepEqual([pushed, subjects(before).length], [checkout.git("rev-parse", "HEAD"), 3]);
    assert.deepEqual(rings.map(image), ["6.9.6", "6.9.6", "6.9.6"]);
  });
});
