import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HostileTree, type Said } from "./support/hostile-tree";

interface GitCase {
  name: string;
  make(tree: HostileTree): void;
  /** What `plan` says, and with which exit code. */
  plan: [code: number, says: RegExp];
  /** What `check` says besides; it may have more to say. */
  check?: RegExp;
  /** The command line of the plan; default: the working tree against where the branch started. */
  words?: string;
}

/** A program that leaves a mark beside the tree, and does what a filter of Git does. */
function spy(tree: HostileTree): string {
  const program = join(tree.place, "outside", "spy.sh");
  writeFileSync(program, `#!/bin/sh\ntouch ${join(tree.place, "outside", "ran")}\ncat\n`);
  chmodSync(program, 0o755);
  return program;
}

const conflict = (how: "merge" | "rebase") => (tree: HostileTree) => {
  const values = "gitops/apps/orders/values.yaml";
  tree.git("switch", "-qc", "side");
  tree.write(values, "replicas: 2\n").commit();
  tree.git("switch", "-q", "main");
  tree.write(values, "replicas: 3\n").commit();
  if (how === "rebase") tree.git("switch", "-q", "side");
  assert.throws(() => tree.git(...(how === "merge" ? ["merge", "-q", "side"] : ["rebase", "-q", "main"])));
};

/** Puts a clone in the tree's place. */
const cloned =
  (...options: string[]) =>
  (tree: HostileTree) => {
    tree.commit();
    const place = join(tree.place, "clone");
    execFileSync("git", ["clone", "-q", ...options, `file://${tree.root}`, place], { env: tree.env, stdio: "ignore" });
    tree.root = place;
  };

const unchanged: [number, RegExp] = [0, /no change in 3 clusters/];
const unfinished: [number, RegExp] = [
  2,
  /a merge is not finished, and these files have conflicts: gitops\/apps\/orders\/values\.yaml; resolve them/,
];

const markers = /gitops\/apps\/orders\/values\.yaml:\d+: not valid YAML/;
const noTree: [number, RegExp] = [2, /there is no gitops\/clusters in it; give the root of a checkout/];

const cases: GitCase[] = [
  { name: "in the middle of a merge", make: conflict("merge"), plan: unfinished, check: markers },
  { name: "in the middle of a rebase", make: conflict("rebase"), plan: unfinished, check: markers },
  { name: "that is bare", make: cloned("--bare"), plan: noTree, check: noTree[1] },
  {
    name: "whose gitops/ was renamed",
    make(tree) {
      tree.git("mv", "gitops", "deployments");
      tree.commit();
    },
    plan: noTree,
    check: noTree[1],
  },
  { name: "with a detached head", make: (tree) => void tree.git("switch", "-q", "--detach"), plan: unchanged },
  {
    name: "without a commit",
    make(tree) {
      rmSync(join(tree.root, ".git"), { recursive: true });
      tree.git("init", "-q", "-b", "main");
    },
    plan: [2, /has no branch main or master|names no commit/],
  },
  {
    name: "without a repository",
    make: (tree) => rmSync(join(tree.root, ".git"), { recursive: true }),
    plan: [2, /is not a Git repository; plans compare commits/],
  },
  {
    name: "without a HEAD",
    make: (tree) => rmSync(join(tree.root, ".git", "HEAD")),
    plan: [2, /is not a Git repository/],
  },
  {
    name: "with a damaged object",
    make(tree) {
      const oid = tree.git("rev-parse", "HEAD:gitops/apps/orders/values.yaml");
      const file = join(tree.root, ".git", "objects", oid.slice(0, 2), oid.slice(2));
      chmodSync(file, 0o644);
      writeFileSync(file, "damaged");
    },
    plan: [2, /gitops\/apps\/orders\/values\.yaml is not in this clone \(a partial clone, or a damaged one\)/],
  },
  { name: "that is shallow", make: cloned("--depth", "1"), plan: unchanged },
  {
    name: "that is shallow, with a commit before its end",
    make: cloned("--depth", "1"),
    words: "plan --offline HEAD~1 HEAD",
    plan: [2, /"HEAD~1" is not in this shallow clone; fetch more of the history/],
  },
  {
    name: "that is sparse",
    make(tree) {
      tree.git("sparse-checkout", "set", "gitops/clusters");
    },
    plan: unchanged,
  },
  {
    name: "in a worktree",
    make(tree) {
      tree.git("worktree", "add", "-q", "-b", "other", join(tree.place, "worktree"));
      tree.root = join(tree.place, "worktree");
    },
    plan: unchanged,
  },
  {
    name: "in a directory of a larger repository",
    make(tree) {
      rmSync(join(tree.root, ".git"), { recursive: true });
      mkdirSync(join(tree.place, "whole"));
      renameSync(tree.root, join(tree.place, "whole", "tree"));
      tree.root = join(tree.place, "whole");
      tree.git("init", "-q", "-b", "main");
      tree.commit();
      tree.root = join(tree.place, "whole", "tree");
    },
    plan: [2, /the tree lies in tree\/ of another Git repository/],
  },
  {
    name: "whose gitops/ was moved away and back",
    make(tree) {
      tree.git("mv", "gitops", "moved");
      tree.commit();
      tree.git("mv", "moved", "gitops");
      tree.commit();
    },
    words: "plan --offline HEAD~1 HEAD",
    plan: [0, /added/],
  },
  {
    name: "with a file whose name changes its case",
    make: (tree) => void tree.git("mv", "gitops/apps/orders/values.yaml", "gitops/apps/orders/Values.yaml"),
    plan: [0, /change/],
  },
  {
    name: "with a submodule below gitops/",
    make(tree) {
      tree.git("update-index", "--add", "--cacheinfo", `160000,${tree.git("rev-parse", "HEAD")},gitops/apps/module`);
    },
    plan: unchanged,
  },
  {
    name: "with CRLF in the working tree",
    make(tree) {
      tree.git("config", "core.autocrlf", "true");
      rmSync(join(tree.root, "gitops"), { recursive: true });
      tree.git("checkout", "-q", "--", ".");
    },
    plan: unchanged,
  },
  {
    name: "with odd names and core.quotePath",
    make(tree) {
      tree.git("config", "core.quotePath", "true");
      tree.write('gitops/apps/orders/regions/größe "x"\t.yaml', "replicas: 1\n");
    },
    plan: unchanged,
  },
  {
    name: "whose settings start programs",
    make(tree) {
      const program = spy(tree);
      tree.write(".gitattributes", "* filter=spy diff=spy merge=spy\n").commit();
      for (const key of [
        "core.fsmonitor",
        "filter.spy.smudge",
        "diff.spy.textconv",
        "diff.spy.command",
        "diff.external",
      ])
        tree.git("config", key, program);
      tree.git("config", "core.hooksPath", join(tree.place, "outside"));
      tree.git("config", "core.pager", program);
    },
    plan: unchanged,
  },
];

function run(tree: HostileTree, words = "plan --offline"): [plan: Said, check: Said] {
  const said = tree.run([words, "check --offline", "explain dev orders", "pins"]);
  for (const { verb, code, out, err } of said) {
    assert.ok([0, 1, 2].includes(code), `${verb}: exit code ${code}`);
    assert.notEqual(out + err, "", `${verb} said nothing`);
    assert.doesNotMatch(out + err, /\n\s+at \S+ \(|failed unexpectedly/, verb);
  }
  return [said[0]!, said[1]!];
}

describe("a repository", function () {
  for (const { name, make, plan, check, words } of cases) {
    it(`${name} is understood or refused in a sentence`, async () => {
      const tree = new HostileTree();
      try {
        await tree.addRenderer();
        make(tree);
        rmSync(join(tree.place, "outside", "ran"), { force: true });
        const before = tree.listing();
        const [{ code, out, err }, checked] = run(tree, words);
        if (check) assert.match(checked.out + checked.err, check);
        assert.match(out + err, plan[1]);
        assert.equal(code, plan[0], out + err);
        assert.deepEqual([...tree.listing()], [...before]);
        assert.deepEqual(
          readdirSync(join(tree.place, "outside")).filter((file) => file === "ran"),
          [],
          "a program of the repository was started",
        );
      } finally {
        tree.remove();
      }
    });
  }

  it("is the one that is named, whatever a hook of Git says in the environment", async () => {
    const [tree, other] = [new HostileTree(), new HostileTree()];
    try {
      await tree.addRenderer();
      Object.assign(tree.env, {
        GIT_DIR: join(other.root, ".git"),
        GIT_WORK_TREE: other.root,
        GIT_INDEX_FILE: "/nowhere",
      });
      other.write("gitops/apps/orders/values.yaml", "replicas: 7\n");
      const [{ code, out, err }] = run(tree);
      assert.match(out + err, /no change in 3 clusters/);
      assert.equal(code, 0);
    } finally {
      tree.remove();
      other.remove();
    }
  });
});
