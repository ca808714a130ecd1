import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { addTeamTree, hasTenantChart } from "../support/fixtures";
import { inCheckout } from "../support/paths";
import { skip } from "../support/skip";
import { Tree } from "./attacks/tree";
import { Checkout } from "./support/checkout";
import { Cluster, type Application } from "./support/cluster";
import { eventually, type Expectation } from "./support/eventually";
import {
  everything,
  hostPath,
  lifting,
  looks,
  makes,
  object,
  privileged,
  rbac,
  subject,
  toAdmin,
} from "./support/team-attempts";

interface Synced extends Application {
  status: Application["status"] & {
    conditions?: { message: string }[];
    operationState?: { syncResult?: { resources?: { kind: string; name: string; message?: string }[] } };
  };
}

/** What a team has in a real cluster, and everything that it is refused: as one of its people, and through its project. */
describe("a team", function () {
  let checkout: Checkout;
  let cluster: Cluster;

  before(async function () {
    if (!hasTenantChart) skip(this, "gitops/charts/tenant/2.1.0 is not there");
    checkout = new Checkout();
    addTeamTree(checkout.root);
    checkout.commit("the teams");
    cluster = await Cluster.of(checkout, "dev");
    await checkout.succeed("up", "dev", "--provider", "embedded", "--yes");
  });

  after(async () => {
    if (cluster === undefined) return;
    await checkout.succeed("destroy", "dev", "--yes");
    checkout.remove();
  });

  const application = (name: string) =>
    cluster.applications().find(({ metadata }) => metadata.name === name) as Synced | undefined;

  /** kubectl as somebody of a group; what it prints, or what refuses it. */
  function as(group: string, args: readonly string[], input?: object): string {
    const who = [
      "--kubeconfig",
      cluster.kubeconfig,
      "--as",
      "ann",
      "--as-group",
      group,
      "--as-group",
      "system:authenticated",
    ];
    try {
      const options = { encoding: "utf8", stdio: "pipe", ...(input && { input: stringify(input) }) } as const;
      return execFileSync(join(cluster.bin, "kubectl"), [...who, ...args], options);
    } catch (error) {
      return (error as { stderr: string }).stderr;
    }
  }

  const create = (group: string, what: object) => as(group, ["create", "--filename", "-", "--dry-run=server"], what);

  it("has what its file says", () => {
    const quota = cluster.list("resourcequotas", "orders").find(({ metadata }) => metadata.name === "tenant");
    assert.deepEqual((quota as { spec?: object } | undefined)?.spec, {
      hard: { pods: "20", "requests.cpu": "4", "requests.memory": "8Gi" },
    });
    const policies = cluster.list("networkpolicies", "orders").map(({ metadata }) => metadata.name);
    assert.deepEqual(policies.sort(), ["allow-dns", "allow-namespace", "default-deny"]);
    assert.equal(application("tenants")?.status.health?.status, "Healthy");
  });

  it("may work in its namespace, each group as far as its role goes", () => {
    const settings = object("v1", "ConfigMap", "settings", "orders");
    assert.match(create("commerce", settings), /created/);
    assert.match(
      create(
        "commerce-leads",
        object(`${rbac}/v1`, "RoleBinding", "more", "orders", {
          roleRef: { ...toAdmin, name: "view" },
          subjects: [subject],
        }),
      ),
      /created/,
    );
    assert.match(create("support", settings), /User "ann" cannot create resource "configmaps"/);
    assert.match(as("support", ["get", "pods", "--namespace", "orders", "--output", "name"]), /^pod\/orders-/);
    assert.match(as("support", ["get", "secrets", "--namespace", "orders"]), /cannot list resource "secrets"/);
  });

  for (const [title, args, says] of looks) {
    it(`may not look ${title}, whoever of it asks`, () => {
      for (const group of ["commerce-leads", "commerce"]) assert.match(as(group, args), says, group);
    });
  }

  for (const [title, what, says] of makes) {
    it(`may not make ${title} as a person, with the most rights that it has`, () => {
      assert.match(create("commerce-leads", what), says);
    });
  }

  it("may not change its quota, its limits or its Namespace as a person", () => {
    const patch = (kind: string, name: string) =>
      as("commerce-leads", [
        "patch",
        kind,
        name,
        "-n",
        "orders",
        "--type",
        "merge",
        "--patch",
        '{"metadata":{"labels":{"a":"b"}}}',
      ]);
    assert.match(patch("resourcequota", "tenant"), /cannot patch resource "resourcequotas"/);
    assert.match(patch("limitrange", "tenant"), /cannot patch resource "limitranges"/);
    assert.match(patch("namespace", "orders"), /cannot patch resource "namespaces"/);
  });

  /** Each resource of an app has a message of its own in the result of the sync. */
  function told(name: string, wanted: Record<string, RegExp>): Expectation {
    return async () => {
      const resources = application(name)?.status.operationState?.syncResult?.resources ?? [];
      const said = (what: string) => resources.find((one) => `${one.kind}/${one.name}` === what)?.message ?? "nothing";
      const wrong = Object.entries(wanted).filter(([what, says]) => !says.test(said(what)));
      return {
        holds: wrong.length === 0,
        message: wrong.map(([what, says]) => `${what} should say ${says}, says ${said(what)}`).join("; "),
      };
    };
  }

  it("is refused through its project: other namespaces, cluster-scoped kinds, quotas, Argo CD's kinds", async () => {
    const objects = [
      object("v1", "ConfigMap", "of-another", "guestbook"),
      object("v1", "ConfigMap", "of-kubernetes", "kube-system"),
      object("v1", "Secret", "of-argocd", "argocd"),
      object("v1", "Namespace", "its-own"),
      object(`${rbac}/v1`, "ClusterRole", "wide", undefined, { rules: everything }),
      object(`${rbac}/v1`, "ClusterRoleBinding", "wide", undefined, { roleRef: toAdmin, subjects: [subject] }),
      object("v1", "ResourceQuota", "more", undefined, { spec: { hard: { pods: "99" } } }),
      object("v1", "LimitRange", "more", undefined, { spec: { limits: [] } }),
      object("argoproj.io/v1alpha1", "AppProject", "its-own", "orders", { spec: {} }),
    ];
    new Tree(checkout.root).app("reaching", { template: objects.map((one) => stringify(one)).join("---\n") });
    checkout.commit("an app that reaches for more");
    const namespace = (name: string) => new RegExp(`namespace ${name} is not permitted in project 'commerce'`);
    const kind = (name: string) => new RegExp(`[Rr]esource \\S*:${name} is not permitted in project commerce`);
    await eventually(
      told("reaching", {
        "ConfigMap/of-another": namespace("guestbook"),
        "ConfigMap/of-kubernetes": namespace("kube-system"),
        "Secret/of-argocd": namespace("argocd"),
        "Namespace/its-own": kind("Namespace"),
        "ClusterRole/wide": kind("ClusterRole"),
        "ClusterRoleBinding/wide": kind("ClusterRoleBinding"),
        "ResourceQuota/more": kind("ResourceQuota"),
        "LimitRange/more": kind("LimitRange"),
        "AppProject/its-own": kind("AppProject"),
      }),
      180,
    );
    assert.equal(
      cluster.list("configmaps", "guestbook").some(({ metadata }) => metadata.name === "of-another"),
      false,
    );
  });

  it("is refused rights with which it could lift its limits, through its project", async () => {
    new Tree(checkout.root).app("rights", { template: lifting.map((one) => stringify(one)).join("---\n") });
    checkout.commit("rights for the team");
    await eventually(
      told("rights", {
        "RoleBinding/lifting": /onebranch-namespaces.*a RoleBinding gives a Role of that namespace/,
        "Role/lifting": /onebranch-namespaces.*a Role only reads namespaces/,
      }),
      180,
    );
  });

  it("is refused by Pod Security through its project", async () => {
    new Tree(checkout.root).app("pods", {
      template: [privileged, hostPath].map((one) => stringify(one)).join("---\n"),
    });
    checkout.commit("pods of the node");
    await eventually(
      told("pods", {
        "Pod/privileged": /violates PodSecurity "restricted:latest"/,
        "Pod/host-path": /violates PodSecurity "restricted:latest"/,
      }),
      180,
    );
  });

  it("is watched by metrics that are there: those that the rules of the chart monitoring read", async () => {
    const ports = JSON.parse(readFileSync(join(cluster.folder, "ports.json"), "utf8")) as Record<string, number>;
    const of = async (part: string) => (await fetch(`http://127.0.0.1:${ports[`${part}-metrics`]}/metrics`)).text();
    const parts = await Promise.all(["application-controller", "repo-server"].map(of));
    const all = [...parts, cluster.kubectl("get", "--raw", "/metrics")].join("\n");
    const listed = readFileSync(inCheckout("test/monitoring/metrics.txt"), "utf8").split("\n");
    const names = listed.filter((name) => /^(argocd|apiserver)_/.test(name));
    assert.ok(names.length > 4);
    for (const name of names) assert.match(all, new RegExp(`^${name}\\{`, "m"));
    const labels = /^argocd_app_info\{(.*)\}/m.exec(all)![1]!;
    for (const label of ["name", "project", "sync_status", "health_status"])
      assert.ok(labels.includes(`${label}="`), label);
    assert.match(all, /^apiserver_validating_admission_policy_check_total\{[^}]*policy="onebranch-identity"/m);
  });

  it("is there one sync after its file is, with its first group", async () => {
    // The check that follows finds the apps of the tests above.
    const words = "new team payments --description Cards --reviewer @a/b --group edit=payments".split(" ");
    assert.match((await checkout.onebranch(...words)).output, /^wrote gitops\/teams\/payments\.yaml$/m);
    checkout.commit("payments");
    await eventually(async () => {
      const said = create("payments", object("v1", "ConfigMap", "settings", "payments"));
      return { holds: /created/.test(said), message: said };
    }, 120);
    assert.ok(cluster.list("appprojects.argoproj.io", "argocd").some(({ metadata }) => metadata.name === "payments"));
  });

  it("takes no namespace of Kubernetes by its file: bootstrap stays as it is, says so, and apps go on", async () => {
    const file = "gitops/teams/payments.yaml";
    checkout.edit(file, "payments: {}", "payments: {}\n  kube-system: {}");
    checkout.edit(
      "gitops/apps/guestbook/stages/dev/values.yaml",
      /PODINFO_UI_MESSAGE: .*/,
      "PODINFO_UI_MESSAGE: Goes on",
    );
    checkout.commit("too much");
    await eventually(async () => {
      const [said = "nothing"] = (application("bootstrap")?.status.conditions ?? []).map(({ message }) => message);
      return { holds: said.includes(`${file}: the namespace kube-system cannot be a team's`), message: said };
    }, 120);
    await eventually(async () => {
      const texts = JSON.stringify(cluster.list("configmaps", "guestbook"));
      return { holds: texts.includes("Goes on"), message: "guestbook should have the new message" };
    }, 240);
    const { spec } = cluster
      .list("appprojects.argoproj.io", "argocd")
      .find(({ metadata }) => metadata.name === "payments")!;
    const places = (spec as { destinations: { namespace: string }[] }).destinations.map(({ namespace }) => namespace);
    assert.deepEqual(places, ["payments"]);
    checkout.git("revert", "--no-edit", "HEAD");
    await eventually(async () => {
      const conditions = application("bootstrap")?.status.conditions ?? [];
      return { holds: conditions.length === 0, message: JSON.stringify(conditions) };
    }, 120);
  });
});
