import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, delimiter, join } from "node:path";
import { applicationController } from "../../model/admission/boundary";
import { proofCases, proofName } from "../../infra/identity/proof-cases";
import { implementation } from "../../infra/providers/embedded/resources/control-plane";
import { findToolchain } from "../../infra/providers/embedded/toolchain";
import { deadController } from "../support/fake-aws/cloud";
import { startAws, type FakeAws } from "../support/fake-aws/start";
import { types } from "../support/fake-aws/types";
import { beside, inCheckout } from "../support/paths";
import { skip } from "../support/skip";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { admin } from "./support/eks-stack";
import { eventually } from "./support/eventually";

const charts = process.env.ONEBRANCH_TEST_CHARTS ?? join(beside, "charts");
const chart = join(charts, "argo-cd-10.1.1.tgz");
const repoURL = "https://git.example.com/tree.git";

/**
 * A cluster on a faked AWS whose control plane is a real one, of an embedded cluster. `aws eks get-token` gives its login while the
 * account has the cluster. The real Helm release installs the official chart; no Argo CD runs behind it, so nothing is synced.
 */
describe("the whole of a cluster on AWS", () => {
  const checkout = new Checkout();
  const base = dirname(checkout.root);
  const plane = "plane";
  let cluster: Cluster;
  let aws: FakeAws;

  const up = (...more: string[]) => [
    ...["up", "prod", "--provider", "eks", "--no-wait", "--yes", "--json"],
    ...["--config", "awsAccount=111122223333", "--config", `eksAdmins=${admin}`, "--config", "eksNat=single"],
    ...[
      "--config",
      `argocdChart=${chart}`,
      "--config",
      `repoURL=${repoURL}`,
      "--config",
      "eksPublicCidrs=192.0.2.0/24",
    ],
    ...more,
  ];

  before(async function () {
    if (!existsSync(chart))
      return skip(this, `no ${chart}: name the folder of the official chart in ONEBRANCH_TEST_CHARTS`);
    const toolchain = await findToolchain();
    if (!toolchain) return skip(this, "no toolchain: run `make toolchain`");
    process.env.ONEBRANCH_ROOT = checkout.root;
    await implementation.create({ name: plane });
    cluster = await Cluster.of(checkout, plane);
    aws = await startAws(join(base, "aws"), [], cluster.kubeconfig);
    const bin = join(base, "bin");
    mkdirSync(bin);
    const script = inCheckout("test/support/fake-aws/aws.cjs");
    writeFileSync(
      join(bin, "aws"),
      `#!/bin/sh\nFAKE_AWS_DIRECTORY='${join(base, "aws")}' FAKE_AWS_KUBECONFIG='${cluster.kubeconfig}' exec '${process.execPath}' '${script}' "$@"\n`,
      { mode: 0o755 },
    );
    Object.assign(checkout.env, aws.env, {
      PATH: [bin, process.env.PATH].join(delimiter),
      PULUMI_BACKEND_URL: `file://${checkout.home}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE: "of the team",
    });
  });

  after(async () => {
    rmSync(join(base, "aws", deadController), { force: true });
    if (aws !== undefined) await checkout.onebranch("destroy", "prod", "--yes");
    await aws?.stop();
    if (cluster !== undefined) await implementation.delete!(plane, { name: plane } as never);
    delete process.env.ONEBRANCH_ROOT;
    checkout.remove();
  });

  const things = (type?: string) =>
    aws.files
      .things()
      .filter((thing) => type === undefined || thing.type === type)
      .map(({ id }) => id)
      .sort();

  /** An Application with a Service of type LoadBalancer, as Argo CD would have made it, and the load balancer that AWS makes for it. */
  async function exposeShop(): Promise<void> {
    const scope = { name: "prod", stage: "prod", region: "eu-west-1", repoURL, revision: "main" };
    const allowed = proofCases(scope).find(({ refusal }) => refusal === undefined)!.object;
    const service = { version: "v1", kind: "Service", namespace: "default", name: "shop" };
    const objects = [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "shop", namespace: "default" },
        spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
      },
      allowed,
    ];
    const file = join(base, "shop.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    cluster.kubectl("apply", "--server-side", "-f", file);
    const status = JSON.stringify({ status: { resources: [service] } });
    const asArgoCd = ["--as", applicationController, "--namespace", "argocd"];
    cluster.kubectl("patch", "application", proofName, ...asArgoCd, "--type", "merge", "--patch", status);
    await eventually(async () => {
      return { holds: things(types.balancer).length === 1, message: "AWS should have a load balancer" };
    });
  }

  it("comes up with identity, proof, the official chart and the root, and without a secret in its kubeconfig", async () => {
    await checkout.succeed(...up("--config", "eksProtection=on"));
    const [identity] = cluster
      .list("configmaps", "kube-system")
      .filter(({ metadata }) => metadata.name === "cluster-identity");
    const { stack, stage, provider } = identity!.data as Record<string, string>;
    assert.deepEqual([stack, stage, provider], ["prod", "prod", "eks"]);
    const policies = cluster.list("validatingadmissionpolicies").map(({ metadata }) => metadata.name);
    assert.ok(policies.includes("onebranch-identity") && policies.includes("onebranch-boundary"), policies.join());
    const deployments = cluster.list("deployments", "argocd").map(({ metadata }) => metadata.name);
    assert.ok(deployments.includes("argocd-server"), deployments.join());
    const [root] = cluster.list("applicationsets.argoproj.io", "argocd");
    assert.equal(root?.metadata.name, "root");
    const kubeconfig = readFileSync(join(checkout.root, ".onebranch/eks/prod.kubeconfig"), "utf8");
    assert.match(kubeconfig, /"get-token"/);
    assert.doesNotMatch(kubeconfig, /client-key|token":"|password/);
    assert.deepEqual(
      cluster.list("secrets").filter(({ metadata }) => metadata.namespace === "onebranch-secrets"),
      [],
    );
  });

  it("is unchanged by a second up, and answers status and drift by its own login", async () => {
    const { output } = await checkout.succeed(...up());
    assert.match(output, /^prod: \d+ unchanged$/m);
    const status = await checkout.onebranch("status", "prod", "--json");
    const [found] = JSON.parse(status.stdout) as { provider: string; message?: string; faults?: string[] }[];
    assert.deepEqual([found?.provider, found?.message, found?.faults], ["eks", undefined, undefined]);
  });

  it("is protected: destroy deletes nothing, in AWS or in the cluster", async () => {
    await exposeShop();
    const before = { things: things(), inventory: cluster.inventory() };
    const { code } = await checkout.onebranch("destroy", "prod", "--yes");
    assert.equal(code, 1);
    assert.deepEqual({ things: things(), inventory: cluster.inventory() }, before);
  });

  it("cannot be emptied while nobody takes the load balancer away: destroy ends in its time, and names what is left", async () => {
    await checkout.succeed(...up("--config", "eksProtection=off", "--config", "drainSeconds=30"));
    writeFileSync(join(base, "aws", deadController), "");
    const before = things();
    const { code, output } = await checkout.onebranch("destroy", "prod", "--yes");
    assert.equal(code, 1);
    assert.match(output, /could not be emptied within 30 s; entrances are still there:\n\s*- Service default\/shop/);
    assert.deepEqual(things(), before);
  });

  it("goes without a trace when somebody does", async () => {
    rmSync(join(base, "aws", deadController));
    await checkout.succeed(...up("--config", "drainSeconds=600"));
    await checkout.succeed("destroy", "prod", "--yes");
    assert.deepEqual(things(), []);
    assert.deepEqual(aws.files.careless(), []);
    assert.equal(
      cluster.list("services").some(({ metadata }) => metadata.name === "shop"),
      false,
    );
  });
});
