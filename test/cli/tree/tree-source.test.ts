import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Checkout, openWorkingTree } from "../../../cli/tree/checkout";
import { Directory } from "../../../model/directory";
import { maxFileSize, type TreeSource } from "../../../model/tree-source";
import { Repo } from "./support";

/** Everything below gitops/: texts by path, and what is wrong with the rest. */
function contents(source: TreeSource): Record<string, string> {
  return Object.fromEntries(
    source
      .below("gitops")
      .map((entry) => [
        entry.path,
        entry.kind === "fault" ? `! ${entry.fault.message}` : source.text(entry.path)!.trim(),
      ]),
  );
}

describe("a tree, read from its directory or by Git", () => {
  let repo: Repo;
  beforeEach(() => (repo = new Repo()));
  afterEach(() => repo.remove());

  const link = (path: string, target: string) => {
    mkdirSync(dirname(join(repo.root, path)), { recursive: true });
    symlinkSync(target, join(repo.root, path));
  };

  async function bothAre(expected: Record<string, string>): Promise<void> {
    assert.deepEqual(contents(new Directory(repo.root)), expected, "the directory");
    assert.deepEqual(contents(await (await Checkout.open(repo.root)).tree()), expected, "the working tree");
    repo.commit();
    assert.deepEqual(contents(await (await Checkout.open(repo.root)).tree("HEAD")), expected, "the commit");
  }

  it("names links, and has nothing that is behind one", async () => {
    repo.put({ "gitops/a/x.yaml": "x: 1\n", "docs/y.yaml": "y: 2\n", "gitops/.hidden.yaml": "no\n" });
    const links = {
      "gitops/a/up": "..",
      "gitops/absolute.yaml": "/etc/passwd",
      "gitops/b": "a",
      "gitops/docs": "../docs",
      "gitops/file.yaml": "a/x.yaml",
      "gitops/nowhere.yaml": "a/none.yaml",
      "gitops/out.yaml": "../../outside.yaml",
      "gitops/self.yaml": "self.yaml",
    };
    for (const [path, target] of Object.entries(links)) link(path, target);
    link("docs/out.yaml", "../../outside.yaml");
    const faults = Object.entries(links).map(([path, target]) => [
      path,
      `! this is a symbolic link, which Argo CD gets as a file with the text ${target}`,
    ]);
    await bothAre({ ...(Object.fromEntries(faults) as Record<string, string>), "gitops/a/x.yaml": "x: 1" });
    for (const source of [new Directory(repo.root), await (await Checkout.open(repo.root)).tree()]) {
      for (const path of ["gitops/b/x.yaml", "gitops/docs/y.yaml", "gitops/../docs/y.yaml", "/etc/passwd"])
        assert.equal(source.find(path), undefined, path);
    }
  });

  it("refuses what is too large, and bytes that are not text where text is expected", async () => {
    repo.put({ "gitops/large.yaml": "a".repeat(maxFileSize + 1), "gitops/bytes.yaml": Buffer.from([0x61, 0xff]) });
    repo.put({ "gitops/zero.yaml": "a\0b\n", "gitops/logo.png": "binary\n" });
    await bothAre({
      "gitops/bytes.yaml": "! this file is not UTF-8 text",
      "gitops/large.yaml": "! this file is larger than 1 MiB",
      "gitops/logo.png": "binary",
      "gitops/zero.yaml": "! this file is not UTF-8 text",
    });
  });

  it("opens no pipe, also where a file was", async () => {
    repo.put({ "gitops/a.yaml": "a\n" }).commit();
    rmSync(join(repo.root, "gitops/a.yaml"));
    execFileSync("mkfifo", [join(repo.root, "gitops/a.yaml")]);
    const expected = { "gitops/a.yaml": "! this is neither a file nor a directory" };
    assert.deepEqual(contents(new Directory(repo.root)), expected);
    assert.deepEqual(contents(await (await Checkout.open(repo.root)).tree()), expected);
  });

  it("has the links and the submodules of the whole repository, but not those that are ignored", async () => {
    repo.put({ "gitops/a.yaml": "a\n", ".gitignore": "ignored\n" }).commit();
    link("gitops/link.yaml", "a.yaml");
    link("docs/deep/out", "/etc/hostname");
    for (const path of ["gitops/charts/module", "vendor/module"]) {
      mkdirSync(join(repo.root, path), { recursive: true });
      execFileSync("git", ["-C", join(repo.root, path), "init", "--quiet"]);
      symlinkSync("elsewhere", join(repo.root, path, "its-own"));
      const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
      const commit = ["commit", "--quiet", "--allow-empty", "--message=module"];
      execFileSync("git", ["-C", join(repo.root, path), ...who, ...commit]);
    }
    const expected = [
      { path: "docs/deep/out", kind: "link", target: "/etc/hostname" },
      { path: "gitops/charts/module", kind: "submodule" },
      { path: "gitops/link.yaml", kind: "link", target: "a.yaml" },
      { path: "vendor/module", kind: "submodule" },
    ];
    const sorted = (source: TreeSource) => [...source.special()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const { files } = await openWorkingTree(repo.root);
    assert.deepEqual(sorted(new Directory(repo.root)), expected, "the directory");
    assert.deepEqual(sorted(files), expected, "the working tree before they are added");
    link("ignored/link", "/etc/hostname");
    repo.commit();
    assert.deepEqual(sorted(await (await Checkout.open(repo.root)).tree("HEAD")), expected, "the commit");
    // A submodule that is at another commit is listed as modified.
    repo.put({ "vendor/module/new": "1\n" });
    execFileSync("git", ["-C", join(repo.root, "vendor/module"), "add", "--all"]);
    const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    execFileSync("git", ["-C", join(repo.root, "vendor/module"), ...who, "commit", "--quiet", "--message=more"]);
    assert.deepEqual(sorted((await openWorkingTree(repo.root)).files), expected, "the working tree");
  });

  it("has what the next commit would have when Git reads it, and what stands there where Git cannot", async () => {
    repo.put({ "gitops/a.yaml": "a\n", ".gitignore": "ignored.yaml\n" }).commit();
    repo.put({ "gitops/ignored.yaml": "i\n", "gitops/new.yaml": "n\n" });
    assert.deepEqual(contents((await openWorkingTree(repo.root)).files), {
      "gitops/a.yaml": "a",
      "gitops/new.yaml": "n",
    });
    rmSync(join(repo.root, ".git"), { recursive: true });
    const { files } = await openWorkingTree(repo.root);
    assert.deepEqual(Object.keys(contents(files)), ["gitops/a.yaml", "gitops/ignored.yaml", "gitops/new.yaml"]);
  });

  it("finds nothing at a path that climbs", () => {
    const beside = `${basename(repo.root)}.yaml`;
    writeFileSync(join(repo.root, "..", beside), "outside\n");
    repo.put({ "gitops/a.yaml": "a\n" });
    const directory = new Directory(repo.root);
    for (const path of [
      `../${beside}`,
      `gitops/../../${beside}`,
      `${repo.root}/gitops/a.yaml`,
      "gitops/../gitops/a.yaml",
    ]) {
      assert.deepEqual([directory.find(path), directory.text(path)], [undefined, undefined], path);
    }
    rmSync(join(repo.root, "..", beside));
  });

  it("gives the same file to all who ask, with what each of them reports to itself", () => {
    repo.put({ "gitops/a.yaml": "a: [\n", "gitops/b.yaml": "b: 1\n" });
    const directory = new Directory(repo.root);
    const [first, second] = [directory.yaml("gitops/b.yaml")!, directory.yaml("gitops/b.yaml")!];
    first.report("wrong-value", 1, "wrong", "mend it");
    assert.deepEqual([first.findings.length, second.findings.length], [1, 0]);
    assert.equal(first.root, second.root);
    assert.equal(directory.yaml("gitops/a.yaml")!.findings[0]!.file, "gitops/a.yaml");
    assert.equal(directory.yaml("gitops/none.yaml"), undefined);
  });
});
