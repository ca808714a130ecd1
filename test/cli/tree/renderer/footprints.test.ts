import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Renderer, type Difference } from "../../../../cli/tree/renderer";
import { generateFleet } from "../../../fleet/generate";
import { Random } from "../../../fleet/random";
import { buildRenderer } from "../../../support/renderer";
import { Repo } from "../support";

const clusters = 12;

/** Edits that commits make; each returns what it did. */
const edits: ((repo: Repo, random: Random) => string)[] = [
  (repo, random) => {
    const path = random.pick(files(repo, /values\.yaml$|regions\/.*\.yaml$/));
    repo.put({ [path]: `${readFileSync(join(repo.root, path), "utf8")}replicas: ${random.between(1, 9)}\n` });
    return `value in ${path}`;
  },
  (repo, random) => {
    const path = random.pick(files(repo, /\.(yaml|tpl|json)$/));
    repo.put({ [path]: `${readFileSync(join(repo.root, path), "utf8")}\n` });
    return `line end in ${path}`;
  },
  (repo, random) => {
    const path = random.pick(files(repo, /(pin|values)\.yaml$|pins\/|values\//));
    rmSync(join(repo.root, path));
    return `removed ${path}`;
  },
  (repo, random) => {
    const [cluster, component] = [
      random.pick(files(repo, /cluster\.yaml$/)),
      random.pick(files(repo, /^gitops\/apps\//)),
    ];
    const path = `${cluster.slice(0, -"/cluster.yaml".length)}/values/${component.split("/")[2]}.yaml`;
    repo.put({ [path]: "replicas: 5\n" });
    return `added ${path}`;
  },
  (repo, random) => {
    const [, , app] = random.pick(files(repo, /^gitops\/apps\/[^/]+\/values\.yaml$/)).split("/");
    const copy = `${app}-${random.between(1, 99)}`;
    for (const path of files(repo, new RegExp(`^gitops/apps/${app}/`))) {
      const text = readFileSync(join(repo.root, path), "utf8");
      repo.put({ [path.replace(app!, copy)]: text.replaceAll(app!, copy) });
    }
    return `copied ${app}`;
  },
  (repo, random) => {
    const path = random.pick(files(repo, /cluster\.yaml$/));
    const text = readFileSync(join(repo.root, path), "utf8");
    repo.put({ [path]: text.replace(/domain: .*/, `domain: moved${random.between(1, 9)}.example.com`) });
    return `domain in ${path}`;
  },
  (repo, random) => {
    const path = random.pick(files(repo, /^gitops\/(charts|bootstrap)\/.*templates\/[^_]*\.yaml$/));
    const text = readFileSync(join(repo.root, path), "utf8");
    repo.put({ [path]: text.replace("metadata:\n", "metadata:\n  annotations: {edited: 'yes'}\n") });
    return `template ${path}`;
  },
];

function files(repo: Repo, pattern: RegExp): string[] {
  return repo
    .git("ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "gitops")
    .split("\n")
    .filter((path) => pattern.test(path) && !repo.git("ls-files", "--deleted", path));
}

describe("footprints of earlier runs", () => {
  let binary: string;
  let cache: string;
  let repo: Repo;

  before(async function () {
    binary = await buildRenderer.call(this);
    cache = mkdtempSync(join(tmpdir(), "onebranch-footprints-"));
    repo = new Repo();
  });
  after(() => {
    rmSync(cache, { recursive: true });
    repo.remove();
  });

  /** What the working tree changes, as a run of its own finds it. */
  async function difference(more: Record<string, string> = {}): Promise<Difference> {
    const env = { ...process.env, ONEBRANCH_CACHE: cache, ...more };
    const renderer = await Renderer.open({ root: repo.root, env, binary, offline: true });
    try {
      return await renderer.diff(await renderer.tree("HEAD"), await renderer.tree());
    } finally {
      renderer.close();
    }
  }

  const expanded = ({ sets }: Difference) => new Set(sets.map(({ cluster }) => cluster)).size;

  /** Without what says how much work it was. */
  function facts({ statistics: { renders: _, ...statistics }, ...found }: Difference, concerned: Difference) {
    const shown = new Set(concerned.sets.map(({ cluster }) => cluster));
    return { ...found, statistics, sets: found.sets.filter(({ cluster }) => shown.has(cluster)) };
  }

  it("never change what a difference says, whatever commits do, and spare clusters that they do not concern", async function () {
    const seed = Number(process.env.ONEBRANCH_SEED ?? 1);
    const steps = Number(process.env.ONEBRANCH_STEPS ?? 8);
    const random = new Random(seed);
    generateFleet(repo.root, { clusters, components: 8, charts: 3, exceptions: 0.1, canaries: 0.1, seed });
    repo.commit("fleet");
    let spared = 0;
    for (let step = 0; step < steps; step++) {
      const did = Array.from({ length: random.between(1, 2) }, () => random.pick(edits)(repo, random)).join("; ");
      const kept = await difference();
      const fresh = await difference({ ONEBRANCH_RENDERS_MIB: "0" });
      assert.deepEqual(facts(kept, kept), facts(fresh, kept), `seed ${seed}, step ${step}: ${did}`);
      const concerned = new Set(fresh.changes.flatMap(({ clusters }) => clusters)).size;
      assert.ok(expanded(kept) >= concerned, `seed ${seed}, step ${step}: ${did}`);
      spared += expanded(fresh) - expanded(kept);
      if (random.chance(0.5)) repo.commit(did);
      else repo.git("stash", "--include-untracked", "--quiet");
    }
    assert.ok(spared > steps, `only ${spared} expansions were spared`);
  });
});
