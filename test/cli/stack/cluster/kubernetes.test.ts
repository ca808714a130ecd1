import assert from "node:assert/strict";
import { readCredentials } from "../../../../machine/credentials";
import { toApplication, toApplicationSet } from "../../../../cli/stack/cluster/kubernetes";
import { commit } from "../../support/fake-cluster";

describe("toApplication", () => {
  const source = { repoURL: "file:///repo", targetRevision: "main", path: "gitops/bootstrap" };
  const metadata = { name: "bootstrap", ownerReferences: [{ kind: "ApplicationSet", name: "root" }] };

  it("takes what matters of an Application", () => {
    const found = toApplication({
      metadata,
      spec: { source },
      status: {
        sync: { status: "Synced", revision: commit, comparedTo: { source } },
        health: { status: "Degraded", message: "why" },
        operationState: { phase: "Succeeded", message: "done" },
        conditions: [{ type: "OrphanedResourceWarning", message: "2 orphans" }],
        resources: [
          { kind: "ApplicationSet", name: "components", status: "Synced" },
          { kind: "Deployment", name: "x", status: "OutOfSync", health: { status: "Degraded", message: "late" } },
          { kind: "Service", name: "x", status: "Synced", health: { status: "Healthy" } },
        ],
      },
    });
    assert.deepEqual(found, {
      name: "bootstrap",
      sync: "Synced",
      health: "Degraded",
      revisions: [commit],
      current: true,
      madeBy: "root",
      follows: { repoURL: "file:///repo", revision: "main" },
      refreshing: false,
      deleting: false,
      operating: false,
      phase: "Succeeded",
      message: "done",
      healthMessage: "why",
      conditions: [{ type: "OrphanedResourceWarning", message: "2 orphans" }],
      troubles: [{ kind: "Deployment", name: "x", sync: "OutOfSync", health: "Degraded", message: "late" }],
      applicationSets: ["components"],
    });
  });

  it("sees that nothing was compared yet", () => {
    const { sync, health, revisions, current } = toApplication({
      metadata,
      spec: { source },
      status: { sync: { status: "" } },
    });
    assert.deepEqual([sync, health, revisions, current], ["Unknown", "Unknown", [], false]);
  });

  it("sees that the status speaks of an older source", () => {
    const status = { sync: { status: "Synced", comparedTo: { source: { ...source, targetRevision: "1.0.0" } } } };
    assert.equal(toApplication({ metadata, spec: { source }, status }).current, false);
  });

  it("compares several sources as one, whatever stands beside them", () => {
    const sources = [source, { repoURL: "https://charts.example" }];
    const status = {
      sync: { status: "Synced", revisions: ["1.2.3", commit], comparedTo: { source: { repoURL: "" }, sources } },
    };
    const { current, revisions } = toApplication({ metadata, spec: { sources }, status });
    assert.deepEqual([current, revisions], [true, ["1.2.3", commit]]);
  });

  it("sees that it is being deleted, and that an operation has not ended", () => {
    const { deleting, operating } = toApplication({
      metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:00Z" },
      spec: { source },
      operation: {},
    });
    assert.deepEqual([deleting, operating], [true, true]);
  });

  it("sees that Argo CD was asked to look again", () => {
    const annotations = { "argocd.argoproj.io/refresh": "normal" };
    assert.equal(toApplication({ metadata: { ...metadata, annotations } }).refreshing, true);
  });
});

describe("toApplicationSet", () => {
  const condition = (type: string, status: string) => ({ type, status, message: `${type} says so` });

  it("is up to date when the controller says so", () => {
    const conditions = [condition("ErrorOccurred", "False"), condition("ResourcesUpToDate", "True")];
    assert.deepEqual(toApplicationSet({ metadata: { name: "components" }, status: { conditions } }), {
      name: "components",
      refreshing: false,
      upToDate: true,
    });
  });

  it("tells its error, and that it was asked to generate again", () => {
    const annotations = { "argocd.argoproj.io/application-set-refresh": "true" };
    const conditions = [condition("ErrorOccurred", "True")];
    assert.deepEqual(toApplicationSet({ metadata: { name: "components", annotations }, status: { conditions } }), {
      name: "components",
      refreshing: true,
      upToDate: false,
      error: "ErrorOccurred says so",
    });
  });
});

const encoded = (text: string) => Buffer.from(text).toString("base64");

describe("readCredentials", () => {
  const kubeconfig = (user: object, cluster: object = {}) =>
    JSON.stringify({
      "current-context": "dev",
      contexts: [
        { name: "dev", context: { cluster: "dev", user: "admin" } },
        { name: "other", context: { cluster: "other", user: "admin" } },
      ],
      clusters: [
        { name: "dev", cluster: { server: "https://127.0.0.1:6443", ...cluster } },
        { name: "other", cluster: { server: "https://127.0.0.1:7443" } },
      ],
      users: [{ name: "admin", user }],
    });

  it("takes certificates of the current context", async () => {
    const user = { "client-certificate-data": encoded("cert"), "client-key-data": encoded("key") };
    const { server, options } = readCredentials(kubeconfig(user, { "certificate-authority-data": encoded("ca") }));
    assert.equal(server.href, "https://127.0.0.1:6443/");
    const { ca, cert, key } = await options();
    assert.deepEqual([String(ca), String(cert), String(key)], ["ca", "cert", "key"]);
  });

  it("takes a token, and another context when one is named", async () => {
    const { server, options } = readCredentials(kubeconfig({ token: "t" }), "other");
    assert.equal(server.port, "7443");
    assert.deepEqual((await options()).headers, { authorization: "Bearer t" });
  });

  it("leaves a plugin to the Kubernetes library", async function () {
    // The library loads for seconds on a busy machine.
    this.timeout(60_000);
    const status = {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1",
      status: { token: "from-plugin" },
    };
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-e", `console.log(${JSON.stringify(JSON.stringify(status))})`],
    };
    const { headers } = await readCredentials(kubeconfig({ exec })).options();
    assert.equal((headers as Record<string, string>).Authorization, "Bearer from-plugin");
  });

  it("refuses a context that is not there", () => {
    assert.throws(() => readCredentials(kubeconfig({}), "prod"), {
      name: "UserError",
      message: "the kubeconfig has no cluster for the context prod",
    });
  });
});
