import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { changeAll, deleteAll, governing, policyNames } from "./support/governing";

/** A cluster in which somebody, or a commit before there were policies, changed what controls Argo CD. */
describe("up restores what controls Argo CD", () => {
  const checkout = new Checkout();
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  let cluster: Cluster;
  let intact: Record<string, object>;

  before(async () => {
    cluster = await Cluster.of(checkout, "dev");
    await checkout.succeed(...up);
    intact = governing(cluster);
  });

  after(async () => {
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  async function restored(found: string): Promise<void> {
    const status = await checkout.onebranch("status", "dev");
    assert.equal(status.code, 1);
    for (const policy of policyNames) assert.ok(status.output.includes(`the ${policy} is ${found}`), status.output);
    await checkout.succeed(...up);
    assert.deepEqual(governing(cluster), intact);
    await eventually(cluster.followed(checkout.git("rev-parse", "HEAD")));
  }

  it("when it was changed", async () => {
    changeAll(cluster);
    assert.notDeepEqual(governing(cluster), intact);
    await restored("not as `up` wrote it");
  });

  it("when it was deleted", async () => {
    deleteAll(cluster);
    await restored("missing");
  });

  it("when commits changed it before there were policies, and were taken back", async () => {
    const start = checkout.git("rev-parse", "HEAD");
    const shows = (name: string, field: string, wanted: string) =>
      eventually(async () => {
        const [kind = "", object = ""] = name.split("/");
        const found = cluster.kubectl(
          "get",
          kind,
          object,
          "-n",
          "argocd",
          "--ignore-not-found",
          "-o",
          `jsonpath={.${field}}`,
        );
        return { holds: found === wanted, message: `${name} ${field} should be "${wanted}", is "${found}"` };
      }, 90);
    cluster.kubectl("delete", "validatingadmissionpolicybinding,validatingadmissionpolicy", "--all");

    add("project", "argoproj.io/v1alpha1", "AppProject", "bootstrap", {
      spec: {
        sourceRepos: ["*"],
        destinations: [{ server: "*", namespace: "*" }],
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      },
    });
    checkout.commit("bootstrap may do anything");
    await shows("appproject/bootstrap", "spec.sourceRepos", '["*"]');

    add("cm", "v1", "ConfigMap", "argocd-cm", { data: { "users.anonymous.enabled": "true" } });
    add("rbac", "v1", "ConfigMap", "argocd-rbac-cm", { data: { "policy.default": "role:admin" } });
    add("secret", "v1", "Secret", "argocd-secret", { stringData: { "webhook.github.secret": "known" } });
    checkout.commit("everybody may do anything");
    await shows("configmap/argocd-cm", "data.users\\.anonymous\\.enabled", "true");
    await shows("secret/argocd-secret", "data.webhook\\.github\\.secret", Buffer.from("known").toString("base64"));

    checkout.git("read-tree", "-u", "--reset", start);
    checkout.commit("take it all back");
    await shows("configmap/argocd-cm", "metadata.name", "");
    await restored("missing");
  });

  /** Makes the bootstrap chart write an object. */
  function add(file: string, apiVersion: string, kind: string, name: string, rest: object): void {
    const path = join(checkout.root, "gitops/bootstrap/templates", `x-${file}.yaml`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, stringify({ apiVersion, kind, metadata: { name, namespace: "argocd" }, ...rest }));
  }
});
