import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { loadSettings } from "../../infra/config";
import start from "../../infra";
import { uncommittedWarning } from "../../model/uncommitted";
import { addTree } from "../support/fixtures";

describe("what `pulumi up` runs", () => {
  let root: string;
  const before_ = process.env.ONEBRANCH_ROOT;

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-load-")));
    addTree(root);
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args]);
    git("init", "--quiet", "--initial-branch", "trunk");
    git("add", ".");
    git("commit", "--quiet", "--message", "tree");
    process.env.ONEBRANCH_ROOT = root;
  });
  after(() => {
    if (before_ === undefined) delete process.env.ONEBRANCH_ROOT;
    else process.env.ONEBRANCH_ROOT = before_;
    pulumi.runtime.setAllConfig({});
    rmSync(root, { recursive: true });
  });

  async function underPulumi(stack: string, config: Record<string, string>): Promise<void> {
    const unused = () => assert.fail("no resource may be asked for");
    await pulumi.runtime.setMocks({ newResource: unused, call: unused }, "onebranch", stack, true);
    pulumi.runtime.setAllConfig(config);
  }

  it("reads the config of its own project, the tree and Git", async () => {
    await underPulumi("staging", { "onebranch:provider": "embedded", "kubernetes:context": "elsewhere" });
    const { identity, repository, root: found } = await loadSettings();
    assert.equal(identity.name, "staging");
    assert.equal(identity.provider, "embedded");
    assert.deepEqual(repository, { url: `file://${root}`, revision: "trunk", isCheckout: true });
    assert.equal(found, root);
  });

  it("warns of what is not committed, also without the tool", async () => {
    const { warn } = pulumi.log;
    const file = join(root, "gitops", "new.yaml");
    writeFileSync(file, "");
    await underPulumi("staging", { "onebranch:provider": "embedded" });
    // The warning comes before the first resource; nothing more of the program is wanted here.
    pulumi.log.warn = async (text) => assert.fail(text);
    try {
      await assert.rejects(start(), { message: uncommittedWarning(["gitops/new.yaml"]) });
    } finally {
      pulumi.log.warn = warn;
      rmSync(file);
    }
  });

  it("ends with the sentences alone, before any resource", async () => {
    await underPulumi("staging", { "onebranch:provider": "embeded", "onebranch:pollSeconds": "-1" });
    await assert.rejects(start(), (error) => {
      assert.ok(pulumi.RunError.isInstance(error));
      assert.equal(
        error.message,
        'pollSeconds is "-1"; give a whole number from 1 to 3600\nprovider is "embeded"; use "embedded" (allowed: eks, embedded, existing, kind)',
      );
      return true;
    });
  });

  it("names the line of a broken cluster.yaml", async () => {
    const file = join(root, "gitops", "clusters", "staging", "cluster.yaml");
    const good = execFileSync("git", ["-C", root, "show", "HEAD:gitops/clusters/staging/cluster.yaml"], {
      encoding: "utf8",
    });
    writeFileSync(file, good.replace("region: eu-west-1", "region: mars"));
    try {
      await underPulumi("staging", { "onebranch:provider": "embedded" });
      await assert.rejects(start(), {
        message:
          'gitops/clusters/staging/cluster.yaml:3: region "mars" does not exist; use one of: eu-west-1, us-east-1, or add gitops/regions/mars.yaml [unknown-region]',
      });
    } finally {
      writeFileSync(file, good);
    }
  });
});
