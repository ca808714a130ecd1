import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../support/root";
import { skip } from "../support/skip";
import { RolloutScript, rolloutDefinitions } from "./support/argo-rollouts";
import { ArgoCdApi } from "./support/argocd";
import { eventually } from "./support/eventually";
import { Rings } from "./support/rings";

const rings = ["canary", "rest"] as const;
type Ring = (typeof rings)[number];

/** A chart that waits for a Job before anything else, as a migration does. */
const migration = `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  template:
    spec:
      restartPolicy: Never
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: migrate
          image: {{ include "web-service.image" . | quote }}
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
`;

describe("what goes back, over two clusters", () => {
  const fleet = new Rings(rings);
  const { checkout, clusters } = fleet;
  const argocd = {} as Record<Ring, ArgoCdApi>;
  const scripts: RolloutScript[] = [];
  const head = () => checkout.git("rev-parse", "HEAD");

  before(async function () {
    this.timeout(1_200_000);
    await fleet.up();
    for (const ring of rings) argocd[ring] = await ArgoCdApi.login(clusters[ring], fleet.addresses[ring]);
  });
  after(async function () {
    for (const script of scripts) script.end();
    await fleet.down();
  });

  const settled = async (ring: Ring) => eventually(clusters[ring].followed(head()), 300);

  /** The manifests of orders as Argo CD makes them from the commit that the cluster follows, and as `render` does. */
  async function manifests(ring: Ring): Promise<{ argocd: string; render: string }> {
    const { stdout } = await checkout.succeed("render", `prod-${ring}`, "orders", "--offline");
    return { argocd: JSON.stringify(await argocd[ring].manifests("orders")), render: stdout };
  }

  /** What the cluster has of it: everything but what Kubernetes counts and says of it. */
  function objects(ring: Ring): string {
    const all = clusters[ring].list("deployments,services,configmaps,poddisruptionbudgets", "orders");
    const kept = all
      .filter(({ metadata }) => metadata.name.startsWith("orders"))
      .map(({ apiVersion, kind, metadata: { name, labels }, spec, data }) => ({
        apiVersion,
        kind,
        name,
        labels,
        spec,
        data,
      }));
    return JSON.stringify(kept);
  }

  it("makes of a rollback the manifests of the earlier commit, byte for byte, in the render and in each cluster", async () => {
    const earlier = head();
    for (const ring of rings) await settled(ring);
    const before = await Promise.all(rings.map(manifests));
    const there = rings.map(objects);
    const { code, output } = await fleet.rollout("orders", "--timeout", "3m");
    assert.equal(code, 0, output);
    for (const [index, ring] of rings.entries()) {
      assert.notEqual((await manifests(ring)).argocd, before[index]!.argocd);
      assert.notEqual(objects(ring), there[index]);
    }
    checkout.git("commit", "--quiet", "--allow-empty", "--message", "something else");
    await checkout.succeed("rollback", "orders", "--stage", "prod", "--to", earlier, "--offline");
    for (const ring of rings) await settled(ring);
    assert.deepEqual(await Promise.all(rings.map(manifests)), before);
    assert.deepEqual(rings.map(objects), there);
  });

  it("ends a sync that hangs when its step is taken back, and brings the cluster back to what it had", async () => {
    const chart = join(checkout.root, "gitops/charts/web-service");
    cpSync(join(chart, "1.1.0"), join(chart, "1.9.0"), { recursive: true });
    checkout.edit("gitops/charts/web-service/1.9.0/Chart.yaml", "version: 1.1.0", "version: 1.9.0");
    writeFileSync(join(chart, "1.9.0/templates/migration.yaml"), migration);
    const before = fleet.release(/version: \S+/, "version: 1.9.0");
    for (const ring of rings) await settled(ring);
    const [there, untouched] = [objects("canary"), clusters.rest.versions()];
    // The Job gets no pod, so the sync never comes further.
    const room = fleet.full("canary");
    const { code, output } = await fleet.rollout("orders", "--timeout", "90s").finally(room);
    assert.equal(code, 1, output);
    assert.deepEqual(fleet.subjects(before), ["Take orders in prod/canary back", "Promote orders to prod/canary"]);
    assert.match(output, /prod-canary is syncing it, and 1 min 30 s are over/);
    assert.match(output, /its clusters are Synced and Healthy again/);
    await settled("canary");
    assert.equal(objects("canary"), there);
    assert.deepEqual(clusters.rest.versions(), untouched);
    await eventually(async () => {
      const jobs = clusters.canary.list("jobs", "orders").map(({ metadata }) => metadata.name);
      return { holds: jobs.length === 0, message: `no Job should be left, there are ${jobs.join(", ")}` };
    }, 30);
  });

  it("comes to a revert that somebody commits while a cluster is being synced", async () => {
    const before = await manifests("canary");
    const there = objects("canary");
    const room = fleet.full("canary");
    await checkout.succeed("promote", "orders", "--to", "prod", "--commit", "--offline");
    await eventually(async () => {
      const orders = clusters.canary.applications().find(({ metadata }) => metadata.name === "orders");
      const { phase = "none" } = orders?.status?.operationState ?? {};
      return { holds: phase === "Running", message: `orders should be being synced, is ${phase}` };
    }, 120);
    await checkout.succeed("rollback", "orders", "--stage", "prod", "--ring", "canary", "--offline", "--yes");
    room();
    await settled("canary");
    assert.deepEqual(await manifests("canary"), before);
    assert.equal(objects("canary"), there);
  });

  it("takes a version back whose Rollout is aborted inside a cluster", async function () {
    const definitions = rolloutDefinitions();
    if ("missing" in definitions) return skip(this, definitions.missing);
    const charts = ["service", "workload"].map((name) => join(root, "gitops/charts", name, "1.0.0"));
    // gitops/ belongs to its user, who may do without them.
    const absent = charts.find((path) => !existsSync(path));
    if (absent !== undefined) return skip(this, `the shared chart ${dirname(absent)} is not there`);
    for (const ring of rings) {
      for (const file of definitions.files) clusters[ring].kubectl("create", "--filename", file);
      scripts.push(new RolloutScript(clusters[ring], (image) => image.endsWith(":2.0.0")));
    }
    for (const path of charts) cpSync(path, join(checkout.root, path.slice(root.length + 1)), { recursive: true });
    const pin = (stage: string, tag: string) => {
      const file = join(checkout.root, `gitops/apps/checkout/stages/${stage}/pin.yaml`);
      mkdirSync(dirname(file), { recursive: true });
      const facts =
        "component: checkout\nchart: service\nversion: 1.0.0\nnamespace: orders\nrequires: base\nteam: commerce\n";
      writeFileSync(file, `${facts}image: { repository: registry.example.com/checkout, tag: ${tag} }\n`);
    };
    for (const stage of ["dev", "staging", "prod"]) pin(stage, "1.0.0");
    const steps = "[{ setWeight: 20 }, { pause: { duration: 1m } }]";
    writeFileSync(
      join(checkout.root, "gitops/apps/checkout/values.yaml"),
      `rollout: { enabled: true, steps: ${steps} }\n`,
    );
    checkout.commit("checkout as a Rollout");
    for (const ring of rings) await settled(ring);
    for (const stage of ["dev", "staging"]) pin(stage, "2.0.0");
    const before = checkout.commit("checkout 2.0.0");
    for (const ring of rings) await settled(ring);
    const rollouts = () =>
      clusters.rest.list("rollouts.argoproj.io", "orders").map(({ metadata }) => metadata.resourceVersion);
    const untouched = rollouts();
    const { code, output } = await fleet.rollout("checkout", "--timeout", "3m");
    assert.equal(code, 1, output);
    assert.deepEqual(fleet.subjects(before), ["Take checkout in prod/canary back", "Promote checkout to prod/canary"]);
    assert.match(output, /prod-canary is Degraded: Caused by argoproj\.io\/Rollout:orders\/checkout/);
    assert.match(output, /\n {2}Rollout checkout: RolloutAborted: Rollout aborted update to revision 2/);
    assert.deepEqual([untouched.length, rollouts()], [1, untouched]);
    for (const stage of ["dev", "staging"]) pin(stage, "2.0.1");
    checkout.commit("checkout 2.0.1");
    const next = await fleet.rollout("checkout", "--timeout", "3m");
    assert.equal(next.code, 0, next.output);
    assert.notDeepEqual(rollouts(), untouched);
  });
});
