import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findToolchain } from "../../infra/providers/embedded/toolchain";
import { Checkout } from "../e2e/support/checkout";
import { Cluster } from "../e2e/support/cluster";
import { Command } from "../e2e/support/command";
import { eventually } from "../e2e/support/eventually";
import { preparePlugins } from "../support/plugins";
import { skip } from "../support/skip";
import { containersOf, findLab, removeNodes, type Lab } from "./lab";
import { root as source } from "../support/root";

const kindName = "onebranch-dev";

describe("a real kind cluster", () => {
  const checkout = new Checkout();
  const settings: string[] = [];
  let lab: Lab;
  let plugins: ReturnType<typeof preparePlugins>;
  let cluster: Cluster;

  before(async function () {
    const found = findLab();
    if (typeof found === "string") return skip(this, found);
    const toolchain = await findToolchain();
    if (!toolchain) return skip(this, "no toolchain: run `make toolchain`");
    lab = found;
    plugins = preparePlugins();
    const host = join(plugins.base, "pulumi-resource-pulumi-nodejs");
    const dynamic = join(source, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
    writeFileSync(host, `#!/bin/sh\nexec node ${dynamic} "$@"\n`);
    chmodSync(host, 0o755);
    const path = [
      plugins.base,
      plugins.path,
      toolchain.runBin,
      toolchain.bin,
      join(source, "node_modules", ".bin"),
      process.env.PATH,
    ];
    Object.assign(checkout.env, {
      PATH: path.join(delimiter),
      PULUMI_HOME: plugins.home,
      PULUMI_BACKEND_URL: `file://${checkout.home}`,
      PULUMI_CONFIG_PASSPHRASE: "lab",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
    settings.push(
      ...["--config", `kindNodeImage=${lab.nodeImage}`, "--config", `argocdImage=${lab.argocdImage}`],
      ...["--config", `redisImage=${lab.redisImage}`, "--config", `argocdChart=${lab.chart}`],
      ...["--config", `argocdValues=${labValues}`],
    );
    cluster = new Cluster(checkout, "dev", toolchain.bin, join(checkout.root, ".onebranch", "kind", "dev.kubeconfig"));
    // Chart repositories are out of reach: what needs them stays out, as on a cluster without real nodes.
    checkout.edit("gitops/clusters/dev/cluster.yaml", /capabilities: .*/, "capabilities: [base]");
    // Debian's cp, which the lab's image has, does not know the chart's newer option.
    writeFileSync(join(checkout.root, labValues), 'repoServer:\n  copyutil:\n    extraArgs: "-n"\n');
    checkout.commit("a cluster that reaches no registry");
    await pulumi("stack", "init", "dev").result();
  });

  after(async () => {
    removeNodes(kindName);
    if (plugins) rmSync(plugins.base, { recursive: true });
    checkout.remove();
  });

  const labValues = "lab-values.yaml";

  function pulumi(...args: string[]): Command {
    const env = { ...checkout.environment() };
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: checkout.root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    return new Command(`pulumi ${args.join(" ")}`, child);
  }

  async function succeed(...args: string[]): Promise<string> {
    const { code, output } = await pulumi(...args).result();
    assert.equal(code, 0, `pulumi ${args.join(" ")}\n${output}`);
    return output;
  }

  // Pulumi takes the items of a list by their path, the tool takes the list as JSON.
  const loads = () => [lab.argocdImage, lab.redisImage];
  const paths = () => loads().flatMap((image, index) => ["--config", `kindLoadImages[${index}]=${image}`]);
  const up = () => ["up", "--stack", "dev", "--yes", "--skip-preview", "--config-path", ...settings, ...paths()];

  async function lastChanges(): Promise<Record<string, number>> {
    const { stdout } = await pulumi("stack", "history", "--stack", "dev", "--json", "--page-size", "1").result();
    return (JSON.parse(stdout) as { resourceChanges: Record<string, number> }[])[0]!.resourceChanges;
  }

  /** The components of this repository are synced; their images cannot be pulled here, so health is not asked for. */
  const synced = (commit: string) => async () => {
    const found = cluster
      .applications()
      .map(({ metadata, status }) => `${metadata.name} ${status?.sync?.status} ${status?.sync?.revision}`);
    const late = found.filter((line) => !line.endsWith(`Synced ${commit}`));
    return { holds: found.length >= 4 && late.length === 0, message: `should be Synced at ${commit}: ${late.join()}` };
  };

  it("comes up with pulumi up, and syncs the checkout", async () => {
    await succeed(...up());
    await eventually(synced(checkout.git("rev-parse", "HEAD")), 120);
  });

  it("changes nothing the second time", async () => {
    await succeed(...up());
    assert.deepEqual(Object.keys(await lastChanges()), ["same"]);
  });

  it("follows a commit", async () => {
    checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "Guestbook (dev)", "Guestbook (changed)");
    const commit = checkout.commit("greet differently");
    const start = performance.now();
    await eventually(synced(commit), 60);
    console.log(`      commit until synced: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  });

  it("is destroyed", async () => {
    await succeed("destroy", "--stack", "dev", "--yes", "--skip-preview");
    assert.deepEqual(containersOf(kindName), []);
    assert.equal(existsSync(cluster.kubeconfig), false);
  });

  it("comes up after up was killed at three different resources", async () => {
    // Long enough after a start for the plugin to have begun, short enough not to have ended.
    const steps: [RegExp, number][] = [
      [/Cluster cluster creating/, 4000],
      [/Release argocd creating/, 4000],
      [/Secret in-cluster created/, 0],
    ];
    for (const [step, delay] of steps) {
      const run = pulumi(...up());
      let seen = false;
      run.onLine((line) => {
        if (seen || !step.test(line)) return;
        seen = true;
        setTimeout(() => run.signal("SIGKILL"), delay);
      });
      const { output, signal } = await run.result();
      assert.ok(seen, `no line ${step}:\n${output}`);
      console.log(`      ${step.source}: ${signal ?? "had ended by itself"}`);
      await pulumi("cancel", "dev", "--yes").result();
    }
    await succeed(...up());
    await eventually(synced(checkout.git("rev-parse", "HEAD")), 120);
    assert.equal(containersOf(kindName).length, 1);
  });

  it("is made again by the next up after its node was taken away", async () => {
    removeNodes(kindName);
    await succeed(...up());
    await eventually(synced(checkout.git("rev-parse", "HEAD")), 120);
    await succeed(...up());
    assert.deepEqual(Object.keys(await lastChanges()), ["same"]);
  });

  it("is destroyed after its node was taken away", async () => {
    removeNodes(kindName);
    await succeed("destroy", "--stack", "dev", "--yes", "--skip-preview");
    await succeed("stack", "rm", "dev", "--yes", "--preserve-config");
    assert.equal(existsSync(cluster.kubeconfig), false);
  });

  it("does the same by onebranch up and destroy", async () => {
    delete checkout.env.PULUMI_BACKEND_URL;
    delete checkout.env.PULUMI_CONFIG_PASSPHRASE;
    await checkout.succeed(
      "up",
      "dev",
      "--provider",
      "kind",
      "--yes",
      "--no-wait",
      ...settings,
      "--config",
      `kindLoadImages=${JSON.stringify(loads())}`,
    );
    await eventually(synced(checkout.git("rev-parse", "HEAD")), 120);
    await checkout.succeed("destroy", "dev", "--yes");
    assert.deepEqual(containersOf(kindName), []);
    assert.equal(existsSync(join(checkout.root, ".onebranch")), false);
  });
});
