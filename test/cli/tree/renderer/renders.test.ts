import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Renderer } from "../../../../cli/tree/renderer";
import { generateFleet } from "../../../fleet/generate";
import { buildRenderer } from "../../../support/renderer";
import { Repo } from "../support";

describe("renders of earlier runs", () => {
  let binary: string;
  let cache: string;
  let repo: Repo;

  before(async function () {
    binary = await buildRenderer.call(this);
  });
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), "onebranch-renders-"));
    repo = new Repo();
  });
  afterEach(() => {
    rmSync(cache, { recursive: true });
    repo.remove();
  });

  /** Renders the working tree as a run of its own; gives the manifests and the files that are kept. */
  async function run(more: Record<string, string> = {}) {
    const env = { ...process.env, ONEBRANCH_CACHE: cache, ...more };
    const renderer = await Renderer.open({ root: repo.root, env, binary, offline: true });
    try {
      const { manifests } = await renderer.render(await renderer.tree());
      const ids = manifests.flatMap(({ resources }) => resources.map(({ id }) => id));
      const documents = await renderer.documents(ids);
      const kept = readdirSync(cache, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      return { manifests, documents, kept };
    } finally {
      renderer.close();
    }
  }

  it("are read by the next one, which then writes nothing, whether the files are committed or not", async () => {
    generateFleet(repo.root, { clusters: 3, components: 4, charts: 2 });
    const first = await run();
    assert.equal(first.kept.length, 1);
    assert.match(first.kept[0]!, /renders\/renderer-[0-9a-f]{16}-go[^/]+\/[^/]+\.renders$/);
    assert.equal(statSync(first.kept[0]!).mode & 0o777, 0o600);
    const second = await run();
    assert.deepEqual(second, first);

    repo.put({ "gitops/apps/app-001/values.yaml": "replicaCount: 7\n" });
    const changed = await run();
    assert.equal(changed.kept.length, 2);
    repo.commit();
    assert.deepEqual(await run(), changed);
  });

  it("are not kept where the environment says so", async () => {
    generateFleet(repo.root, { clusters: 1, components: 2, charts: 1 });
    const { kept, manifests } = await run({ ONEBRANCH_RENDERS_MIB: "0" });
    assert.deepEqual(kept, []);
    assert.ok(manifests.length > 2);
  });
});
