import assert from "node:assert/strict";
import { readCredentials } from "../../../../machine/credentials";
import { toApplication, toApplicationSet } from "../../../../cli/stack/cluster/kubernetes";
import { commit, olderCommit } from "../../support/fake-cluster";

describe("toApplication", () => {
  const source = { repoURL: "file:///repo", targetRevision: "main", path: "gitops/bootstrap" };
  const metadata = { name: "bootstrap", ownerReferences: [{ kind: "ApplicationSet", name: "root" }] };

  it("takes what matters of an Application", () => {
    const found = toApplication({
      metadata,
      spec: { source },
      status: {
        sync: { status: "Synced", revision: commit, comparedTo: { source } },
        health: { status: "Degraded", message: "why", lastTransitionTime: "2026-03-04T02:00:00Z" },
        history: [
          { revision: olderCommit, source, deployedAt: "2026-03-03T01:00:00Z" },
          { revisions: ["1.2.3", commit], sources: [source], source: {}, deployedAt: "2026-03-04T01:00:00Z" },
        ],
        operationState: { phase: "Succeeded", message: "done", retryCount: 2, syncResult: { revision: commit } },
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
      sources: [source],
      healthSince: new Date("2026-03-04T02:00:00Z"),
      history: [
        { at: new Date("2026-03-03T01:00:00Z"), revisions: [olderCommit], sources: [source] },
        { at: new Date("2026-03-04T01:00:00Z"), revisions: ["1.2.3", commit], sources: [source] },
      ],
      operation: { revisions: [commit], retries: 2 },
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

  describe("with a plugin", () => {
    const apiVersion = "client.authentication.k8s.io/v1";
    const plugin = (script: string, more: object = {}) => ({
      exec: { apiVersion, command: process.execPath, args: ["-e", script], ...more },
    });
    const gives = (status: object) =>
      `console.log(JSON.stringify({ kind: "ExecCredential", apiVersion: "${apiVersion}", status: ${JSON.stringify(status)} }))`;

    it("takes its token, and keeps it", async () => {
      const { options } = readCredentials(kubeconfig(plugin(gives({ token: "from-plugin" }))));
      assert.deepEqual((await options()).headers, { authorization: "Bearer from-plugin" });
    });

    it("runs it again when the token ends, and not before", async () => {
      const script = (ends: string) =>
        `console.log(JSON.stringify({ status: { token: String(process.pid), expirationTimestamp: "${ends}" } }))`;
      const tokens = async (ends: Date) => {
        const { options } = readCredentials(kubeconfig(plugin(script(ends.toISOString()))));
        return [(await options()).headers, (await options()).headers];
      };
      const [first, second] = await tokens(new Date(Date.now() + 3_600_000));
      assert.deepEqual(first, second);
      const [third, fourth] = await tokens(new Date(Date.now() - 1));
      assert.notDeepEqual(third, fourth);
    });

    it("takes its certificate beside the cluster's authority", async () => {
      const user = plugin(gives({ clientCertificateData: "cert", clientKeyData: "key" }));
      const authority = { "certificate-authority-data": encoded("ca") };
      const { ca, cert, key } = await readCredentials(kubeconfig(user, authority)).options();
      assert.deepEqual([String(ca), cert, key], ["ca", "cert", "key"]);
    });

    it("tells it what kubectl tells it", async () => {
      const script =
        "console.log(JSON.stringify({ status: { token: process.env.KUBERNETES_EXEC_INFO + process.env.A } }))";
      const user = plugin(script, { provideClusterInfo: true, env: [{ name: "A", value: " b" }] });
      const { headers } = await readCredentials(kubeconfig(user)).options();
      const spec = { interactive: false, cluster: { server: "https://127.0.0.1:6443" } };
      const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
      assert.deepEqual(headers, { authorization: `Bearer ${info} b` });
    });

    const says = "the kubeconfig gets its credentials from the command";
    for (const [what, user, message] of [
      [
        "is missing",
        { exec: { command: "no-such-plugin", installHint: "get it\nfrom there" } },
        `${says} no-such-plugin, and it is not on PATH: get it`,
      ],
      [
        "fails",
        plugin("console.error('first'); console.error('log in again'); process.exit(3)"),
        `${says} ${process.execPath}, and it failed: log in again`,
      ],
      [
        "prints something else",
        plugin("console.log('a secret')"),
        `${says} ${process.execPath}, and it printed something that is not an ExecCredential`,
      ],
      [
        "gives nothing",
        plugin(gives({})),
        `${says} ${process.execPath}, and it gave neither a token nor a certificate`,
      ],
    ] as const)
      it(`says that it ${what}, and tries it again`, async () => {
        const { options } = readCredentials(kubeconfig(user));
        for (let time = 0; time < 2; time++) await assert.rejects(options(), { name: "UserError", message });
      });

    it("refuses one that asks a person each time", () => {
      const user = plugin("", { interactiveMode: "Always" });
      assert.throws(
        () => readCredentials(kubeconfig(user)),
        /asks a person for each login \(interactiveMode: Always\)/,
      );
    });
  });

  it("refuses a context that is not there", () => {
    assert.throws(() => readCredentials(kubeconfig({}), "prod"), {
      name: "UserError",
      message: "the kubeconfig has no cluster for the context prod",
    });
  });
});
