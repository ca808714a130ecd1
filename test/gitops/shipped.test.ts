import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../model/findings";
import { Directory } from "../../model/directory";
import { readClusters } from "../../model/tree";
import { runTool } from "../cli/support/tree-repo";
import { Repo } from "../cli/tree/support";
import { buildRenderer } from "../support/renderer";
import { root } from "../support/root";

interface Rendered {
  components: unknown[];
  unrendered: { component: string; reason: string; failed: boolean }[];
}

/**
 * gitops/ belongs to its user. Nothing else is asked of it than what every tree must hold. It is committed in a repository
 * of its own, so that what changed in this checkout is not judged.
 */
describe("the tree in gitops/", function () {
  const repo = new Repo();

  before(buildRenderer);
  before(() => {
    cpSync(join(root, "gitops"), join(repo.root, "gitops"), { recursive: true });
    repo.commit();
  });
  after(() => repo.remove());

  async function answer<T>(...words: string[]): Promise<T> {
    const { out, err } = await runTool(repo.root, ...words, "--offline", "--json");
    if (out === "") assert.fail(err);
    return JSON.parse(out) as T;
  }

  it("has no error", async () => {
    const findings = await answer<Finding[]>("check");
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "error"),
      [],
    );
  });

  for (const cluster of readClusters(new Directory(root)).clusters.keys()) {
    it(`renders for ${cluster}`, async () => {
      const { components, unrendered } = await answer<Rendered>("render", cluster);
      // Charts of registries are not available here; that is not a failure.
      assert.deepEqual(
        unrendered.filter(({ failed }) => failed),
        [],
      );
      assert.ok(components.length > 0);
    });
  }
});
