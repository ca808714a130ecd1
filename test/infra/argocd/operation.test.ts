import assert from "node:assert/strict";
import { parse } from "yaml";
import { argoCdConfig } from "../../../infra/argocd/config";
import { usualExclusions } from "../../../infra/argocd/exclusions";
import { operationValues } from "../../../infra/argocd/operation";
import { chartValues, type Placement } from "../../../infra/argocd/values";
import type { Mapping } from "../../../model/mapping";
import type { Capability } from "../../../model/capabilities";
import type { Manifest } from "../../gitops/helm";
import { skip } from "../../support/skip";
import { OfficialChart } from "../support/chart";
import { identity, settingsWith, tree } from "../support/source";

const monitoring = "monitoring.coreos.com/v1";
const secrets = {
  argocdOidcClientSecret: "marker-oidc",
  argocdNotifySlackToken: "marker-slack",
  argocdNotifyUrl: "https://relay.example.org/marker-url",
  argocdNotifyUrlToken: "marker-token",
};

/** Everything that a stack can say about how its Argo CD is run. */
const everything = {
  ...secrets,
  argocdHost: "argocd.example.org",
  argocdOidcIssuer: "https://login.example.org",
  argocdOidcClientId: "argocd",
  argocdGroups: '["platform=admin"]',
  argocdNotifySlackChannel: "#alerts",
  argocdRoute: "ingress",
  argocdIngressClass: "internal",
  argocdCertIssuer: "letsencrypt",
  argocdMonitorLabels: "release=prometheus",
  argocdExclusions: "cilium.io/*,Event",
};

interface Workload {
  replicas?: number;
  template: { spec: { containers: { resources?: { requests?: Record<string, string> } }[] } };
}

/** The official chart with the values of a stack of the provider kind, as if it had nodes enough. */
describe("how a stack wants its Argo CD to be run, in the official chart", () => {
  let chart: OfficialChart | undefined;

  before(async function () {
    chart = await OfficialChart.find(this);
  });
  after(() => chart?.remove());

  function valuesOf(config: Record<string, string>, capabilities: Capability[] = ["base"], placement: Placement = {}) {
    const clusters = new Map([["dev", identity({ capabilities })]]);
    const settings = settingsWith({ config, tree: tree({ clusters }) });
    const url = `https://${settings.argocd.host ?? "localhost:8443"}`;
    const cm = argoCdConfig(5, url, { ...settings.argocd, ...settings.installation });
    const site = { url, oneNode: placement.oneNode, served: true };
    return chartValues(cm, settings.argocd, placement, operationValues(settings, site));
  }

  function rendered(values: Mapping, ...served: string[]) {
    const manifests = chart!.render(values, ...served);
    const all = (kind: string) => manifests.filter((manifest) => manifest.kind === kind);
    const names = (kind: string) =>
      all(kind)
        .map(({ metadata }) => metadata.name.replace(/^argocd-/, ""))
        .sort();
    const find = (kind: string, name: string) => {
      const found = all(kind).find(({ metadata }) => metadata.name === name);
      return found ?? assert.fail(`no ${kind} ${name}; there is ${names(kind).join(", ")}`);
    };
    const data = (name: string) => find("ConfigMap", name).data as Record<string, string>;
    return { manifests, all, names, find, data };
  }

  /** The parts of Argo CD, with their replicas. */
  function replicas({ all }: ReturnType<typeof rendered>): Record<string, number | undefined> {
    const workloads = [...all("Deployment"), ...all("StatefulSet")];
    return Object.fromEntries(
      workloads.map(({ metadata, spec }) => [
        metadata.name.replace(/^argocd-/, ""),
        (spec as unknown as Workload).replicas,
      ]),
    );
  }

  it("gives every part its requests, and no part a limit", () => {
    const { all } = rendered(valuesOf({ argocdNotifyUrl: "https://relay.example.org" }));
    const workloads = [...all("Deployment"), ...all("StatefulSet")];
    assert.equal(workloads.length, 6);
    for (const { metadata, spec } of workloads) {
      const [container] = (spec as unknown as Workload).template.spec.containers;
      assert.deepEqual(Object.keys(container?.resources ?? {}), ["requests"], metadata.name);
      assert.deepEqual(Object.keys(container!.resources!.requests!), ["cpu", "memory"], metadata.name);
    }
  });

  it("has one of each part where nothing is asked for, and of a high availability that one node cannot have", () => {
    const one = { "application-controller": 1, "applicationset-controller": 1, "repo-server": 1, server: 1, redis: 1 };
    for (const [config, placement] of [
      [{}, {}],
      [{ argocdProfile: "ha" }, { oneNode: true }],
    ] as [Record<string, string>, Placement][]) {
      const result = rendered(valuesOf(config, ["base"], placement));
      assert.deepEqual(replicas(result), one);
      assert.deepEqual(result.names("PodDisruptionBudget"), []);
    }
  });

  it("has two of each part that can have two with the profile ha, and lets one be away", () => {
    const values = valuesOf({ argocdProfile: "ha" });
    // Whether the copy of the chart has three redis inside is for the next test.
    const result = rendered({ ...values, "redis-ha": { enabled: false } });
    assert.deepEqual(replicas(result), {
      "application-controller": 1,
      "applicationset-controller": 2,
      "repo-server": 2,
      server: 2,
      redis: 1,
    });
    assert.deepEqual(result.names("PodDisruptionBudget"), ["applicationset-controller", "repo-server", "server"]);
    for (const { spec } of result.all("PodDisruptionBudget")) assert.equal(spec.maxUnavailable, 1);
    assert.equal(result.data("argocd-cmd-params-cm")["applicationsetcontroller.enable.leader.election"], "true");
    const text = JSON.stringify(result.find("Deployment", "argocd-server").spec);
    assert.match(text, /"topologySpreadConstraints":\[\{[^\]]*"topology\.kubernetes\.io\/zone"/);
  });

  it("has three redis with the profile ha, which Argo CD alone reaches with the password that Pulumi made", function () {
    if (!chart!.hasRedisHa)
      return skip(this, "this copy of the chart has no redis-ha inside; `helm pull` gives a whole one");
    const image = { redisImage: "mirror.example.org/redis:8" };
    const result = rendered(valuesOf({ argocdProfile: "ha", ...image }));
    const found = replicas(result);
    assert.equal(found["redis-ha-server"], 3);
    assert.equal(found["redis-ha-haproxy"], 3);
    assert.equal("redis" in found, false);
    assert.deepEqual(result.names("PodDisruptionBudget"), [
      "applicationset-controller",
      "redis-ha-haproxy-pdb",
      "redis-ha-pdb",
      "repo-server",
      "server",
    ]);
    const server = JSON.stringify(result.find("StatefulSet", "argocd-redis-ha-server").spec);
    assert.match(server, /"secretKeyRef":\{"name":"argocd-redis","key":"auth"\}/);
    assert.match(server, /"image":"mirror\.example\.org\/redis:8"/);
    assert.equal(result.data("argocd-cmd-params-cm")["redis.server"], "argocd-redis-ha-haproxy:6379");
    assert.deepEqual(
      result.all("Secret").map(({ metadata }) => metadata.name),
      [],
    );
    const { podSelector } = result.find("NetworkPolicy", "argocd-redis-ha").spec as {
      podSelector: { matchLabels: Record<string, string>; matchExpressions: { values: string[] }[] };
    };
    for (const [kind, name] of [
      ["StatefulSet", "redis-ha-server"],
      ["Deployment", "redis-ha-haproxy"],
    ] as const) {
      const { labels } = (result.find(kind, `argocd-${name}`).spec.template as Manifest).metadata;
      assert.equal(labels?.release, podSelector.matchLabels.release, name);
      assert.ok(podSelector.matchExpressions[0]!.values.includes(labels?.app ?? ""), name);
    }
  });

  it("lets connections in that a policy names, and no others", () => {
    const { names, find } = rendered(valuesOf({}));
    assert.deepEqual(names("NetworkPolicy"), [
      "application-controller",
      "default-deny",
      "redis",
      "repo-server",
      "server",
    ]);
    assert.deepEqual(find("NetworkPolicy", "argocd-default-deny").spec, { podSelector: {}, policyTypes: ["Ingress"] });
    assert.deepEqual(rendered(valuesOf({ argocdNetworkPolicy: "off" })).names("NetworkPolicy"), []);
  });

  it("leads the host name to the server by an Ingress with a certificate", () => {
    const { find, data, names } = rendered(valuesOf(everything));
    const { metadata, spec } = find("Ingress", "argocd-server");
    assert.deepEqual(metadata.annotations, { "cert-manager.io/cluster-issuer": "letsencrypt" });
    assert.deepEqual(spec, {
      ingressClassName: "internal",
      rules: [
        {
          host: "argocd.example.org",
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "argocd-server", port: { number: 80 } } } },
            ],
          },
        },
      ],
      tls: [{ hosts: ["argocd.example.org"], secretName: "argocd-server-tls" }],
    });
    assert.equal(data("argocd-cmd-params-cm")["server.insecure"], "true");
    assert.equal(data("argocd-cm").url, "https://argocd.example.org");
    assert.deepEqual(names("HTTPRoute"), []);
  });

  it("leads it there by an HTTPRoute of a Gateway", () => {
    const config = { argocdHost: "argocd.example.org", argocdRoute: "httproute", argocdGateway: "edge/public/https" };
    const { find, data, names } = rendered(valuesOf(config));
    const { spec } = find("HTTPRoute", "argocd-server");
    assert.deepEqual(spec.parentRefs, [{ namespace: "edge", name: "public", sectionName: "https" }]);
    assert.deepEqual(spec.hostnames, ["argocd.example.org"]);
    assert.match(JSON.stringify(spec.rules), /"name":"argocd-server","port":80/);
    assert.equal(data("argocd-cmd-params-cm")["server.insecure"], "true");
    assert.deepEqual(names("Ingress"), []);
  });

  it("keeps TLS up to the server where no route is asked for", () => {
    const { data, names } = rendered(valuesOf({ argocdHost: "argocd.example.org" }));
    assert.equal(data("argocd-cmd-params-cm")["server.insecure"], "false");
    assert.equal(data("argocd-cm").url, "https://argocd.example.org");
    assert.deepEqual([...names("Ingress"), ...names("HTTPRoute")], []);
  });

  it("has metrics and ServiceMonitors where the cluster has the capability monitoring and the kind", () => {
    const parts = [
      "application-controller",
      "applicationset-controller",
      "notifications-controller",
      "repo-server",
      "server",
    ];
    const values = valuesOf(everything, ["base", "monitoring"]);
    const { all, names } = rendered(values, monitoring);
    assert.deepEqual(names("ServiceMonitor"), parts);
    for (const { metadata } of all("ServiceMonitor")) assert.equal(metadata.labels?.release, "prometheus");
    const services = names("Service").filter((name) => name.endsWith("-metrics"));
    assert.equal(services.length, parts.length, services.join(", "));
    // The same values on a cluster that does not have the kind yet.
    assert.deepEqual(rendered(values).names("ServiceMonitor"), []);
    const without = rendered(valuesOf(everything), monitoring);
    assert.deepEqual(
      without.names("Service").filter((name) => name.endsWith("-metrics")),
      [],
    );
    assert.deepEqual(without.names("ServiceMonitor"), []);
  });

  it("leaves kinds out besides those that Argo CD leaves out itself", () => {
    const exclusions = (config: Record<string, string>) =>
      parse(rendered(valuesOf(config)).data("argocd-cm")["resource.exclusions"]!) as object[];
    assert.deepEqual(exclusions({}), usualExclusions);
    assert.deepEqual(exclusions(everything), [
      ...usualExclusions,
      { apiGroups: ["cilium.io"], kinds: ["*"] },
      { apiGroups: [""], kinds: ["Event"] },
    ]);
  });

  it("reports what goes wrong, with a controller of its own", () => {
    const { data, find, all } = rendered(valuesOf(everything));
    const notifications = data("argocd-notifications-cm");
    assert.deepEqual(parse(notifications.context!), {
      argocdUrl: "https://argocd.example.org",
      cluster: "dev",
      stage: "dev",
      region: "us-east-1",
    });
    assert.deepEqual(parse(notifications["service.slack"]!), { token: "$slack-token" });
    assert.equal(data("argocd-cmd-params-cm")["controller.resource.health.persist"], "true");
    assert.match(
      JSON.stringify(find("Deployment", "argocd-notifications-controller").spec),
      /argocd-notifications-secret|notifications/,
    );
    assert.deepEqual(all("Secret"), []);
    const { names } = rendered(valuesOf({}));
    assert.equal(names("Deployment").includes("notifications-controller"), false);
  });

  it("brings the login and the roles into their ConfigMaps", () => {
    const { data } = rendered(valuesOf(everything));
    assert.equal(data("argocd-cm")["admin.enabled"], "false");
    assert.match(data("argocd-cm")["oidc.config"]!, /clientSecret: \$oidc\.clientSecret/);
    assert.equal(data("argocd-rbac-cm")["policy.csv"], "g, platform, role:admin\n");
    assert.equal(data("argocd-rbac-cm")["policy.default"], "");
  });

  it("has no secret in any manifest or value", () => {
    const values = valuesOf(everything, ["base", "monitoring"]);
    assert.doesNotMatch(JSON.stringify([values, rendered(values, monitoring).manifests]), /marker/);
  });
});
