import assert from "node:assert/strict";
import childProcess from "node:child_process";
import { createRequire } from "node:module";
import fs, { rmSync } from "node:fs";
import { join } from "node:path";
import { addTree } from "../../../support/fixtures";
import { buildRenderer } from "../../../support/renderer";
import { runTool } from "../../support/tree-repo";
import { Repo } from "../../tree/support";

/** The modules as the sources see them: what is put into these is what they call. */
const load = createRequire(__filename);
const yaml = load("yaml") as Record<string, unknown>;

/** How often a check opened each file below gitops/, parsed each text, and started Git with each command. */
interface Counts {
  opened: Map<string, number>;
  parsed: Map<string, number>;
  git: Map<string, number>;
}

const add = (to: Map<string, number>, key: string) => void to.set(key, (to.get(key) ?? 0) + 1);
const often = (counts: ReadonlyMap<string, number>) => [...counts].filter(([, times]) => times > 1);

describe("a check reads the tree once", () => {
  let repo: Repo;
  const restore: (() => void)[] = [];
  let depth = 0;

  /** Lets `note` see the arguments of a function of a module before each call. */
  function watch(module: object, name: string, note: (...args: unknown[]) => void): void {
    const all = module as Record<string, unknown>;
    const original = all[name] as (...args: unknown[]) => unknown;
    const watched = (...args: unknown[]) => {
      // Node's own functions call each other: the outermost counts.
      if (depth === 0) note(...args);
      depth++;
      try {
        return original.apply(module, args);
      } finally {
        depth--;
      }
    };
    Object.defineProperty(all, name, { value: watched, configurable: true, writable: true, enumerable: true });
    restore.push(() =>
      Object.defineProperty(all, name, { value: original, configurable: true, writable: true, enumerable: true }),
    );
  }

  async function counted(...words: string[]): Promise<Counts & { stdout: string }> {
    const counts: Counts = { opened: new Map(), parsed: new Map(), git: new Map() };
    const inside = join(repo.root, "gitops");
    const opens = (path: unknown) => String(path).startsWith(inside) && add(counts.opened, String(path));
    for (const name of ["readFileSync", "openSync", "open", "readFile", "createReadStream"]) watch(fs, name, opens);
    for (const name of ["open", "readFile"]) watch(fs.promises, name, opens);
    const parses = (text: unknown) => add(counts.parsed, String(text));
    for (const name of ["parse", "parseDocument", "parseAllDocuments"]) watch(yaml, name, parses);
    watch(childProcess, "spawn", (command, args) => {
      const words = (args as string[]).filter((word) => /^(ls-files|ls-tree|cat-file)$/.test(word));
      if (command === "git" && words.length > 0) add(counts.git, words[0]!);
    });
    try {
      const { out } = await runTool(repo.root, "check", "--offline", ...words);
      return { ...counts, stdout: out };
    } finally {
      while (restore.length > 0) restore.pop()!();
    }
  }

  before(buildRenderer);
  beforeEach(() => {
    repo = new Repo();
    addTree(repo.root);
    repo.commit();
    repo.put({ "gitops/apps/orders/values.yaml": "replicas: 3\n", "gitops/apps/orders/regions/new.yaml": "a: 1\n" });
  });
  afterEach(() => repo.remove());

  it("from Git, opening what was changed since and nothing else, and parses each text once", async () => {
    const { opened, parsed, git, stdout } = await counted();
    assert.match(stdout, /gitops\/apps\/orders\/regions\/new\.yaml/);
    const changed = ["gitops/apps/orders/values.yaml", "gitops/apps/orders/regions/new.yaml"];
    assert.deepEqual([...opened].sort(), changed.map((path) => [join(repo.root, path), 1] as const).sort());
    assert.ok(parsed.size > 20);
    assert.deepEqual(often(parsed), []);
    // The index and what differs from it; the commit; and what of both is not known yet.
    assert.deepEqual(Object.fromEntries(git), { "ls-files": 2, "ls-tree": 1, "cat-file": 2 });
  });

  it("from the directory, where there is no repository: each file once, and each parsed once", async () => {
    rmSync(join(repo.root, ".git"), { recursive: true });
    const { opened, parsed, stdout } = await counted();
    assert.match(stdout, /is not a Git repository/);
    assert.ok(opened.size > 20);
    assert.deepEqual(often(opened), []);
    assert.ok(parsed.size > 20);
    assert.deepEqual(often(parsed), []);
  });

  it("and counts a file that is read twice, so that this test can fail", () => {
    const seen = new Map<string, number>();
    const file = join(repo.root, "gitops", "apps", "orders", "values.yaml");
    watch(fs, "readFileSync", (path) => add(seen, String(path)));
    try {
      for (let times = 0; times < 2; times++) fs.readFileSync(file);
    } finally {
      while (restore.length > 0) restore.pop()!();
    }
    assert.deepEqual(often(seen), [[file, 2]]);
  });
});
