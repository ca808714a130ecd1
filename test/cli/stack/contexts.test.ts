import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { matchingContexts, readContexts } from "../../../cli/stack/kubeconfig/contexts";

describe("the contexts of a kubeconfig", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "onebranch-contexts-"))));
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function write(path: string, content: object | string): string {
    const file = join(directory, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  }
  const kubeconfig = (name: string, cluster: object = {}, user: object = {}) => ({
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server: `https://${name}.example.com`, ...cluster } }],
    users: [{ name, user }],
  });
  const io = (env: Record<string, string> = {}) => ({ cwd: directory, env: { HOME: directory, ...env } });

  it("are those of all files in KUBECONFIG; the first of a name counts", () => {
    const first = write("a", kubeconfig("dev", { server: "https://first" }));
    const second = write("b", {
      ...kubeconfig("prod"),
      clusters: [...kubeconfig("dev").clusters, ...kubeconfig("prod").clusters],
    });
    const missing = join(directory, "missing");
    const { names, text, paths } = readContexts(io({ KUBECONFIG: [first, missing, second].join(delimiter) }));
    assert.deepEqual(names, ["dev", "prod"]);
    assert.deepEqual(paths, [first, second]);
    const { clusters } = JSON.parse(text) as { clusters: { cluster: { server: string } }[] };
    assert.deepEqual(
      clusters.map(({ cluster }) => cluster.server),
      ["https://first", "https://prod.example.com"],
    );
  });

  it("are those of ~/.kube/config, and of the file that is named instead", () => {
    write(".kube/config", kubeconfig("home"));
    write("other", kubeconfig("other"));
    assert.deepEqual(readContexts(io()).names, ["home"]);
    assert.deepEqual(readContexts(io({ KUBECONFIG: "none" }), "other").names, ["other"]);
  });

  it("have files beside the kubeconfig, and a plugin there or on PATH", () => {
    const paths = { "client-certificate": "cert.pem", tokenFile: "/abs/token", exec: { command: "./bin/login" } };
    write("sub/config", kubeconfig("dev", { "certificate-authority": "ca.pem" }, paths));
    write("plugin", kubeconfig("dev", {}, { exec: { command: "aws" } }));
    type Read = { clusters: { cluster: object }[]; users: { user: object }[] };
    const { clusters, users } = JSON.parse(readContexts(io(), "sub/config").text) as Read;
    assert.deepEqual(clusters[0]!.cluster, {
      server: "https://dev.example.com",
      "certificate-authority": join(directory, "sub/ca.pem"),
    });
    assert.deepEqual(users[0]!.user, {
      "client-certificate": join(directory, "sub/cert.pem"),
      tokenFile: "/abs/token",
      exec: { command: join(directory, "sub/bin/login") },
    });
    const plugin = JSON.parse(readContexts(io(), "plugin").text) as Read;
    assert.deepEqual(plugin.users[0]!.user, { exec: { command: "aws" } });
  });

  for (const [what, content, message] of [
    ["text", "a: [", /is not a kubeconfig \(/],
    ["a list", "[]", /is not a kubeconfig \(it is not a mapping\)/],
    ["contexts that are not a list", { contexts: {} }, /is not a kubeconfig \(contexts is not a list\)/],
    ["a user without fields", { users: [{ name: "a" }] }, /\(an entry of users has no name, or no user\)/],
  ] as const)
    it(`are not in ${what}`, () => {
      write("bad", content);
      assert.throws(() => readContexts(io(), "bad"), message);
    });

  it("are not where there is no file", () => {
    assert.throws(() => readContexts(io(), "none"), {
      message: `there is no kubeconfig at ${join(directory, "none")}`,
    });
  });

  it("are named by patterns; each has to match something", () => {
    const names = ["arn:aws:eks:eu:1:cluster/prod-a", "prod-b", "dev.x", "devax"];
    const contexts = { paths: ["/k"], named: true, names, text: "" };
    assert.deepEqual(matchingContexts(contexts, ["*prod-*"]), names.slice(0, 2));
    assert.deepEqual(matchingContexts(contexts, ["dev.x", "prod-b"]), ["prod-b", "dev.x"]);
    assert.deepEqual(matchingContexts(contexts, ["*"]), names);
    assert.throws(() => matchingContexts(contexts, ["prod-c"]), {
      name: "UserError",
      message: "there is no context prod-c in /k; did you mean prod-b?",
    });
    assert.throws(() => matchingContexts({ ...contexts, names: [] }, ["*"]), /it has no context/);
  });
});
