import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listening } from "../../support/embedded";
import { filesOf, processesOf } from "../../support/leftovers";
import { answerOf, say, statusOf } from "../../support/ports";
import type { MachineAttempt } from "../attempt";
import type { AttackedCluster } from "../cluster";

type Port = keyof Awaited<ReturnType<AttackedCluster["ports"]>>;

const stranger = { who: "local user", how: "machine" } as const;

/** A request that must not be answered to somebody without a login. */
function closed(id: string, title: string, port: Port, path: string, plain = false): MachineAttempt {
  return {
    ...{ ...stranger, id, title, right: "401 or 404" },
    holds: async (cluster) => {
      const status = await statusOf((await cluster.ports())[port], path, { plain });
      assert.ok([401, 404].includes(status), `${status}`);
    },
  };
}

function open(id: string, title: string, port: Port, path: string, said: string, plain = true): MachineAttempt {
  return {
    ...{ ...stranger, id, title, said, right: "200" },
    holds: async (cluster) => assert.equal(await statusOf((await cluster.ports())[port], path, { plain }), 200),
  };
}

/** A server that asks for a client's certificate before it says anything. */
function certified(id: string, title: string, port: Port, path: string): MachineAttempt {
  return {
    ...{ ...stranger, id, title, right: "TLS is refused" },
    holds: async (cluster) => assert.rejects(statusOf((await cluster.ports())[port], path), /certificate required/i),
  };
}

function redis(id: string, title: string, words: string[], right: RegExp): MachineAttempt {
  return {
    ...{ ...stranger, id, title, right: right.source.slice(2) },
    holds: async (cluster) => {
      const bytes = `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
      assert.match(await say((await cluster.ports()).redis, bytes), right);
    },
  };
}

/** A webhook without a secret, at argocd-server and at the ApplicationSet controller. */
function webhook(
  id: string,
  title: string,
  headers: Record<string, string>,
  body: object,
  query = "",
): MachineAttempt[] {
  const at: [string, Port, boolean][] = [
    ["argocd-server", "argocd-server", false],
    ["the ApplicationSet controller", "applicationset-controller-webhook", true],
  ];
  return at.map(([name, port, plain], i) => ({
    ...{ id: `${id}${i === 0 ? "" : "x"}`, who: "sender", how: "machine", right: "refused" },
    title: `${title} without a secret, at ${name}`,
    holds: async (cluster) => {
      const sent = { plain, headers, body };
      const { status, text } = await answerOf((await cluster.ports())[port], `/api/webhook${query}`, sent);
      assert.ok(status >= 400 && status < 500, `${status} ${text}`);
    },
  }));
}

const push = { ref: "refs/heads/main", repository: { html_url: "https://example.com/tree", default_branch: "main" } };
const webhooks = [
  ...webhook("83", "a push of GitHub", { "X-GitHub-Event": "push" }, push),
  ...webhook("83a", "a push of GitLab", { "X-Gitlab-Event": "Push Hook" }, { ...push, object_kind: "push" }),
  ...webhook("83b", "a push of Gogs", { "X-Gogs-Event": "push" }, push),
  ...webhook(
    "83c",
    "a push of Bitbucket Server",
    { "X-Event-Key": "repo:refs_changed", "X-Request-Id": "1" },
    { eventKey: "x" },
  ),
  ...webhook("84", "a push of Azure DevOps", { "X-Vss-Activityid": "1" }, { eventType: "git.push", resource: {} }),
  ...webhook(
    "84a",
    "a push of Bitbucket Cloud",
    { "X-Hook-UUID": "1", "X-Event-Key": "repo:push" },
    { repository: {}, push: {} },
  ),
  ...webhook("84b", "an image pushed to GitHub's registry", { "X-GitHub-Event": "package" }, { action: "published" }),
  ...webhook("84c", "an image pushed to Docker Hub", {}, { repository: { repo_name: "a/b" } }, "?type=dockerhub"),
  ...webhook("84d", "an image pushed to Harbor", { Authorization: "guess" }, { type: "PUSH_ARTIFACT" }),
];

const foreign = (id: string, title: string, pair: string, from: "own" | "other"): MachineAttempt => ({
  ...{ ...stranger, id, title, right: "401" },
  async holds(cluster) {
    const folder = from === "own" ? cluster.folder : cluster.other!.folder;
    const [cert, key] = ["crt", "key"].map((ending) => readFileSync(join(folder, "pki", `${pair}.${ending}`), "utf8"));
    const sent = { cert: cert!, key: key! };
    assert.equal(await statusOf((await cluster.ports())["kube-apiserver"], "/api/v1/secrets", sent), 401);
  },
});

const files: MachineAttempt[] = [
  {
    ...{ ...stranger, id: "76", title: "addresses that the processes listen on", right: "127.0.0.1 only" },
    async holds(cluster) {
      const addresses = listening(Object.values(await cluster.embedded.pids()));
      assert.ok(addresses.length >= 9, `only ${addresses.length} ports`);
      for (const address of addresses) assert.match(address, /^0100007F:/);
    },
  },
  {
    ...{ ...stranger, id: "85", title: "files that others can read", right: "directories 0700, files 0600" },
    holds(cluster) {
      const home = join(cluster.root, ".onebranch");
      assert.equal(lstatSync(home).mode & 0o777, 0o700);
      // Whatever is below a directory that nobody else may enter is out of reach; what is secret is closed by itself.
      const secret = filesOf(home).filter((file) => /\.key$|kubeconfig$|passphrase$/.test(file));
      assert.ok(secret.length >= 10, `only ${secret.length} files`);
      for (const file of secret) assert.equal(lstatSync(join(home, file)).mode & 0o077, 0, file);
    },
  },
  {
    ...{ ...stranger, id: "86", title: "secrets in the arguments of processes", right: "none" },
    async holds(cluster) {
      const secrets = await cluster.secrets();
      assert.ok(secrets.length >= 4, `only ${secrets.length} secrets`);
      const pids = processesOf(cluster.folder).map((line) => line.split(" ")[0]!);
      assert.ok(pids.length >= 10, `only ${pids.length} processes`);
      for (const pid of pids) {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        for (const secret of secrets) assert.ok(!command.includes(secret), command);
      }
    },
  },
  {
    ...{ ...stranger, id: "87", title: "secrets in logs and records", right: "only in the files of etcd" },
    async holds(cluster) {
      const secrets = await cluster.secrets();
      for (const folder of ["logs", "run"]) {
        for (const file of filesOf(join(cluster.folder, folder))) {
          const text = readFileSync(join(cluster.folder, folder, file), "utf8");
          for (const secret of secrets) assert.ok(!text.includes(secret), `${folder}/${file} has a secret`);
        }
      }
    },
  },
  {
    ...{
      ...stranger,
      id: "88",
      title: "secrets in the state of Pulumi",
      right: "encrypted; the passphrase has mode 0600",
    },
    async holds(cluster) {
      const state = join(cluster.root, ".onebranch", "state");
      assert.ok(readdirSync(state).length > 0);
      const secrets = await cluster.secrets();
      for (const file of filesOf(state)) {
        const text = readFileSync(join(state, file), "utf8");
        for (const secret of secrets) assert.ok(!text.includes(secret), `${file} has a secret`);
      }
      assert.equal(lstatSync(join(cluster.root, ".onebranch", "passphrase")).mode & 0o777, 0o600);
    },
  },
];

/** What is tried on the API server and taken back. */
const tried: MachineAttempt[] = [
  {
    ...{ id: "48", who: "Argo CD", how: "machine", right: "refused by the identity policy" },
    title: "an Application that is being deleted gets value files of prod",
    holds: (cluster) =>
      cluster.whileDeleted("a48", {
        spec: { source: { helm: { valueFiles: ["/gitops/apps/a48/stages/prod/values.yaml"] } } },
      }),
  },
  {
    ...{ id: "48a", who: "Argo CD", how: "machine", right: "refused by the identity policy" },
    title: "an Application that is being deleted gets a sync of inline manifests",
    holds: (cluster) => cluster.whileDeleted("a48a", { operation: { sync: { manifests: ["{}"] } } }),
  },
  {
    ...{ id: "48b", who: "Argo CD", how: "machine", right: "the finalizer can be removed" },
    title: "an Application that is being deleted can still go",
    holds: (cluster) => cluster.whileDeleted("a48b", undefined),
  },
  {
    ...{ id: "57b", who: "Argo CD", how: "machine", right: "refused by the identity policy" },
    title: "a sync without a source, of an Application whose stored spec has become a wrong one",
    holds: (cluster) => cluster.syncOfWrongSpec("a57b"),
  },
  {
    ...{ id: "68", who: "platform", how: "machine", right: "status says that the policy is missing; up restores it" },
    title: "the binding of the policy is deleted by hand",
    holds: (cluster) => cluster.withoutBinding(),
  },
];

export const machine: MachineAttempt[] = [
  ...tried,
  ...files,
  closed("77", "the API server without a login", "kube-apiserver", "/api"),
  foreign("77a", "the API server with the certificate for etcd", "etcd-client", "own"),
  foreign("77b", "the API server with the certificate of another cluster's administrator", "admin", "other"),
  certified("78", "etcd without a certificate", "etcd", "/health"),
  certified("78a", "etcd's port for its peers without a certificate", "etcd-peer", "/members"),
  certified("78b", "etcd's metrics without a certificate", "etcd", "/metrics"),
  certified("78c", "repo-server's port without a certificate", "repo-server", "/"),
  redis("79", "redis lists its keys", ["KEYS", "*"], /^-NOAUTH/),
  redis("79a", "redis says about itself", ["INFO"], /^-NOAUTH/),
  redis("79b", "redis stores a manifest", ["SET", "a", "b"], /^-NOAUTH/),
  redis("79c", "redis with a wrong password", ["AUTH", "guess"], /^-WRONGPASS/),
  closed("80", "Argo CD lists Applications without a login", "argocd-server", "/api/v1/applications"),
  open(
    "80a",
    "Argo CD says its version",
    "argocd-server",
    "/api/version",
    "public in Argo CD: it has no secret",
    false,
  ),
  closed("81", "the profiles of repo-server", "repo-server-metrics", "/debug/pprof/cmdline", true),
  closed("81a", "the CPU profile of repo-server", "repo-server-metrics", "/debug/pprof/profile?seconds=1", true),
  closed(
    "81b",
    "the profiles of the application controller",
    "application-controller-metrics",
    "/debug/pprof/cmdline",
    true,
  ),
  closed("81c", "the profiles of argocd-server", "argocd-server-metrics", "/debug/pprof/cmdline", true),
  open("82", "metrics", "repo-server-metrics", "/metrics", "metrics are open on 127.0.0.1; see decision 0009"),
  ...webhooks,
];
