import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { proofCases } from "../../infra/identity/proof-cases";
import { implementation } from "../../infra/providers/embedded/resources/control-plane";
import { skip } from "../support/skip";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { changeAll, deleteAll, governing, policyNames } from "./support/governing";
import { killAfterEachStep } from "./support/killing";
import { beside } from "../support/paths";

const charts = process.env.ONEBRANCH_TEST_CHARTS ?? join(beside, "charts");
const chart = join(charts, "argo-cd-10.1.1.tgz");

/**
 * A control plane that somebody else made, without an Argo CD of its own: the real Helm release installs the official chart,
 * KWOK makes its pods ready. No Argo CD runs behind them, so nothing is synced.
 */
describe("the provider existing", () => {
  const checkout = new Checkout();
  const name = "theirs";
  let cluster: Cluster;
  let untouched: string[];
  let installed: string[];
  const up = () => [
    ...["up", "staging", "--provider", "existing", "--no-wait", "--yes", "--json"],
    ...["--config", `kubeconfig=${cluster.kubeconfig}`, "--config", `kubeconfigContext=${context()}`],
    ...["--config", `argocdChart=${chart}`, "--config", "repoURL=https://git.example.com/tree.git"],
  ];
  const context = () => cluster.kubectl("config", "current-context").trim();

  before(async function () {
    if (!existsSync(chart))
      return skip(this, `no ${chart}: name the folder of the official chart in ONEBRANCH_TEST_CHARTS`);
    // The cluster's data lies in the clone; the backend is one that a team would share.
    process.env.ONEBRANCH_ROOT = checkout.root;
    checkout.env.PULUMI_BACKEND_URL = `file://${checkout.home}?metadata=skip`;
    checkout.env.PULUMI_CONFIG_PASSPHRASE = "of the team";
    await implementation.create({ name });
    cluster = await Cluster.of(checkout, name);
    untouched = cluster.inventory();
  });

  after(async () => {
    await checkout.onebranch("destroy", "staging", "--yes");
    await implementation.delete!(name, { name } as never);
    delete process.env.ONEBRANCH_ROOT;
    checkout.remove();
  });

  it("installs the official chart and seeds the root ApplicationSet", async () => {
    await checkout.succeed(...up());
    const deployments = cluster.list("deployments", "argocd").map(({ metadata }) => metadata.name);
    assert.ok(deployments.includes("argocd-server"), deployments.join(", "));
    const settings = cluster.list("configmaps", "argocd").find(({ metadata }) => metadata.name === "argocd-cm")!;
    assert.equal((settings.data as Record<string, string>)["application.resourceTrackingMethod"], "annotation");
    assert.deepEqual(
      cluster.list("applicationsets.argoproj.io", "argocd").map(({ metadata }) => metadata.name),
      ["root"],
    );
  });

  it("changes nothing the second time", async () => {
    const { stdout } = await checkout.succeed(...up());
    const { changes } = JSON.parse(stdout) as { changes: Record<string, number> };
    assert.deepEqual(Object.keys(changes), ["same"]);
  });

  it("refuses another stack, and an address where nothing answers, before anything is written", async () => {
    const before = cluster.inventory();
    const other = await checkout.onebranch(...up().map((word) => (word === "staging" ? "prod" : word)));
    assert.equal(other.code, 1);
    assert.match(
      other.output,
      /leads to the cluster of the stack staging \(https:.*\), and not of prod; name that of prod/,
    );
    const nowhere = join(checkout.home, "nowhere");
    writeFileSync(
      nowhere,
      readFileSync(cluster.kubeconfig, "utf8").replace(/server: .*/, "server: https://127.0.0.1:9"),
    );
    const gone = await checkout.onebranch(...up(), "--config", `kubeconfig=${nowhere}`);
    assert.equal(gone.code, 1);
    assert.match(
      gone.output,
      /does not let this login in: .*; a private endpoint is reached from inside its network only/,
    );
    assert.deepEqual(cluster.inventory(), before);
    await checkout.succeed(...up());
  });

  it("leads kubectl there by the one context, and keeps the others of the kubeconfig to itself", async () => {
    const { stdout } = await checkout.succeed("kubeconfig", "staging");
    const printed = parse(stdout) as { "current-context": string; contexts: object[] };
    assert.equal(printed["current-context"], context());
    assert.equal(printed.contexts.length, 1);
  });

  it("open asks kubectl for a port, and says why there is none: KWOK's pods have no kubelet", async () => {
    // So this is as far as it goes here. What a forward that works prints is in test/cli/verbs/open.
    checkout.env.PATH = `${cluster.bin}:${process.env.PATH}`;
    const { code, stdout, stderr } = await checkout.onebranch("open", "staging", "--no-browser");
    assert.deepEqual([code, stdout], [1, ""], stderr);
    assert.match(stderr, /^kubectl cannot forward a port to Argo CD: (?!it gave no reason)/m);
  });

  for (const [title, damage, found] of [
    ["changed", changeAll, "not as `up` wrote it"],
    ["deleted", deleteAll, "missing"],
  ] as const) {
    it(`restores what was ${title} of the objects that control Argo CD`, async () => {
      const before = governing(cluster);
      damage(cluster);
      assert.notDeepEqual(governing(cluster), before);
      const status = await checkout.onebranch("status", "staging");
      for (const policy of policyNames) assert.ok(status.output.includes(`the ${policy} is ${found}`), status.output);
      const { stdout } = await checkout.succeed(...up());
      const { changes } = JSON.parse(stdout) as { changes: Record<string, number> };
      assert.deepEqual(Object.keys(changes).sort(), ["same", "update"]);
      assert.deepEqual(governing(cluster), before);
      const again = await checkout.succeed(...up());
      assert.deepEqual(Object.keys((JSON.parse(again.stdout) as { changes: object }).changes), ["same"]);
    });
  }

  const uids = (
    kinds = "applications,applicationsets,appprojects,customresourcedefinitions,deployments,namespaces",
  ) => {
    const all = cluster.list(kinds).map(({ kind, metadata }) => {
      return [`${kind} ${metadata.namespace ?? ""}/${metadata.name}`, metadata.uid] as const;
    });
    return Object.fromEntries(all);
  };

  it("takes another version of the chart, and everything stays that was there", async () => {
    const scope = {
      ...{ name: "staging", stage: "staging", region: "eu-west-1" },
      ...{ repoURL: "https://git.example.com/tree.git", revision: "main" },
    };
    const application = proofCases(scope).find(({ refusal }) => refusal === undefined)!.object;
    const file = join(checkout.tmp, "application.json");
    writeFileSync(file, JSON.stringify(application));
    cluster.kubectl("apply", "--server-side", "--filename", file);
    const before = uids();
    execFileSync("tar", ["xzf", chart, "-C", checkout.tmp]);
    const description = join(checkout.tmp, "argo-cd", "Chart.yaml");
    writeFileSync(description, readFileSync(description, "utf8").replace(/^version: .*$/m, "version: 10.1.9"));
    const newer = join(checkout.tmp, "argo-cd-10.1.9.tgz");
    execFileSync("tar", ["czf", newer, "-C", checkout.tmp, "argo-cd"]);
    await checkout.succeed(...up(), "--config", `argocdChart=${newer}`);
    const server = cluster.list("deployments", "argocd").find(({ metadata }) => metadata.name === "argocd-server");
    assert.equal(server?.metadata.labels?.["helm.sh/chart"], "argo-cd-10.1.9");
    assert.deepEqual(uids(), before);
    cluster.kubectl("delete", "--filename", file);
  });

  it("takes everything over when the state is lost", async () => {
    const before = uids();
    const states = join(checkout.home, ".pulumi", "stacks", "onebranch");
    for (const name of readdirSync(states)) rmSync(join(states, name));
    await checkout.succeed(...up());
    assert.deepEqual(uids(), before);
    const { stdout } = await checkout.succeed(...up());
    assert.deepEqual(Object.keys((JSON.parse(stdout) as { changes: object }).changes), ["same"]);
  });

  it("starts the pods again that read their settings at their start", () => {
    const restarted = cluster
      .list("deployments,statefulsets", "argocd")
      .filter((workload) => JSON.stringify(workload.spec).includes("kubectl.kubernetes.io/restartedAt"))
      .map(({ metadata }) => metadata.name);
    assert.ok(restarted.includes("argocd-server") && restarted.includes("argocd-application-controller"));
  });

  it("destroy removes all of it and leaves the cluster as it was", async () => {
    installed = cluster.inventory();
    await checkout.succeed("destroy", "staging", "--yes");
    assert.deepEqual(cluster.inventory(), untouched);
  });

  it("up, killed after each object, ends with the same ones", async () => {
    const { steps, result } = await killAfterEachStep(checkout, "created", up());
    assert.equal(result.code, 0, result.output);
    assert.ok(steps.length >= 15, `up should have come to every object, came to ${steps.join(", ")}`);
    assert.deepEqual(cluster.inventory(), installed);
  });

  it("destroy, killed after each object, leaves the cluster as it was", async () => {
    const { steps, result } = await killAfterEachStep(checkout, "deleted", ["destroy", "staging", "--yes"]);
    assert.equal(result.code, 0, result.output);
    assert.ok(steps.length >= 10, `destroy should have come to every object, came to ${steps.join(", ")}`);
    assert.deepEqual(cluster.inventory(), untouched);
  });
});
