import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan } from "../../../../cli/verbs/plan/types";
import { PlanTree } from "../../support/plan-tree";
import { keepRepo, runTool } from "../../support/tree-repo";

interface Planned {
  code: number;
  err: string;
  plan?: Plan;
}

/** The clones that CI systems make of a branch that is three commits ahead of main, while main went on by one. */
describe("a plan in a clone", () => {
  const origin = keepRepo(new PlanTree());
  const directories: string[] = [];
  let start = "";
  let tip = "";
  before(() => {
    start = origin.git("rev-parse", "HEAD");
    origin.git("checkout", "-q", "-b", "work");
    for (const tag of ["6.9.2", "6.9.3", "6.9.4"]) {
      const pin = "apps/guestbook/stages/staging/pin.yaml";
      origin.write(pin, origin.read(pin).replace(/tag: .*/, `tag: ${tag}`));
      tip = origin.commit();
    }
    origin.git("checkout", "-q", "main");
    origin.edit("apps/orders/values.yaml", "PODINFO_UI_MESSAGE: Orders", "PODINFO_UI_MESSAGE: Other").commit();
    const who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    origin.git("checkout", "-q", "--detach", "main");
    origin.git(...who, "merge", "-q", "--no-ff", "-m", "merge", "work");
    origin.git("update-ref", "refs/pull/7/merge", "HEAD");
    origin.git("checkout", "-q", "main");
    origin.git("config", "uploadpack.allowFilter", "true");
    origin.git("config", "uploadpack.allowAnySHA1InWant", "true");
  });
  after(() => {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });

  function clone(...options: string[]): string {
    const directory = join(mkdtempSync(join(tmpdir(), "onebranch-clone-")), "c");
    directories.push(join(directory, ".."));
    execFileSync("git", ["clone", "-q", ...options, `file://${origin.root}`, directory], { stdio: "pipe" });
    return directory;
  }

  async function plan(directory: string, ...words: string[]): Promise<Planned> {
    const { code, out, err } = await runTool(directory, "plan", "--offline", "--json", ...words);
    return { code, err, ...(code === 0 ? { plan: JSON.parse(out) as Plan } : {}) };
  }

  /** What the branch changes since it started, whatever main did meanwhile. */
  function isBranch({ code, err, plan }: Planned): void {
    assert.equal(code, 0, err);
    assert.equal(plan!.base, start);
    assert.deepEqual(
      plan!.changes.map(({ component, images }) => [component, images.map(({ to }) => to)]),
      [["guestbook", ["ghcr.io/stefanprodan/podinfo:6.9.4"]]],
    );
  }

  it("of one commit says how much it holds and what to fetch", async () => {
    const directory = clone("--depth=1", "--no-single-branch", "--branch=work");
    const { code, err } = await plan(directory, "origin/main...HEAD");
    assert.deepEqual(
      [code, err],
      [
        2,
        "this shallow clone does not reach back to what origin/main and HEAD have in common (it holds 1 commit of origin/main and 1 commit of HEAD); " +
          "fetch more of the history: git fetch --unshallow (in GitHub Actions: fetch-depth: 0)\n",
      ],
    );
    // What it says is enough.
    execFileSync("git", ["-C", directory, "fetch", "-q", "--unshallow"]);
    isBranch(await plan(directory, "origin/main...HEAD"));
  });

  it("that is one commit too shallow says so, and one deeper is enough", async () => {
    const directory = clone("--depth=3", "--no-single-branch", "--branch=work");
    // Three commits of main reach back to the start, three of the branch do not.
    const shallow = await plan(directory, "origin/main...HEAD");
    assert.equal(shallow.code, 2);
    assert.match(shallow.err, /it holds 2 commits of origin\/main and 3 commits of HEAD/);
    execFileSync("git", ["-C", directory, "fetch", "-q", "--deepen=1"]);
    isBranch(await plan(directory, "origin/main...HEAD"));
  });

  it("without blobs fetches what it reads, as long as its remote answers", async () => {
    const directory = clone("--filter=blob:none");
    isBranch(await plan(directory, "origin/main...origin/work"));
  });

  it("without blobs and without its remote names what it cannot read, and plans nothing", async () => {
    const directory = clone("--filter=blob:none");
    renameSync(origin.root, `${origin.root}-away`);
    try {
      const { code, err } = await plan(directory, "origin/main...origin/work");
      assert.equal(code, 2, err);
      // Renders run side by side: any of their files may be the first that is asked for.
      assert.match(
        err,
        /^the content of gitops\/\S+\.yaml is not in this clone, which was cloned without blobs, and its remote does not answer: try again when it does, or clone without --filter; a program that the settings of the clone name for it \(core\.sshCommand, credential\.helper\) is not used, set it with git config --global\n$/,
      );
    } finally {
      renameSync(`${origin.root}-away`, origin.root);
    }
  });

  it("with a detached HEAD finds where the work started", async () => {
    const directory = clone("--no-checkout");
    execFileSync("git", ["-C", directory, "checkout", "-q", "--detach", tip]);
    isBranch(await plan(directory));
  });

  it("at the merge commit of a pull request shows what merging would change", async () => {
    const directory = clone("--no-checkout");
    execFileSync("git", ["-C", directory, "fetch", "-q", "origin", "refs/pull/7/merge"]);
    execFileSync("git", ["-C", directory, "checkout", "-q", "--detach", "FETCH_HEAD"]);
    const merged = await plan(directory);
    assert.equal(merged.code, 0, merged.err);
    // Main is the first parent, so only the branch's own work is left.
    assert.deepEqual(
      merged.plan!.changes.map(({ component }) => component),
      ["guestbook"],
    );
    isBranch(await plan(directory, "HEAD^1...HEAD^2"));
  });
});
