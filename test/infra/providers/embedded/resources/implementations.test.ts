import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { implementation as argocd } from "../../../../../infra/providers/embedded/resources/argocd";
import { implementation as controlPlane } from "../../../../../infra/providers/embedded/resources/control-plane";
import { clusterPaths } from "../../../../../infra/providers/embedded/runtime";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("resources of an embedded cluster", () => {
  const saved = { ...process.env };
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "onebranch-resources-"));
    process.env.ONEBRANCH_ROOT = root;
    // Without a toolchain: these look at what is there, and start nothing.
    process.env.ONEBRANCH_CACHE = join(root, "cache");
  });
  afterEach(() => {
    process.env.ONEBRANCH_ROOT = saved.ONEBRANCH_ROOT;
    process.env.ONEBRANCH_CACHE = saved.ONEBRANCH_CACHE;
    for (const name of ["ONEBRANCH_ROOT", "ONEBRANCH_CACHE"]) if (saved[name] === undefined) delete process.env[name];
    rmSync(root, { recursive: true, force: true });
  });

  /** What a start leaves on the disk; its processes have ended since. */
  function deadCluster(): void {
    const paths = clusterPaths("dev", root);
    mkdirSync(paths.home, { recursive: true });
    writeFileSync(paths.ports, '{"kube-apiserver": 29980}');
    writeFileSync(paths.kubeconfig, "the kubeconfig");
  }

  describe("EmbeddedControlPlane", () => {
    const inputs = { name: "dev" };
    const state = { ...inputs, kubeconfig: "the kubeconfig", server: "", version: "", running: true };

    it("is gone without a directory", async () => {
      assert.deepEqual(await controlPlane.read!("dev", state), { id: "" });
    });

    it("is gone when it was never started to its end", async () => {
      mkdirSync(clusterPaths("dev", root).home, { recursive: true });
      assert.deepEqual(await controlPlane.read!("dev", state), { id: "" });
    });

    it("is there, but does not run, when its processes have ended", async () => {
      deadCluster();
      assert.deepEqual(await controlPlane.read!("dev", state), { id: "dev", props: { ...state, running: false } });
      assert.deepEqual(await controlPlane.diff!("dev", state, inputs), { changes: true });
    });

    it("is another one under another name", async () => {
      const change = await controlPlane.diff!("dev", state, { ...inputs, name: "prod" });
      assert.deepEqual(change, { changes: true, replaces: ["name"], deleteBeforeReplace: true });
    });

    it("may change while an input is not known", async () => {
      const change = await controlPlane.diff!("dev", state, { ...inputs, other: unknown } as never);
      assert.deepEqual(change, { changes: true });
    });

    it("can be deleted again and again", async () => {
      deadCluster();
      for (let time = 0; time < 2; time++) await controlPlane.delete!("dev", state);
      assert.equal(existsSync(clusterPaths("dev", root).home), false);
    });

    it("is not created without its programs", async () => {
      await assert.rejects(controlPlane.create(inputs), {
        name: "UserError",
        message: "the programs of embedded clusters are not built; run `make toolchain`",
      });
    });
  });

  describe("EmbeddedArgoCd", () => {
    const inputs = { name: "dev", configMaps: { "argocd-cm": { url: "u" } }, redisPassword: "r", webhookSecret: "w" };
    const state = { ...inputs, url: "https://127.0.0.1:29981", running: true };

    it("is gone with its cluster", async () => {
      assert.deepEqual(await argocd.read!("dev", state), { id: "" });
    });

    it("is there, but does not run, when its processes have ended", async () => {
      deadCluster();
      assert.deepEqual(await argocd.read!("dev", state), { id: "dev", props: { ...state, running: false } });
      assert.deepEqual(await argocd.diff!("dev", state, inputs), { changes: true });
    });

    it("is another one in another cluster", async () => {
      const change = await argocd.diff!("dev", state, { ...inputs, name: "prod" });
      assert.deepEqual(change, { changes: true, replaces: ["name"], deleteBeforeReplace: true });
    });

    it("may change while a password is not known", async () => {
      assert.deepEqual(await argocd.diff!("dev", state, { ...inputs, redisPassword: unknown }), { changes: true });
    });

    it("can be deleted again and again, without the cluster", async () => {
      deadCluster();
      for (let time = 0; time < 2; time++) await argocd.delete!("dev", state);
      assert.equal(existsSync(clusterPaths("dev", root).kubeconfig), true);
    });
  });
});
