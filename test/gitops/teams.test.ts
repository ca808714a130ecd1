import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { notificationValues } from "../../infra/argocd/notifications";
import { isReservedNamespace, reservedTeams } from "../../model/team";
import { keepRepo, TreeRepo } from "../cli/support/tree-repo";
import { identity } from "../infra/support/source";
import { hasTenantChart } from "../support/fixtures";
import { root } from "../support/root";
import { skip } from "../support/skip";

interface Made {
  components: { component: string; manifests: Manifest[] }[];
  unrendered: { component: string; reason: string }[];
}

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string>; labels?: Record<string, string> };
  spec?: Record<string, unknown>;
  subjects?: { name: string }[];
  roleRef?: { name: string };
}

const tenant = "gitops/charts/tenant/2.1.0";

const payments = `description: Cards and invoices
owners: ["@acme/payments"]
groups: { admin: [payments-leads], view: [support] }
contacts: { slack: payments-alerts, email: payments@example.com }
namespaces:
  cards:
    allowFrom: [gateways]
    allowTo: [{ namespace: orders, ports: [443] }, { cidr: 10.0.0.0/16 }]
  invoices: {}
quotas:
  prod: { pods: 7 }
`;
const pin = `component: tenants
chart: tenant
version: 2.1.0
namespace: guardrails
requires: base
facts: { stage: stage }
`;

/** The charts that read the files of the teams, in the tests' tree, whose other teams are in bootstrap's values. */
describe("the files of teams", function () {
  const repo = keepRepo(new TreeRepo());
  const file = "gitops/teams/payments.yaml";

  before(function () {
    if (!hasTenantChart) skip(this, `${tenant} is not there`);
    cpSync(join(root, tenant), join(repo.root, tenant), { recursive: true });
    for (const stage of ["dev", "prod"]) repo.put({ [`gitops/addons/tenants/stages/${stage}/pin.yaml`]: pin });
    repo.put({ "gitops/addons/tenants/values.yaml": 'quota: { pods: "20" }\n' });
  });

  async function made(cluster: string): Promise<Made> {
    return JSON.parse((await repo.run("render", cluster, "--offline", "--json")).out) as Made;
  }

  function part({ components }: Made, component: string, kind: string, name: string, namespace?: string): Manifest {
    const all = components.find((one) => one.component === component)?.manifests ?? [];
    const found = all.filter(({ kind: of, metadata }) => of === kind && metadata.name === name && (namespace === undefined || metadata.namespace === namespace));
    assert.equal(found.length, 1, `${kind} ${name}`);
    return found[0]!;
  }

  it("make projects with roles and subscriptions, and namespaces", async () => {
    repo.put({ [file]: payments });
    const all = await made("dev");
    assert.deepEqual(all.unrendered.filter(({ component }) => component === "bootstrap"), []);
    const { metadata, spec } = part(all, "bootstrap", "AppProject", "payments");
    assert.equal(metadata.annotations?.["notifications.argoproj.io/subscribe.on-degraded.slack"], "payments-alerts");
    const server = "https://kubernetes.default.svc";
    assert.deepEqual(spec?.destinations, ["cards", "invoices"].map((namespace) => ({ server, namespace })));
    assert.equal(spec?.clusterResourceWhitelist, undefined);
    const p = (role: string, what: string) => `p, proj:payments:${role}, ${what}, payments/*, allow`;
    assert.deepEqual(spec?.roles, [
      {
        name: "admin",
        description: "May look, sync and run actions",
        groups: ["payments-leads"],
        policies: ["applications, get", "logs, get", "applications, sync", "applications, action/*"].map((what) => p("admin", what)),
      },
      {
        ...{ name: "view", description: "May look", groups: ["support"] },
        policies: ["applications, get", "logs, get"].map((what) => p("view", what)),
      },
    ]);
    const { metadata: cards } = part(all, "bootstrap", "Namespace", "cards");
    assert.deepEqual(cards.labels, { "onebranch.dev/team": "payments", "pod-security.kubernetes.io/enforce": "restricted" });
    assert.equal(cards.annotations?.["onebranch.dev/contact"], "payments@example.com");
    // Those of bootstrap's values are there as before.
    assert.equal(part(all, "bootstrap", "AppProject", "commerce").spec?.description, "Orders and payment");
  });

  it("give each namespace the quota of its stage, limits, connections and rights", async () => {
    repo.put({ [file]: payments });
    const [dev, prod] = [await made("dev"), await made("prod")];
    const pods = (all: Made) => part(all, "tenants", "ResourceQuota", "tenant", "cards").spec?.hard;
    assert.deepEqual([pods(dev), pods(prod)], [{ ...(pods(dev) as object), pods: "20" }, { pods: "7" }]);
    part(dev, "tenants", "LimitRange", "tenant", "invoices");
    const denied = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    assert.deepEqual(part(dev, "tenants", "NetworkPolicy", "default-deny", "invoices").spec, denied);
    const named = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });
    assert.deepEqual(part(dev, "tenants", "NetworkPolicy", "allow-from", "cards").spec?.ingress, [{ from: [named("gateways")] }]);
    assert.deepEqual(part(dev, "tenants", "NetworkPolicy", "allow-to", "cards").spec?.egress, [
      { to: [named("orders")], ports: [{ protocol: "TCP", port: 443 }] },
      { to: [{ ipBlock: { cidr: "10.0.0.0/16" } }] },
    ]);
    const { roleRef, subjects } = part(dev, "tenants", "RoleBinding", "tenant-admin", "cards");
    assert.deepEqual([roleRef?.name, subjects?.map(({ name }) => name)], ["admin", ["payments-leads"]]);
    const teams = prod.components.find(({ component }) => component === "tenants")!.manifests;
    assert.deepEqual([...new Set(teams.map(({ metadata }) => metadata.namespace))].sort(), ["cards", "invoices"]);
  });

  it("let pods of a namespace in the mesh be probed, and reach others by its tunnel, along what is allowed only", async () => {
    repo.put({ [file]: payments.replace("  cards:\n", "  cards:\n    mesh: true\n") });
    const all = await made("dev");
    const label = (namespace: string) => part(all, "bootstrap", "Namespace", namespace).metadata.labels?.["istio.io/dataplane-mode"];
    assert.deepEqual([label("cards"), label("invoices")], ["ambient", undefined]);
    const port = (number: number) => ({ protocol: "TCP", port: number });
    assert.deepEqual(part(all, "tenants", "NetworkPolicy", "allow-to", "cards").spec?.egress, [
      {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "orders" } } }],
        ports: [port(443), port(15008)],
      },
      { to: [{ ipBlock: { cidr: "10.0.0.0/16" } }] },
    ]);
    assert.deepEqual(part(all, "tenants", "NetworkPolicy", "allow-mesh-probes", "cards").spec?.ingress, [
      { from: [{ ipBlock: { cidr: "169.254.7.127/32" } }] },
    ]);
    const { manifests } = all.components.find(({ component }) => component === "tenants")!;
    const probed = manifests.filter(({ metadata }) => metadata.name === "allow-mesh-probes");
    assert.deepEqual(probed.map(({ metadata }) => metadata.namespace), ["cards"]);
  });

  it("say what the pin of the chart lacks", async () => {
    repo.put({ [file]: payments, "gitops/addons/tenants/stages/dev/pin.yaml": pin.replace(/^facts.*\n/m, "") });
    const { unrendered } = await made("dev");
    assert.match(unrendered.find(({ component }) => component === "tenants")!.reason, /write facts: \{ stage: stage \} into the pin/);
    repo.put({ "gitops/addons/tenants/stages/dev/pin.yaml": pin });
  });

  const faults: [string, string, RegExp][] = [
    ["is not YAML", "a: [", /gitops\/teams\/payments\.yaml is not a mapping of YAML: /],
    ["is a list", "- a", /gitops\/teams\/payments\.yaml is not a mapping of YAML: /],
    ["has no namespaces", "description: a", /payments\.yaml: namespaces is not a mapping/],
    ["has a list of namespaces", "namespaces: [a]", /payments\.yaml: namespaces is not a mapping/],
    ["takes kube-system", "namespaces: { kube-system: {} }", /the namespace kube-system cannot be a team's/],
    ["takes argocd", "namespaces: { argocd: {} }", /the namespace argocd cannot be a team's/],
    ["takes the stack's secrets", "namespaces: { onebranch-secrets: {} }", /onebranch-secrets cannot be a team's/],
    ["takes a pattern", 'namespaces: { "*": {} }', /"\*" is not the name of a namespace/],
    ["takes the platform's namespace", "namespaces: { guardrails: {} }", /guardrails is the team payments's and the platform's/],
    ["gives rights to all logins", "namespaces: { a: {} }\ngroups: { admin: ['system:authenticated'] }", /"system:authenticated" is not a group of people/],
    ["has more than a name in a group", "namespaces: { a: {} }\ngroups: { admin: ['a, b'] }", /"a, b" is not a group of people/],
    ["takes the namespace of a team in bootstrap's values", "namespaces: { orders: {} }", /the namespace orders is of the teams commerce and payments/],
    ["gives rights of its own making", "namespaces: { a: {} }\ngroups: { cluster-admin: [a] }", /groups has the role "cluster-admin"/],
  ];
  for (const [title, text, fault] of faults) {
    it(`one that ${title} stops bootstrap, and nothing changes`, async () => {
      repo.put({ [file]: `${text}\n` });
      const { unrendered, components } = await made("dev");
      assert.match(unrendered.find(({ component }) => component === "bootstrap")?.reason ?? "it renders", fault);
      assert.equal(components.find(({ component }) => component === "bootstrap"), undefined);
    });
  }

  it("two with one namespace, and a team that is in bootstrap's values too, stop bootstrap", async () => {
    const reason = async () => (await made("dev")).unrendered.find(({ component }) => component === "bootstrap")?.reason ?? "it renders";
    repo.put({ [file]: payments, "gitops/teams/tills.yaml": payments });
    assert.match(await reason(), /gitops\/teams\/tills\.yaml: the namespace cards is also in gitops\/teams\/payments\.yaml/);
    repo.git("clean", "-fdq", "gitops/teams");
    repo.put({ "gitops/teams/commerce.yaml": payments });
    assert.match(await reason(), /the team commerce is in gitops\/bootstrap\/values\.yaml and in gitops\/teams\/commerce\.yaml/);
    repo.git("clean", "-fdq", "gitops/teams");
  });

  it("subscribe to every event that Pulumi makes a trigger for", async () => {
    repo.put({ [file]: payments });
    const { metadata } = part(await made("dev"), "bootstrap", "AppProject", "payments");
    const subscribed = Object.keys(metadata.annotations!).flatMap((key) => /subscribe\.(.+)\.slack$/.exec(key)?.[1] ?? []);
    const stack = { slack: { token: "xoxb-1", channel: "platform" }, afterMinutes: 30 };
    const values = notificationValues(stack as never, identity({}), "https://argocd.example.com") as {
      notifications: { triggers: Record<string, string>; notifiers: Record<string, string> };
    };
    const { triggers, notifiers } = values.notifications;
    assert.deepEqual(subscribed.sort(), Object.keys(triggers).map((key) => key.replace("trigger.", "")).sort());
    assert.ok("service.slack" in notifiers, "the service that the annotations name");
  });

  it("are held to the same names in the chart and in the model", () => {
    const text = repo.read("gitops/teams/templates/_teams.tpl");
    const [, list] = /define "teams.reserved" -\}\}\n(\[.*\])/.exec(text)!;
    assert.deepEqual(parse(list!), reservedTeams);
    const [, namespaces] = /has \$namespace \(list (.*?)\)\)/.exec(text)!;
    for (const name of namespaces!.split(" ").map((one) => JSON.parse(one) as string)) assert.ok(isReservedNamespace(name), name);
    assert.match(text, /hasPrefix "kube-" \$namespace/);
  });
});
