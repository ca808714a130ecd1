import assert from "node:assert/strict";
import { argoCdConfig, configMaps } from "../../../infra/argocd/config";
import { chartValues } from "../../../infra/argocd/values";

const choice = { chart: "argo-cd", chartRepository: "https://charts.example.org", chartVersion: "1.2.3" };

describe("argoCdConfig", () => {
  it("looks at Git as often as asked, without a spread where it is often", () => {
    const { cm } = argoCdConfig(3);
    assert.equal(cm["timeout.reconciliation"], "3s");
    assert.equal(cm["timeout.reconciliation.jitter"], "0s");
  });

  it("spreads rare looks over a third of their time", () => {
    const { cm } = argoCdConfig(180);
    assert.equal(cm["timeout.reconciliation.jitter"], "60s");
  });

  it("leaves the address to the provider", () => {
    assert.equal("url" in argoCdConfig(3).cm, false);
    assert.equal(argoCdConfig(3, "https://x").cm.url, "https://x");
  });
});

describe("the same settings on both ways into a cluster", () => {
  const settings = argoCdConfig(10, "https://127.0.0.1:1");
  const { configs } = chartValues(settings, choice, {}) as { configs: Record<string, unknown> };
  const maps = configMaps(settings);

  it("are the same three ConfigMaps", () => {
    assert.deepEqual(maps["argocd-cm"], configs.cm);
    assert.deepEqual(maps["argocd-rbac-cm"], configs.rbac);
    assert.deepEqual(maps["argocd-cmd-params-cm"], configs.params);
    assert.deepEqual(Object.keys(maps), ["argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm"]);
  });
});

describe("chartValues", () => {
  const settings = argoCdConfig(5);

  it("leave images to the chart where none is set", () => {
    const values = chartValues(settings, choice, {});
    assert.equal("global" in values, false);
    assert.deepEqual(values.redis, {});
    assert.deepEqual(values.server, { service: {} });
  });

  it("take images from a mirror", () => {
    const image = { repository: "mirror/argocd", tag: "v3" };
    const values = chartValues(
      settings,
      { ...choice, image, redisImage: { repository: "mirror/redis", tag: "8" } },
      {},
    );
    assert.deepEqual(values.global, { image: { ...image, imagePullPolicy: "IfNotPresent" } });
    assert.deepEqual(values.redis, {
      image: { repository: "mirror/redis", tag: "8", imagePullPolicy: "IfNotPresent" },
    });
  });

  const env = [
    { name: "GIT_CONFIG_GLOBAL", value: "/etc/onebranch/gitconfig" },
    { name: "PATH", value: "/etc/onebranch:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  ];

  it("give the repository server Git's settings, whatever the user adds to it", () => {
    const mount = { name: "gitconfig", mountPath: "/etc/onebranch", readOnly: true };
    const plain = {
      env,
      volumes: [{ name: "gitconfig", configMap: { name: "onebranch-gitconfig", defaultMode: 0o555 } }],
      volumeMounts: [mount],
    };
    assert.deepEqual(chartValues(settings, choice, {}).repoServer, plain);
    const own = { env: [{ name: "GIT_CONFIG_GLOBAL", value: "/theirs" }], volumeMounts: null, replicas: 2 };
    assert.deepEqual(chartValues(settings, { ...choice, values: { repoServer: own } }, {}).repoServer, {
      ...plain,
      env: [...own.env, ...env],
      replicas: 2,
    });
  });

  it("let the repository server read the mounted checkout, which belongs to somebody else", () => {
    const { repoServer, server } = chartValues(settings, choice, { nodePort: 30443, checkout: "/repo" });
    assert.deepEqual(repoServer, {
      env,
      volumes: [
        { name: "gitconfig", configMap: { name: "onebranch-gitconfig", defaultMode: 0o555 } },
        { name: "checkout", hostPath: { path: "/repo", type: "Directory" } },
      ],
      volumeMounts: [
        { name: "gitconfig", mountPath: "/etc/onebranch", readOnly: true },
        { name: "checkout", mountPath: "/repo", readOnly: true },
      ],
    });
    assert.deepEqual(server, { service: { type: "NodePort", nodePortHttps: 30443 } });
  });

  it("are overlaid by the user's own, map by map", () => {
    const overlay = { repoServer: { copyutil: { extraArgs: "-n" } }, dex: { enabled: true } };
    const values = chartValues(settings, { ...choice, values: overlay }, { checkout: "/repo" });
    const { repoServer } = values as { repoServer: Record<string, unknown> };
    assert.deepEqual(repoServer.copyutil, { extraArgs: "-n" });
    assert.equal(Array.isArray(repoServer.volumes), true);
    assert.deepEqual(values.dex, { enabled: true });
  });
});
