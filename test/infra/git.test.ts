import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dirtyPaths, httpsAddress, readGit } from "../../infra/git";

describe("readGit", () => {
  let folder: string;
  let tree: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-git-")));
    tree = join(folder, "tree");
    mkdirSync(tree);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function git(...args: string[]): string {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=trunk"];
    return execFileSync("git", ["-C", tree, ...identity, ...args], { encoding: "utf8" }).trim();
  }

  function commit(): string {
    writeFileSync(join(tree, "a"), "a");
    git("add", ".");
    git("commit", "--quiet", "--message", "a");
    return git("rev-parse", "HEAD");
  }

  it("reads branch, commit, uncommitted files and remote", async () => {
    git("init", "--quiet");
    const head = commit();
    git("remote", "add", "origin", "git@git.example.org:x/y.git");
    git("mv", "a", "b");
    mkdirSync(join(tree, "new"));
    writeFileSync(join(tree, "new", "ä b"), "");
    assert.deepEqual(await readGit(tree), {
      branch: "trunk",
      head,
      dirty: ["b", "new/ä b"],
      origin: "git@git.example.org:x/y.git",
    });
  });

  it("calls a detached checkout HEAD", async () => {
    git("init", "--quiet");
    git("checkout", "--quiet", "--detach", commit());
    assert.equal((await readGit(tree)).branch, "HEAD");
  });

  it("notices that the objects of a linked worktree lie elsewhere", async () => {
    git("init", "--quiet");
    commit();
    git("worktree", "add", "--quiet", join(folder, "linked"), "-b", "side");
    const { branch, outsideGitDir } = await readGit(join(folder, "linked"));
    assert.equal(branch, "side");
    assert.equal(outsideGitDir, join(tree, ".git"));
  });

  it("refuses a directory that is not a checkout", async () => {
    await assert.rejects(readGit(tree), {
      name: "UserError",
      message: `${tree} is not a Git checkout, or Git is not installed; Argo CD follows commits: clone the repository, or run \`git init\` and commit`,
    });
  });

  it("refuses a checkout without a commit", async () => {
    git("init", "--quiet");
    await assert.rejects(readGit(tree), {
      message: "the checkout has no commit yet; Argo CD follows commits: commit the tree first",
    });
  });

  it("refuses a tree inside another repository", async () => {
    git("init", "--quiet");
    mkdirSync(join(tree, "sub"));
    await assert.rejects(readGit(join(tree, "sub")), {
      message:
        "the tree lies in sub/ of another Git repository; the paths in gitops/ start at the root of theirs: make it a repository of its own",
    });
  });
});

describe("dirtyPaths", () => {
  it("names the new path of a rename and every other path as it is", () => {
    assert.deepEqual(dirtyPaths("R  new\0old\0 M changed\0?? with space\0"), ["new", "changed", "with space"]);
  });

  it("is empty for a clean tree", () => assert.deepEqual(dirtyPaths(""), []));
});

describe("httpsAddress", () => {
  const corpus: [string, string | undefined][] = [
    ["git@git.example.org:team/repo.git", "https://git.example.org/team/repo.git"],
    ["git.example.org:team/repo", "https://git.example.org/team/repo"],
    ["ssh://git@git.example.org:2222/team/repo.git", "https://git.example.org/team/repo.git"],
    ["https://git.example.org/team/repo.git", "https://git.example.org/team/repo.git"],
    ["https://git.example.org:8443/team/repo.git", "https://git.example.org:8443/team/repo.git"],
    ["https://token:x@git.example.org/team/repo.git", "https://git.example.org/team/repo.git"],
    ["/srv/git/repo.git", undefined],
    ["../repo", undefined],
    ["file:///srv/repo.git", undefined],
    ["C:\\repo", undefined],
  ];
  for (const [remote, address] of corpus) {
    it(`${remote} -> ${address ?? "none"}`, () => assert.equal(httpsAddress(remote), address));
  }
});
