import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool, TreeRepo } from "../../support/tree-repo";
import { RegistryServer } from "./registry-server";

describe("pins --resolve", () => {
  const registry = new RegistryServer();
  let repo: TreeRepo;
  let docker: string;
  const dockerBefore = process.env.DOCKER_CONFIG;
  before(() => registry.start());
  after(() => registry.stop());
  beforeEach(() => {
    registry.requests.length = 0;
    repo = new TreeRepo();
    docker = mkdtempSync(join(tmpdir(), "onebranch-docker-"));
    process.env.DOCKER_CONFIG = docker;
  });
  afterEach(() => {
    repo.remove();
    rmSync(docker, { recursive: true });
    if (dockerBefore === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = dockerBefore;
  });

  const pinOf = (stage: string) => `gitops/apps/orders/stages/${stage}/pin.yaml`;
  /** Gives the pin of a stage an image of the registry. */
  function image(stage: string, kind: string, tag = "1.0.0"): void {
    const text = repo.read(pinOf(stage));
    const block = `# which one\nimage:\n  repository: ${registry.host}/${kind}/app # here\n  tag: ${tag}\n`;
    repo.put({ [pinOf(stage)]: `${text.replace(/\nimage:(\n .*)+/, "").trimEnd()}\n${block}` });
  }
  const resolve = (...words: string[]) => runTool(repo.root, "pins", "--resolve", "orders", "--stage", "dev", ...words);

  for (const [what, kind, requests] of [
    ["everybody may read", "open", 1],
    ["wants a token first", "token", 3],
    ["says no digest, so that it is computed from the manifest", "silent", 2],
  ] as const) {
    it(`asks a registry that ${what}`, async () => {
      image("dev", kind);
      const wanted = repo.read(pinOf("dev")).replace("tag: 1.0.0", `digest: ${registry.digest} # 1.0.0`);
      const { code, out, err } = await resolve();
      assert.deepEqual([code, err], [0, ""]);
      assert.equal(out, `wrote ${pinOf("dev")}: ${registry.host}/${kind}/app:1.0.0 is ${registry.digest}\n`);
      assert.equal(repo.read(pinOf("dev")), wanted);
      assert.equal(registry.requests.length, requests, registry.requests.join("\n"));
      assert.equal((await resolve()).out, "every image of these pins has a digest\n");
    });
  }

  it("logs in with what docker login wrote into its file", async () => {
    image("dev", "private");
    const refused = await resolve();
    assert.equal(refused.code, 2);
    assert.match(
      refused.err,
      new RegExp(`does not let this user read .*; log in with \`docker login ${registry.host}\``),
    );
    writeFileSync(
      join(docker, "config.json"),
      JSON.stringify({ auths: { [registry.host]: { auth: "dXNlcjpwYXNz" } } }),
    );
    const { code, err } = await resolve();
    assert.deepEqual([code, err], [0, ""]);
    assert.match(repo.read(pinOf("dev")), new RegExp(registry.digest));
  });

  it("writes nothing where one image has no digest, and gives every reason", async () => {
    image("dev", "open");
    image("staging", "broken");
    image("prod", "open", "9.9.9");
    const before = repo.changes();
    const { code, err } = await runTool(repo.root, "pins", "--resolve", "orders");
    assert.equal(code, 2);
    assert.match(err, new RegExp(`${pinOf("staging")}:\\d+: the registry ${registry.host} answers 503 for `));
    assert.match(err, new RegExp(`${pinOf("prod")}:\\d+: the registry ${registry.host} has no \\S+:9\\.9\\.9; check`));
    assert.match(err, /nothing was written/);
    assert.deepEqual(repo.changes(), before);
    assert.doesNotMatch(repo.read(pinOf("dev")), /digest/);
  });

  it("refuses a digest of another kind, and a registry that nobody can reach", async () => {
    image("dev", "odd");
    assert.match((await resolve()).err, /names the digest "md5:1"/);
    repo.put({ [pinOf("dev")]: repo.read(pinOf("dev")).replace(registry.host, "127.0.0.1:9") });
    assert.match(
      (await resolve()).err,
      /the registry 127\.0\.0\.1:9 cannot be reached: (ECONNREFUSED|bad port); check/,
    );
  });

  it("prints what it would write, also as JSON", async () => {
    image("dev", "open");
    const { out } = await resolve("--dry-run", "--json");
    const name = `${registry.host}/open/app:1.0.0`;
    assert.deepEqual(JSON.parse(out), [
      { component: "orders", path: pinOf("dev"), image: name, digest: registry.digest },
    ]);
    assert.match((await resolve("--dry-run")).out, /^would write /);
    assert.doesNotMatch(repo.read(pinOf("dev")), /digest/);
  });

  it("refuses names that are not there, and options without it", async () => {
    assert.match((await runTool(repo.root, "pins", "--resolve", "ordres")).err, /ordres.*orders/s);
    assert.match((await runTool(repo.root, "pins", "--resolve", "--stage", "prdo")).err, /prdo.*prod/s);
    assert.match((await runTool(repo.root, "pins", "--stage", "prod")).err, /--stage and --dry-run go with --resolve/);
  });
});
