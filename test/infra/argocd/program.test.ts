import assert from "node:assert/strict";
import type { Capability } from "../../../model/capabilities";
import { run } from "../support/run-program";
import { identity, settingsWith, tree } from "../support/source";

describe("the secrets of Argo CD", () => {
  const config = {
    argocdOidcIssuer: "https://login.example.org",
    argocdOidcClientId: "argocd",
    argocdOidcClientSecret: "marker-oidc",
    argocdGroups: "platform=admin",
    argocdNotifyUrl: "https://relay.example.org/marker-url",
    argocdNotifyUrlToken: "marker-token",
  };

  it("are in Secrets of the program, marked as secret, and in nothing else", async () => {
    const { resources, outputs } = await run(settingsWith({ config }), false);
    const find = (name: string) => resources.find((item) => item.name === name)!;
    const data = find("argocd-secret").inputs.stringData as Record<string, string>;
    assert.equal(data["oidc.clientSecret"], "marker-oidc");
    assert.deepEqual(find("argocd-notifications").inputs.stringData, {
      "notify-url": "https://relay.example.org/marker-url",
      "notify-token": "marker-token",
    });
    const holders = resources.filter((item) => JSON.stringify(item.inputs).includes("marker"));
    assert.deepEqual(Object.fromEntries(holders.map(({ name, secrets }) => [name, secrets])), {
      "argocd-notifications": ["stringData"],
      "argocd-secret": ["stringData"],
      restoration: ["kubeconfig", "objects"],
    });
    assert.ok(find("argocd").dependsOn.includes("argocd-notifications"));
    assert.doesNotMatch(JSON.stringify(outputs), /marker/);
    assert.equal(outputs.argocdSso, true);
    assert.equal(outputs.argocdLogin, "by SSO, which sends people back to https://127.0.0.1:18730/auth/callback");
  });

  it("are secret inputs of the processes of an embedded cluster", async () => {
    const { resources } = await run(settingsWith({ config: { ...config, provider: "embedded" } }), false);
    const argocd = resources.find(({ name }) => name === "argocd")!;
    assert.equal(argocd.inputs.oidcClientSecret, "marker-oidc");
    assert.deepEqual(argocd.secrets, ["oidcClientSecret", "redisPassword", "webhookSecret"]);
    assert.doesNotMatch(JSON.stringify(argocd.inputs.configMaps), /marker/);
  });
});

describe("the metrics of Argo CD", () => {
  const monitored = async (capabilities: Capability[]) => {
    const clusters = new Map([["dev", identity({ capabilities })]]);
    const { resources } = await run(settingsWith({ tree: tree({ clusters }) }), false);
    const find = (name: string) => resources.find((item) => item.name === name);
    const { values } = find("argocd")!.inputs as { values: { server: { metrics?: unknown } } };
    return { probe: find("monitoring"), release: find("argocd")!, metrics: values.server.metrics };
  };

  it("are there where the cluster has the capability, and ServiceMonitors where it has the kind", async () => {
    const { probe, release, metrics } = await monitored(["base", "monitoring"]);
    assert.equal(probe?.type, "pulumi-nodejs:onebranch:Monitoring");
    assert.ok(release.dependsOn.includes("monitoring"));
    assert.deepEqual(metrics, { enabled: true, serviceMonitor: { enabled: false, additionalLabels: {} } });
  });

  it("are not there elsewhere", async () => {
    const { probe, metrics } = await monitored(["base"]);
    assert.equal(probe, undefined);
    assert.equal(metrics, undefined);
  });
});
