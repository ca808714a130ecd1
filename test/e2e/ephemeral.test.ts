import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterStatus } from "../../cli/verbs/status/show-status";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { filesOf, processesOf } from "./support/leftovers";

const past = "2026-01-02T03:04:05Z";

/** Two stacks of pull requests beside each other, from the first `up` until nothing of them is left. */
describe("ephemeral stacks", () => {
  const checkout = new Checkout();
  const clusters = {} as Record<"pr-1" | "pr-2" | "pr-3", Cluster>;
  const up = (stack: string, ...more: string[]) => ["up", stack, "--provider", "embedded", "--yes", ...more];
  const stackFile = (stack: string) =>
    join(checkout.root, ".onebranch/state/.pulumi/stacks/onebranch", `${stack}.json`);
  const outputs = (cluster: Cluster) =>
    (
      JSON.parse(
        cluster.kubectl("get", "configmap", "cluster-identity", "--namespace", "kube-system", "--output", "json"),
      ) as { data: Record<string, string> }
    ).data;

  /** Leaves everything that was written of a stack as it is once its time has passed. */
  function letTimePass(stack: string): void {
    const directory = join(checkout.root, ".onebranch/pulumi", stack);
    const kept = readdirSync(directory).map((name) => join(directory, name));
    const end = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=\\?")/g;
    const files = [stackFile(stack), ...kept, join(checkout.root, `Pulumi.${stack}.yaml`)].filter(
      (file) => existsSync(file) && statSync(file).isFile(),
    );
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      // Pulumi's own times have fractions of a second.
      writeFileSync(file, text.replace(end, past).replace(/(expires: )20[^\s]+Z/g, `$1${past}`));
    }
  }

  /** Ends every process of every cluster, as the end of the machine does. */
  function killEverything(): void {
    const lines = processesOf(join(checkout.root, ".onebranch"));
    assert.ok(lines.length > 5, "the clusters should run");
    for (const line of lines) process.kill(Number(line.split(" ")[0]), "SIGKILL");
  }

  const said = ({ stdout }: { stdout: string }) => stdout.trimEnd().split("\n");

  before(async () => {
    for (const stack of ["pr-1", "pr-2", "pr-3"] as const) clusters[stack] = await Cluster.of(checkout, stack);
  });

  after(async () => {
    for (const stack of Object.keys(clusters)) await checkout.onebranch("destroy", stack, "--yes");
    checkout.remove();
  });

  it("come up beside each other with the identity of dev, and names, hosts and ports of their own", async () => {
    await checkout.succeed(...up("pr-1", "--from", "dev", "--ttl", "4h"));
    await checkout.succeed(...up("pr-2", "--from", "dev", "--ttl", "4h"));
    const [one, two] = [outputs(clusters["pr-1"]), outputs(clusters["pr-2"])];
    assert.deepEqual([one.name, one.stage, two.name, two.stage], ["dev", "dev", "dev", "dev"]);
    assert.deepEqual([one.stack, two.stack], ["pr-1", "pr-2"]);
    assert.deepEqual([one.domain, two.domain], ["pr-1.dev.us.onebranch.example", "pr-2.dev.us.onebranch.example"]);
    const portsOf = (cluster: Cluster) =>
      Object.values(JSON.parse(readFileSync(join(cluster.folder, "ports.json"), "utf8")) as Record<string, number>);
    const ports = [...portsOf(clusters["pr-1"]), ...portsOf(clusters["pr-2"])].map(String);
    assert.equal(new Set(ports).size, ports.length, ports.join(", "));
    const guestbook = (cluster: Cluster) =>
      cluster.kubectl("get", "configmap", "guestbook", "--namespace", "guestbook", "--output", "yaml");
    for (const stack of ["pr-1", "pr-2"] as const) assert.match(guestbook(clusters[stack]), /Guestbook \(dev\)/);
  });

  it("have their end in the state, and status shows it", async () => {
    const { stdout } = await checkout.succeed("status", "--json");
    const found = JSON.parse(stdout) as ClusterStatus[];
    for (const { cluster, lifetime } of found) {
      assert.equal(lifetime?.from, "dev");
      assert.ok(readFileSync(stackFile(cluster), "utf8").includes(`"expires":"${lifetime?.expires}"`), cluster);
    }
    const { output } = await checkout.succeed("status");
    assert.match(output, /^pr-2 takes the identity of dev; its time runs out in (3 h \d+ min|4 h) \(20\S+Z\)$/m);
  });

  it("change nothing the second time, without repeating what was given", async () => {
    const { stdout } = await checkout.succeed(...up("pr-1"), "--json");
    assert.deepEqual(Object.keys((JSON.parse(stdout) as { changes: object }).changes), ["same"]);
  });

  it("are refused by up and preview when their time ran out, and named by status", async () => {
    letTimePass("pr-2");
    for (const args of [up("pr-2"), ["preview", "pr-2"]]) {
      const { code, stderr } = await checkout.onebranch(...args);
      assert.equal(code, 2);
      assert.match(
        stderr,
        /^the time of pr-2 ran out .* ago \(2026-01-02T03:04:05Z\); renew it: onebranch up pr-2 --ttl 4h/m,
      );
    }
    const { code, stdout } = await checkout.onebranch("status");
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^pr-2 takes the identity of dev; its time ran out .* ago \(2026-01-02T03:04:05Z\): renew it with/m,
    );
  });

  it("live on when they are renewed", async () => {
    letTimePass("pr-1");
    assert.equal((await checkout.onebranch(...up("pr-1"))).code, 2);
    await checkout.succeed(...up("pr-1", "--ttl", "2h"));
    assert.ok(!readFileSync(stackFile("pr-1"), "utf8").includes(past));
  });

  it("are told apart by sweep --dry-run, which ends nothing", async () => {
    const before = processesOf(checkout.root).length;
    const [kept, over, ...more] = said(await checkout.succeed("sweep", "--dry-run"));
    assert.match(kept!, /^kept pr-1: its time runs out in (1 h \d+ min|2 h) /);
    assert.match(over!, /^would destroy pr-2: its time ran out .* ago \(2026-01-02T03:04:05Z\)$/);
    assert.deepEqual(more, []);
    assert.equal(processesOf(checkout.root).length, before);
  });

  it("are swept after the machine went down, and only those that are past their time", async () => {
    killEverything();
    const [kept, destroyed] = said(await checkout.succeed("sweep", "--yes"));
    assert.match(kept!, /^kept pr-1: /);
    assert.match(destroyed!, /^destroyed pr-2: /);
    assert.equal(existsSync(clusters["pr-2"].folder), false);
    assert.equal(existsSync(stackFile("pr-2")), false);
    await checkout.succeed(...up("pr-1"));
  });

  it("are the same with two settings in a file, which Git ignores; several that ran out go at once", async () => {
    const settings = { from: "dev", expires: new Date(Date.now() + 3_600_000).toISOString() };
    const lines = Object.entries(settings).map(([key, value]) => `  onebranch:${key}: ${value}\n`);
    writeFileSync(join(checkout.root, "Pulumi.pr-3.yaml"), `config:\n${lines.join("")}`);
    await checkout.succeed(...up("pr-3"));
    assert.equal(checkout.git("status", "--porcelain"), "");
    assert.equal(outputs(clusters["pr-3"]).domain, "pr-3.dev.us.onebranch.example");
    assert.ok(readFileSync(stackFile("pr-3"), "utf8").includes(settings.expires));
    writeFileSync(stackFile("pr-3"), readFileSync(stackFile("pr-3"), "utf8").replaceAll(settings.expires, past));
    letTimePass("pr-1");
    killEverything();
    const swept = said(await checkout.succeed("sweep", "--yes"));
    assert.deepEqual(
      swept.map((line) => line.split(":")[0]),
      ["destroyed pr-1", "destroyed pr-3"],
    );
    assert.deepEqual(filesOf(join(checkout.root, ".onebranch")), []);
    assert.deepEqual(processesOf(checkout.root), []);
  });
});
