import assert from "node:assert/strict";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { applicationController } from "../../model/admission/boundary";
import { proofName } from "../../model/admission/policy";
import { proofCases } from "../../infra/identity/proof-cases";
import { types } from "../support/fake-aws/types";
import { skip } from "../support/skip";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { WholeEks } from "./support/whole-eks";

describe("the whole of a cluster on AWS", () => {
  let eks: WholeEks;
  let base: string;

  before(async function () {
    const missing = await WholeEks.missing();
    if (missing !== undefined) return skip(this, missing);
    eks = await WholeEks.open();
    base = dirname(eks.checkout.root);
  });

  after(() => eks?.close());

  /**
   * An Application with a Service of type LoadBalancer, as Argo CD would have made it, another such Service that somebody made by hand,
   * and the load balancers that AWS makes for them.
   */
  async function exposeShop(): Promise<void> {
    const { cluster, repoURL } = eks;
    const scope = { name: "prod", stage: "prod", region: "eu-west-1", repoURL, revision: "main" };
    const allowed = proofCases(scope).find(({ refusal }) => refusal === undefined)!.object;
    const service = { version: "v1", kind: "Service", namespace: "default", name: "shop" };
    const exposed = (name: string) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
    });
    const objects = [exposed("shop"), exposed("by-hand"), allowed];
    const file = join(base, "shop.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
    cluster.kubectl("apply", "--server-side", "-f", file);
    const status = JSON.stringify({ status: { resources: [service] } });
    const asArgoCd = ["--as", applicationController, "--namespace", "argocd"];
    cluster.kubectl("patch", "application", proofName, ...asArgoCd, "--type", "merge", "--patch", status);
    await eventually(async () => {
      return { holds: eks.things(types.balancer).length === 2, message: "AWS should have two load balancers" };
    });
  }

  it("comes up with identity, proof, the official chart and the root, and without a secret in its kubeconfig", async () => {
    const { checkout, cluster } = eks;
    await checkout.succeed(...eks.up("--config", "eksProtection=on"));
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

  it("is unchanged by a second up, and answers status by its own login", async () => {
    const { output } = await eks.checkout.succeed(...eks.up());
    assert.match(output, /^prod: \d+ unchanged$/m);
    const status = await eks.checkout.onebranch("status", "prod", "--json");
    const [found] = JSON.parse(status.stdout) as { provider: string; message?: string; faults?: string[] }[];
    assert.deepEqual([found?.provider, found?.message, found?.faults], ["eks", undefined, undefined]);
  });

  it("says what somebody changed by hand in AWS, and up puts it back where it is asked to look", async () => {
    const { checkout, aws } = eks;
    const clean = await checkout.onebranch("drift", "prod", "--json");
    const outside = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as { drift: { outside?: true }[] }).drift.filter((one) => one.outside);
    assert.deepEqual(outside(clean), [], clean.output);
    aws.files.byHand((things) =>
      things
        .filter(({ type }) => type !== types.endpoint)
        .map((thing) => {
          if (thing.type !== types.cluster) return thing;
          const vpcConfig = { ...(thing.inputs.vpcConfig as object), publicAccessCidrs: ["0.0.0.0/0"] };
          return { ...thing, inputs: { ...thing.inputs, vpcConfig } };
        }),
    );
    const found = await checkout.onebranch("drift", "prod", "--json");
    assert.equal(found.code, 1);
    assert.deepEqual(outside(found), [
      {
        ...{ by: "stack", kind: "Cluster", name: "cluster", outside: true, change: "changed" },
        fields: [{ path: "vpcConfig.publicAccessCidrs", live: ["0.0.0.0/0"], wanted: ["192.0.2.0/24"] }],
      },
      { ...{ by: "stack", kind: "VpcEndpoint", name: "s3", outside: true }, change: "missing", fields: [] },
    ]);
    const { stdout } = await checkout.onebranch("drift", "prod");
    assert.match(stdout, /^prod: what Pulumi wrote .*; `onebranch up prod --refresh` writes it again$/m);
    await checkout.succeed(...eks.up("--refresh"));
    const [cluster] = aws.files.things().filter(({ type }) => type === types.cluster);
    assert.deepEqual((cluster?.inputs.vpcConfig as { publicAccessCidrs: string[] }).publicAccessCidrs, [
      "192.0.2.0/24",
    ]);
    assert.equal(eks.things(types.endpoint).length, 1);
    assert.deepEqual(outside(await checkout.onebranch("drift", "prod", "--json")), []);
  });

  it("is taken over with everything in it when the state is lost", async () => {
    const uids = () => {
      const kinds = "applicationsets,appprojects,customresourcedefinitions,deployments,namespaces";
      return eks.cluster.list(kinds).map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.uid}`);
    };
    const before = { things: eks.things(), uids: uids() };
    const states = join(eks.checkout.home, ".pulumi/stacks/onebranch");
    for (const name of readdirSync(states)) rmSync(join(states, name));
    await eks.checkout.succeed(...eks.up("--adopt", "--config", "eksProtection=on"));
    assert.deepEqual({ things: eks.things(), uids: uids() }, before);
    const { output } = await eks.checkout.succeed(...eks.up());
    assert.match(output, /^prod: \d+ unchanged$/m);
  });

  it("is protected: destroy deletes nothing, in AWS or in the cluster", async () => {
    await exposeShop();
    const before = { things: eks.things(), inventory: eks.cluster.inventory() };
    const { code } = await eks.checkout.onebranch("destroy", "prod", "--yes");
    assert.equal(code, 1);
    assert.deepEqual({ things: eks.things(), inventory: eks.cluster.inventory() }, before);
  });

  it("cannot be emptied while nobody takes the load balancer away: destroy ends in its time, and names what is left", async () => {
    await eks.checkout.succeed(...eks.up("--config", "eksProtection=off", "--config", "drainSeconds=30"));
    eks.setController(false);
    const before = eks.things();
    const { code, output } = await eks.checkout.onebranch("destroy", "prod", "--yes");
    assert.equal(code, 1);
    const left = ["by-hand", "shop"].map((name) => `\\s*- Service default/${name}\\n`).join("");
    assert.match(output, new RegExp(`could not be emptied within 30 s; entrances are still there:\\n${left}`));
    assert.deepEqual(eks.things(), before);
  });

  it("goes without a trace when somebody does", async () => {
    const { checkout, cluster, aws } = eks;
    eks.setController(true);
    await checkout.succeed(...eks.up("--config", "drainSeconds=600"));
    const login = join(base, "prod.kubeconfig");
    copyFileSync(join(checkout.root, ".onebranch/eks/prod.kubeconfig"), login);
    const asStack = new Cluster(checkout, "prod", cluster.bin, login);
    const { PATH } = process.env;
    process.env.PATH = checkout.env.PATH;
    try {
      assert.match(asStack.kubectl("get", "namespaces"), /argocd/);
      await checkout.succeed("destroy", "prod", "--yes");
      assert.throws(
        () => asStack.kubectl("get", "namespaces"),
        /the cluster onebranch-prod does not let this caller in/,
      );
    } finally {
      process.env.PATH = PATH;
    }
    assert.deepEqual(eks.things(), []);
    assert.deepEqual(aws.files.careless(), []);
    const left = ["services", "applications.argoproj.io", "applicationsets.argoproj.io", "appprojects.argoproj.io"];
    assert.deepEqual(
      cluster
        .list(left.join())
        .filter(({ kind, metadata }) => kind !== "Service" || /shop|by-hand/.test(metadata.name)),
      [],
    );
    // The rest goes with the cluster (decision 0020), so Pulumi does not delete it one by one. Only here is the control plane still
    // there.
    const namespaces = cluster.list("namespaces").map(({ metadata }) => metadata.name);
    assert.ok(namespaces.includes("argocd"), namespaces.join());
  });
});
