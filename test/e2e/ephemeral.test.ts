import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { ClusterStatus } from "../../cli/verbs/status/show-status";
import { findToolchain, programParts } from "../../infra/providers/embedded/toolchain";
import { inCheckout } from "../support/paths";
import { root } from "../support/root";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { filesOf, nothingRuns, processesOf } from "./support/leftovers";

const past = "2026-01-02T03:04:05Z";
const passphrase = "of the team";

/** Two stacks of pull requests beside each other, from the first `up` until nothing of them is left. */
describe("ephemeral stacks", () => {
  const checkout = new Checkout();
  const clusters = {} as Record<"pr-1" | "pr-2" | "pr-3", Cluster>;
  const up = (stack: string, ...more: string[]) => ["up", stack, "--provider", "embedded", "--yes", ...more];
  /** The backend of the person who uses Pulumi alone. */
  const team = join(checkout.home, "team");
  const stackFile = (stack: string) =>
    join(
      stack === "pr-3" ? team : join(checkout.root, ".onebranch/state"),
      ".pulumi/stacks/onebranch",
      `${stack}.json`,
    );
  const outputs = (cluster: Cluster) =>
    (
      JSON.parse(
        cluster.kubectl("get", "configmap", "cluster-identity", "--namespace", "kube-system", "--output", "json"),
      ) as { data: Record<string, string> }
    ).data;

  /** When the time of a stack runs out, as its state says. */
  function endOf(stack: string): string {
    const [, end] = /"expires":\s*"([^"]+)"/.exec(readFileSync(stackFile(stack), "utf8")) ?? [];
    return end ?? assert.fail(`the state of ${stack} has no end`);
  }

  /** Leaves everything that was written of a stack as it is once its time has passed. */
  function letTimePass(stack: string): void {
    const end = endOf(stack);
    const directory = join(checkout.root, ".onebranch/pulumi", stack);
    const kept = existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : [];
    const settings = join(checkout.root, `Pulumi.${stack}.yaml`);
    for (const file of [stackFile(stack), settings, ...kept].filter(
      (path) => existsSync(path) && statSync(path).isFile(),
    ))
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(end, past));
  }

  /** Ends every process of every cluster, as the end of the machine does. */
  function killEverything(): void {
    const lines = processesOf(join(checkout.root, ".onebranch"));
    assert.ok(lines.length > 5, "the clusters should run");
    for (const line of lines) process.kill(Number(line.split(" ")[0]), "SIGKILL");
  }

  /** Pulumi's own command in the checkout, with a login of its own, as somebody types it who does not use the tool. */
  async function pulumi(...args: string[]): Promise<void> {
    const toolchain = await findToolchain({ parts: programParts });
    const host = join(checkout.tmp, "host");
    if (!existsSync(host)) {
      mkdirSync(host);
      const script = inCheckout("test/e2e/support/language-host.cjs");
      const start = `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`;
      writeFileSync(join(host, "pulumi-language-nodejs"), start, { mode: 0o755 });
    }
    const env = {
      ...checkout.environment(),
      PATH: [
        host,
        join(checkout.root, ".onebranch/bin"),
        toolchain!.runBin,
        join(root, "node_modules/.bin"),
        process.env.PATH,
      ].join(delimiter),
      // The plugin for AWS is a release file; the tests download none.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    try {
      await promisify(execFile)("pulumi", [...args, "--non-interactive"], { cwd: checkout.root, env });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`pulumi ${args.join(" ")}:\n${stdout}${stderr}`, { cause: error });
    }
  }

  const said = ({ stdout }: { stdout: string }) => stdout.trimEnd().split("\n");

  before(async () => {
    // Pulumi looks for its home where the user database says, not in HOME.
    checkout.env.PULUMI_HOME = join(checkout.home, ".pulumi");
    checkout.env.PULUMI_CONFIG_PASSPHRASE = passphrase;
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
    const portsOf = ({ folder }: Cluster) =>
      readFileSync(join(folder, "ports.json"), "utf8").match(/\b\d{4,5}\b/g) ?? [];
    const ports = [...portsOf(clusters["pr-1"]), ...portsOf(clusters["pr-2"])];
    assert.ok(ports.length > 10, ports.join(", "));
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
      assert.equal(endOf(cluster), lifetime?.expires);
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
    assert.notEqual(endOf("pr-1"), past);
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

  it("come up with Pulumi alone, by two settings, whose file Git ignores", async () => {
    const end = new Date(Date.now() + 3_600_000).toISOString();
    mkdirSync(team);
    await pulumi("login", `file://${team}?metadata=skip`);
    await pulumi("stack", "init", "pr-3");
    await pulumi("config", "set", "from", "dev", "--stack", "pr-3");
    await pulumi("config", "set", "expires", end, "--stack", "pr-3");
    await pulumi("config", "set", "provider", "embedded", "--stack", "pr-3");
    await pulumi("up", "--stack", "pr-3", "--yes", "--skip-preview");
    assert.equal(checkout.git("status", "--porcelain"), "");
    assert.equal(outputs(clusters["pr-3"]).domain, "pr-3.dev.us.onebranch.example");
    assert.equal(endOf("pr-3"), end);
    await eventually(clusters["pr-3"].followed(checkout.git("rev-parse", "HEAD")));
  });

  it("go at once when several ran out, whoever brought them up, also after the machine went down", async () => {
    for (const stack of ["pr-1", "pr-3"]) letTimePass(stack);
    killEverything();
    await assert.rejects(pulumi("up", "--stack", "pr-3", "--yes", "--skip-preview"), /the time of pr-3 ran out/);
    const swept = said(await checkout.succeed("sweep", "--yes"));
    assert.deepEqual(
      swept.map((line) => line.split(":")[0]),
      ["destroyed pr-1", "destroyed pr-3"],
    );
    assert.deepEqual(filesOf(join(checkout.root, ".onebranch")), []);
    await eventually(nothingRuns(checkout.root), 30);
  });
});
