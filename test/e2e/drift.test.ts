import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { clusterStatus } from "../../infra/providers/embedded/runtime";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";

interface Found {
  drift: { by: string; component?: string; kind: string; name: string; change: string; fields: object[] }[];
  healed: { component: string; resources: object[] }[];
  notCompared: object[];
}

/** Somebody with kubectl, and what `drift` says of it. */
describe("onebranch drift", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  const secret = "marker-of-drift-7731";
  let cluster: Cluster;
  let controller: number;

  before(async () => {
    const file = join(dirname(checkout.root), "secret");
    writeFileSync(file, secret);
    await checkout.succeed(...up, "--config-file", `secrets.orders-db=${file}`);
    cluster = await Cluster.of(checkout, "dev");
    const { argocd } = await clusterStatus(checkout.root, "dev");
    controller = argocd.find(({ name }) => name === "application-controller")!.pid!;
  });

  after(async () => {
    if (controller) process.kill(controller, "SIGCONT");
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  async function drift(): Promise<Found> {
    const { code, stdout, output } = await checkout.onebranch("drift", "dev", "--json");
    assert.ok(
      !output.includes(secret) && !output.includes(Buffer.from(secret).toString("base64")),
      "a secret is shown",
    );
    const found = JSON.parse(stdout) as Found;
    assert.equal(code, found.drift.length > 0 ? 1 : 0, output);
    return found;
  }

  it("finds nothing in a cluster that nobody touched", async () => {
    assert.deepEqual(await drift(), { stack: "dev", drift: [], healed: [], notCompared: [] });
  });

  it("names fields of what Pulumi wrote, and of what Argo CD synced, with the live and the wanted value", async () => {
    process.kill(controller, "SIGSTOP");
    const patch = (kind: string, name: string, namespace: string, change: object) =>
      cluster.kubectl("patch", kind, name, "-n", namespace, "--type", "merge", "--patch", JSON.stringify(change));
    patch("secret", "in-cluster", "argocd", { metadata: { labels: { region: "moon" } } });
    patch("secret", "stage-secrets", "onebranch-secrets", { data: { "orders-db": "b3RoZXI=" } });
    cluster.kubectl("delete", "rolebinding", "stage-secrets", "-n", "onebranch-secrets");
    patch("deployment", "orders", "orders", { spec: { replicas: 7 } });
    patch("configmap", "guestbook", "guestbook", { data: { PODINFO_UI_MESSAGE: "by hand" } });
    const { drift: found, notCompared } = await drift();
    assert.deepEqual(notCompared, []);
    const place = { by: "stack", namespace: "onebranch-secrets", name: "stage-secrets" };
    assert.deepEqual(found, [
      { ...place, kind: "RoleBinding", change: "missing", fields: [] },
      {
        ...{ by: "stack", kind: "Secret", namespace: "argocd", name: "in-cluster", change: "changed" },
        fields: [{ path: "metadata.labels.region", live: "moon", wanted: "us-east-1" }],
      },
      {
        ...{ ...place, kind: "Secret", change: "changed" },
        fields: [{ path: "data.orders-db", live: "(masked)", wanted: "(masked)" }],
      },
      {
        ...{ by: "tree", component: "guestbook", kind: "ConfigMap", namespace: "guestbook", name: "guestbook" },
        change: "changed",
        fields: [{ path: "data.PODINFO_UI_MESSAGE", live: "by hand", wanted: "Guestbook (dev)" }],
      },
      {
        ...{ by: "tree", component: "orders", kind: "Deployment", namespace: "orders", name: "orders" },
        change: "changed",
        fields: [{ path: "spec.replicas", live: 7, wanted: 1 }],
      },
    ]);
  });

  it("says in words what to do", async () => {
    const { code, stdout } = await checkout.onebranch("drift", "dev");
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^dev: what Pulumi wrote is not as it was written in 3 objects; `onebranch up dev` writes it again$/m,
    );
    assert.match(stdout, /^ {2}RoleBinding onebranch-secrets\/stage-secrets is missing$/m);
    assert.match(stdout, /^ {2}orders: Deployment orders\/orders\n {4}spec\.replicas: 7, wanted 1$/m);
  });

  it("finds what Argo CD put back, and up writes the rest again", async () => {
    process.kill(controller, "SIGCONT");
    await checkout.succeed(...up);
    await eventually(async () => {
      const found = await drift();
      const healed = found.healed.map(({ component }) => component).sort();
      const message = `nothing should differ, and both be put back, is ${JSON.stringify(found)}`;
      return { holds: found.drift.length === 0 && healed.join() === "guestbook,orders", message };
    }, 120);
    const { stdout } = await checkout.onebranch("drift", "dev");
    assert.match(
      stdout,
      /^orders: Argo CD put back Deployment orders at \S+; which field it was, it does not record$/m,
    );
  });
});
