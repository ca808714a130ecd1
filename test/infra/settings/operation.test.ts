import assert from "node:assert/strict";
import { warningsOf } from "../../../infra/warnings";
import { refusal, type Change } from "../support/refusal";
import { settingsWith } from "../support/source";

const host = { argocdHost: "argocd.example.org" };

describe("how Argo CD is run", () => {
  const installed = (config: Record<string, string>) => settingsWith({ config }).installation;

  it("is simple where nothing is set", () => {
    assert.deepEqual(installed({}), { profile: "standard", networkPolicy: true, monitorLabels: {}, exclusions: [] });
    assert.equal(settingsWith().argocd.notifications, undefined);
  });

  it("is what the stack asks for", () => {
    const ingress = { argocdRoute: "ingress", argocdIngressClass: "internal", argocdCertIssuer: "letsencrypt.prod" };
    const config = {
      ...host,
      ...ingress,
      argocdProfile: "ha",
      argocdNetworkPolicy: "off",
      argocdMonitorLabels: '["release=prometheus","example.org/team="]',
      argocdExclusions: '["Event","*/PolicyReport","cilium.io/*"]',
    };
    assert.deepEqual(installed(config), {
      profile: "ha",
      networkPolicy: false,
      route: { kind: "ingress", className: "internal", issuer: "letsencrypt.prod" },
      monitorLabels: { release: "prometheus", "example.org/team": "" },
      exclusions: [
        { group: "", kind: "Event" },
        { group: "*", kind: "PolicyReport" },
        { group: "cilium.io", kind: "*" },
      ],
    });
  });

  it("may be reached by any listener of a Gateway, or by one", () => {
    const route = (gateway: string) => installed({ ...host, argocdRoute: "httproute", argocdGateway: gateway }).route;
    assert.deepEqual(route("edge/public"), { kind: "httproute", namespace: "edge", name: "public" });
    assert.deepEqual(route("edge/public/https"), {
      kind: "httproute",
      namespace: "edge",
      name: "public",
      listener: "https",
    });
  });

  it("reports to Slack, to an address, or to both", () => {
    const slack = { argocdNotifySlackToken: "xoxb-1", argocdNotifySlackChannel: "#alerts" };
    const reported = (config: Record<string, string>) => settingsWith({ config }).argocd.notifications;
    assert.deepEqual(reported(slack), { slack: { token: "xoxb-1", channel: "alerts" }, afterMinutes: 30 });
    const http = {
      argocdNotifyUrl: "https://relay.example.org",
      argocdNotifyUrlToken: "t",
      argocdNotifyAfterMinutes: "5",
    };
    assert.deepEqual(reported({ ...slack, ...http }), {
      slack: { token: "xoxb-1", channel: "alerts" },
      http: { url: "https://relay.example.org", token: "t" },
      afterMinutes: 5,
    });
    // What the tool sees of an encrypted setting.
    assert.equal(reported({ argocdNotifyUrl: "[secret]" })?.http?.url, "[secret]");
  });
});

describe("an Argo CD that cannot be run like that", () => {
  const faults: [title: string, config: Record<string, string>, message: string][] = [
    ["another profile", { argocdProfile: "HA" }, 'argocdProfile is "HA"; use "ha" (allowed: ha, standard)'],
    ["a policy that is neither", { argocdNetworkPolicy: "true" }, 'argocdNetworkPolicy is "true"; use one of: off, on'],
    [
      "a route without host",
      { argocdRoute: "ingress" },
      "argocdRoute is set without argocdHost; name the host that leads to Argo CD",
    ],
    [
      "a route without its Gateway",
      { ...host, argocdRoute: "httproute" },
      "argocdRoute is httproute without argocdGateway; name the Gateway: <namespace>/<name>",
    ],
    [
      "a Gateway that is only a name",
      { ...host, argocdRoute: "httproute", argocdGateway: "public" },
      'argocdGateway is "public"; give <namespace>/<name> or <namespace>/<name>/<listener>',
    ],
    [
      "settings of the other route",
      { ...host, argocdRoute: "ingress", argocdGateway: "edge/public" },
      "argocdGateway is for argocdRoute httproute; remove it, or set argocdRoute to httproute",
    ],
    [
      "settings of a route without one",
      { argocdIngressClass: "internal", argocdCertIssuer: "letsencrypt" },
      "argocdIngressClass is for argocdRoute ingress; remove it, or set argocdRoute to ingress\n" +
        "argocdCertIssuer is for argocdRoute ingress; remove it, or set argocdRoute to ingress",
    ],
    [
      "a class that is not a name",
      { ...host, argocdRoute: "ingress", argocdIngressClass: "Internal!" },
      'argocdIngressClass is "Internal!"; give the name of the object',
    ],
    [
      "a label that is none",
      { argocdMonitorLabels: "prometheus" },
      'argocdMonitorLabels has "prometheus"; write <name>=<value>, such as release=kube-prometheus-stack',
    ],
    [
      "an exclusion of everything",
      { argocdExclusions: '["*/*","events"]' },
      'argocdExclusions has "*/*"; write <group>/<Kind>, such as cilium.io/CiliumNode\n' +
        'argocdExclusions has "events"; write <group>/<Kind>, such as cilium.io/CiliumNode',
    ],
    [
      "an exclusion of what makes the tree",
      { argocdExclusions: "argoproj.io/ApplicationSet" },
      'argocdExclusions has "argoproj.io/ApplicationSet"; leave Argo CD\'s own kinds in: the root of everything is one of them',
    ],
    [
      "Slack without a channel",
      { argocdNotifySlackToken: "xoxb-1" },
      "argocdNotifySlackToken is set without argocdNotifySlackChannel; set both, or neither",
    ],
    [
      "a channel without Slack",
      { argocdNotifySlackChannel: "alerts" },
      "argocdNotifySlackChannel is set without argocdNotifySlackToken; set both, or neither",
    ],
    [
      "a token without an address",
      { argocdNotifyUrlToken: "t" },
      "argocdNotifyUrlToken is set without argocdNotifyUrl; set both, or neither",
    ],
    [
      "an address that is none, which the message does not repeat",
      { argocdNotifyUrl: "relay.example.org/hook-4711" },
      "argocdNotifyUrl is not an address; give https://... or http://...",
    ],
    [
      "a time for nothing",
      { argocdNotifyAfterMinutes: "5" },
      "argocdNotifyAfterMinutes is set, and nothing is reported anywhere; set argocdNotifySlackToken or argocdNotifyUrl too",
    ],
    [
      "a time that is too long",
      { argocdNotifyUrl: "https://relay.example.org", argocdNotifyAfterMinutes: "10081" },
      'argocdNotifyAfterMinutes is "10081"; give a whole number from 1 to 10080',
    ],
  ];
  for (const [title, config, message] of faults) it(title, () => assert.equal(refusal({ config }), message));
});

describe("settings of Argo CD on a cluster where they have no effect", () => {
  const warnings = (change: Change) => warningsOf(settingsWith(change)).filter((text) => text.includes("argocd"));

  it("are named where Argo CD is processes", () => {
    const config = { provider: "embedded", ...host, argocdProfile: "ha", argocdNotifyUrl: "https://relay.example.org" };
    assert.deepEqual(warnings({ config }), [
      "without effect on an embedded cluster, whose Argo CD is processes of this machine: argocdHost, argocdNotify... and argocdProfile",
    ]);
    assert.deepEqual(warnings({ config: { provider: "embedded", argocdExclusions: "Event" } }), []);
  });

  it("are named where there is one node", () => {
    assert.deepEqual(warnings({ config: { argocdProfile: "ha" } }), [
      "argocdProfile ha has no effect in dev: a kind cluster has one node",
    ]);
    assert.deepEqual(warnings({}), []);
  });
});
