import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { commitOf, findRepository, mainBranch, mergeBase } from "../../../cli/tree/git";
import { BlobStore } from "../../../cli/tree/git-objects";
import type { GitTree } from "../../../cli/tree/git-tree";
import { commitTree, workingTree } from "../../../cli/tree/read-tree";
import { UserError } from "../../../model/errors";
import { Repo } from "./support";

async function says(work: Promise<unknown>, sentence: string): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.message, sentence);
    return true;
  });
}

const listing = (tree: GitTree): string[] => tree.entries.map(({ mode, oid, path }) => `${mode} ${oid} ${path}`).sort();

/** What Git itself would commit now. */
function listingOfIndex(repo: Repo): string[] {
  repo.git("add", "--all");
  const tree = repo.git("write-tree");
  return repo
    .git("ls-tree", "-r", tree)
    .split("\n")
    .map((line) => line.replace(" blob ", " ").replace("\t", " "))
    .sort();
}

describe("the files of a tree", () => {
  let repo: Repo;
  beforeEach(() => (repo = new Repo()));
  afterEach(() => repo.remove());

  it("are those of a commit, with contents below gitops/", async () => {
    const commit = repo
      .put({
        "gitops/a.yaml": "a: 1\n",
        "gitops/ü ber.yaml": "b: 2\n",
        "other.txt": "x",
        "gitops/bin": Buffer.from([0, 255]),
      })
      .commit();
    repo.put({ "gitops/a.yaml": "a: 2\n" });
    const tree = await commitTree(await findRepository(repo.root), commit, new BlobStore());
    assert.equal(tree.read("gitops/a.yaml"), "a: 1\n");
    assert.equal(tree.read("gitops/ü ber.yaml"), "b: 2\n");
    assert.equal(tree.read("gitops/none.yaml"), undefined);
    assert.equal(tree.read("other.txt"), undefined);
    assert.deepEqual(
      tree.entries.map(({ path }) => path),
      ["gitops/a.yaml", "gitops/bin", "gitops/ü ber.yaml", "other.txt"],
    );
  });

  it("of the working tree have the object ids that the next commit gives them", async () => {
    repo
      .put({
        "gitops/kept": "1",
        "gitops/changed": "1",
        "gitops/gone": "1",
        "gitops/mode": "1",
        ".gitignore": "*.log\n",
      })
      .commit();
    repo.put({ "gitops/changed": "2", "gitops/new/file": "3", "gitops/x.log": "ignored", "gitops/kept": "1" });
    rmSync(join(repo.root, "gitops/gone"));
    chmodSync(join(repo.root, "gitops/mode"), 0o755);
    symlinkSync("../gitops/kept", join(repo.root, "gitops/link"));
    const tree = await workingTree(await findRepository(repo.root), new BlobStore());
    assert.deepEqual(listing(tree), listingOfIndex(repo));
    assert.equal(tree.read("gitops/changed"), "2");
    assert.equal(tree.read("gitops/new/file"), "3");
  });

  it("of a repository with SHA-256 ids have such ids", async function () {
    const other = new Repo("--object-format=sha256");
    other.put({ "gitops/a": "1", "gitops/b": "2" }).commit();
    other.put({ "gitops/a": "3" });
    const tree = await workingTree(await findRepository(other.root), new BlobStore());
    assert.deepEqual(listing(tree), listingOfIndex(other));
    other.remove();
  });

  it("of a worktree are its own", async () => {
    repo.put({ "gitops/a": "1" }).commit();
    const place = repo.beside("worktree");
    repo.git("worktree", "add", "--quiet", "-b", "side", place);
    execFileSync("sh", ["-c", `echo 2 > ${place}/gitops/a`]);
    const tree = await workingTree(await findRepository(place), new BlobStore());
    assert.equal(tree.read("gitops/a"), "2\n");
  });

  it("cannot be read while a merge has conflicts below gitops/", async () => {
    repo.put({ "gitops/a": "1", b: "1" }).commit();
    repo.git("switch", "--quiet", "-c", "side");
    repo.put({ "gitops/a": "2" }).commit();
    repo.git("switch", "--quiet", "main");
    repo.put({ "gitops/a": "3" }).commit();
    assert.throws(() => repo.git("merge", "side"));
    await says(
      workingTree(await findRepository(repo.root), new BlobStore()),
      "a merge is not finished, and these files have conflicts: gitops/a; resolve them and run the same command again",
    );
  });

  it("of a bare repository are those of its commits only", async () => {
    const commit = repo.put({ "gitops/a": "1" }).commit();
    const bare = repo.beside("bare");
    repo.git("clone", "--quiet", "--bare", repo.root, bare);
    const repository = await findRepository(bare);
    assert.equal((await commitTree(repository, await commitOf(repository, "main"), new BlobStore())).commit, commit);
    await says(
      workingTree(repository, new BlobStore()),
      `${bare} is a bare repository, which has no working tree: name the two commits to compare`,
    );
  });
});

describe("a repository", () => {
  let repo: Repo;
  beforeEach(() => (repo = new Repo()));
  afterEach(() => repo.remove());

  it("is missing", async () => {
    const empty = repo.beside("none");
    mkdirSync(empty);
    await says(
      findRepository(empty),
      `${empty} is not a Git repository; plans compare commits: clone the repository, or run git init and commit`,
    );
  });

  it("is not the tree's own", async () => {
    repo.put({ "sub/gitops/a": "1" }).commit();
    await says(
      findRepository(join(repo.root, "sub")),
      "the tree lies in sub/ of another Git repository; the paths in gitops/ start at the root of that repository: name that root with --tree",
    );
  });

  it("names what a revision must be", async () => {
    repo.commit();
    await says(
      commitOf(await findRepository(repo.root), "no-such"),
      '"no-such" names no commit of this repository; look at git branch --all, or fetch it first',
    );
  });

  it("that is shallow says how to get what it lacks", async () => {
    repo.commit("one");
    repo.git("branch", "old");
    repo.commit("two");
    const place = repo.beside("shallow");
    repo.git("clone", "--quiet", "--depth", "1", `file://${repo.root}`, place);
    const repository = await findRepository(place);
    assert.equal(repository.shallow, true);
    const more = "fetch more of the history: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)";
    await says(commitOf(repository, "old"), `"old" is not in this shallow clone; ${more}`);
    execFileSync("git", ["-C", place, "fetch", "--quiet", "--depth", "1", "origin", "old:old"]);
    await says(
      mergeBase(repository, "old", "HEAD"),
      `this shallow clone does not reach back to what old and HEAD have in common (it holds 1 commit of old and 1 commit of HEAD); ${more}`,
    );
  });

  it("has a main branch and a merge base", async () => {
    const start = repo.commit("one");
    repo.git("switch", "--quiet", "-c", "side");
    repo.commit("two");
    const repository = await findRepository(repo.root);
    assert.equal(await mainBranch(repository), "main");
    assert.equal(await mergeBase(repository, "main", "HEAD"), start);
  });

  it("knows the main branch by what the remote calls its head, else by name, and there is none it does not hold", async () => {
    const commit = repo.commit("one");
    repo.git("branch", "--move", "work");
    const repository = await findRepository(repo.root);
    assert.equal(await mainBranch(repository), undefined);
    repo.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk");
    assert.equal(await mainBranch(repository), undefined);
    repo.git("branch", "master");
    assert.equal(await mainBranch(repository), "master");
    repo.git("branch", "main");
    assert.equal(await mainBranch(repository), "main");
    repo.git("update-ref", "refs/remotes/origin/master", commit);
    assert.equal(await mainBranch(repository), "origin/master");
    repo.git("update-ref", "refs/remotes/origin/trunk", commit);
    assert.equal(await mainBranch(repository), "origin/trunk");
  });

  it("without any common history says so", async () => {
    repo.commit("one");
    repo.git("switch", "--quiet", "--orphan", "alone");
    repo.commit("two");
    await says(
      mergeBase(await findRepository(repo.root), "main", "alone"),
      "main and alone have no commit in common: name the two commits to compare",
    );
  });
});
