import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { rules } from "../../../../cli/verbs/check/rules";
import schema from "../../../../docs/reference/check.schema.json";
import { runTool } from "../../support/tree-repo";
import { Repo } from "../../tree/support";
import { fixtures } from "./support/case";

/** Rules that need no renderer, so that none is started. */
const quick = ["--rule", "pin-order", "--rule", "changed-chart", "--rule", "unexpected-file", "--rule", "empty-values"];
const pin = "gitops/apps/orders/stages/prod/pin.yaml";
const ahead =
  `${pin}:9: image tag 1.9.0 in prod is ahead of 1.4.0 in staging; ` +
  "bring staging to it first, then `onebranch promote orders --to prod` [pin-order]";

describe("onebranch check", () => {
  let repo: Repo;

  const write = (path: string, text: string) => repo.put({ [path]: text });
  const edit = (path: string, from: string, to: string) => {
    const text = repo.read(path);
    assert.ok(text.includes(from));
    write(path, text.replace(from, to));
  };
  const check = (...words: string[]) => runTool(repo.root, "check", ...words);

  beforeEach(() => {
    repo = new Repo();
    cpSync(join(fixtures, "tree"), repo.root, { recursive: true });
    repo.commit("base");
  });
  afterEach(() => repo.remove());

  it("says that nothing is wrong, with exit code 0", async () => {
    const { code, out, err } = await check(...quick);
    assert.deepEqual([code, out, err], [0, "0 errors\n", ""]);
  });

  it("prints one line for each finding, with exit code 1", async () => {
    edit(pin, "1.3.0", "1.9.0");
    write("gitops/apps/orders/valuse.yaml", "a: 1\n");
    const { code, out } = await check(...quick);
    const stray =
      'gitops/apps/orders/valuse.yaml:1: nothing reads "valuse.yaml" in gitops/apps/orders; ' +
      'rename it to "values.yaml" (allowed: base, stages, regions, values.yaml) [unexpected-file]';
    assert.deepEqual([code, out], [1, `${ahead}\n${stray}\n2 errors\n`]);
  });

  it("prints the same facts as JSON that fits its schema", async () => {
    edit(pin, "1.3.0", "1.9.0");
    const { code, out } = await check(...quick, "--json");
    const found = JSON.parse(out) as unknown;
    assert.equal(code, 1);
    assert.deepEqual(found, [
      {
        rule: "pin-order",
        severity: "error",
        file: pin,
        line: 9,
        message: "image tag 1.9.0 in prod is ahead of 1.4.0 in staging",
        fix: "bring staging to it first, then `onebranch promote orders --to prod`",
      },
    ]);
    assert.equal(new Ajv().validate(schema, found), true);
  });

  it("prints SARIF with the text of every rule", async () => {
    edit(pin, "1.3.0", "1.9.0");
    const { code, out } = await check(...quick, "--sarif");
    const log = JSON.parse(out) as {
      version: string;
      runs: { tool: { driver: { rules: { id: string }[] } }; results: Record<string, unknown>[] }[];
    };
    assert.equal(code, 1);
    assert.equal(log.version, "2.1.0");
    const [{ tool, results }] = log.runs as [(typeof log.runs)[number]];
    assert.deepEqual(tool.driver.rules.map(({ id }) => id).sort(), rules.map(({ id }) => id).sort());
    assert.equal(results.length, 1);
    const { ruleIndex, partialFingerprints, ...result } = results[0]!;
    assert.equal(tool.driver.rules[ruleIndex as number]?.id, "pin-order");
    assert.match((partialFingerprints as Record<string, string>)["onebranch/v1"]!, /^[0-9a-f]{64}$/);
    assert.deepEqual(result, {
      ruleId: "pin-order",
      level: "error",
      message: {
        text: "image tag 1.9.0 in prod is ahead of 1.4.0 in staging; bring staging to it first, then `onebranch promote orders --to prod`",
      },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: pin, uriBaseId: "%SRCROOT%" }, region: { startLine: 9 } },
        },
      ],
    });
  });

  it("sees a pointer of Git LFS where the checkout has the file itself", async () => {
    const file = "gitops/charts/web/1.0.0/files/big.bin";
    write(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 8\n");
    write(".gitattributes", "*.bin filter=lfs\n");
    repo.commit("the pointer");
    // What Git LFS does with a file that is added. Its settings are the user's: those of a checkout start nothing.
    const settings = join(repo.root, ".git", "of-the-user");
    repo.git("config", "--file", settings, "filter.lfs.clean", `git -C '${repo.root}' show HEAD:${file}`);
    write(file, "the file\n");
    repo.git("-c", `include.path=${settings}`, "add", file);
    process.env.GIT_CONFIG_GLOBAL = settings;
    const { code, out } = await check("--rule", "lfs-pointer", "HEAD").finally(
      () => delete process.env.GIT_CONFIG_GLOBAL,
    );
    assert.deepEqual(
      [code, out.split(";")[0]],
      [1, `${file}:1: Argo CD reads the pointer of Git LFS in place of this file`],
    );
  });

  it("compares with the merge base: what main has gained since is not ours", async () => {
    repo.git("checkout", "--quiet", "-b", "work");
    write("gitops/apps/orders/stages/dev/values.yaml", "replicas: 2\n");
    repo.commit("ours");
    repo.git("checkout", "--quiet", "main");
    edit("gitops/charts/web/1.0.0/values.yaml", "replicas: 1", "replicas: 2");
    repo.commit("theirs");
    repo.git("checkout", "--quiet", "work");
    assert.equal((await check(...quick)).out, "0 errors\n");
    edit("gitops/charts/web/1.1.0/values.yaml", "replicas: 1", "replicas: 2");
    const changed =
      "gitops/charts/web/1.1.0/values.yaml:1: this file is changed in the released version 1.1.0 of web; " +
      "restore it, and copy the chart to a new version [changed-chart]\n1 error\n";
    assert.equal((await check(...quick)).out, changed);
    repo.commit("ours too");
    assert.equal((await check(...quick)).out, changed);
    assert.equal((await check("main", ...quick)).out, changed);
    assert.equal((await check("HEAD", ...quick)).out, "0 errors\n");
  });

  it("leaves out what Git ignores", async () => {
    write(".gitignore", "*.swp\n");
    write("gitops/apps/orders/values.swp", "x");
    assert.equal((await check(...quick)).out, "0 errors\n");
  });

  it("says what it cannot evaluate outside of a repository, and evaluates the rest", async () => {
    rmSync(join(repo.root, ".git"), { recursive: true });
    edit(pin, "1.3.0", "1.9.0");
    const { code, out } = await check(...quick);
    const note =
      `gitops:1: not evaluated: ${repo.root} is not a Git repository; plans compare commits: clone the repository, ` +
      "or run git init and commit; name the commit to compare with: onebranch check <commit> [changed-chart]";
    assert.deepEqual([code, out], [1, `${ahead}\n${note}\n1 error, 1 not evaluated\n`]);
  });

  describe("in a shallow clone", () => {
    const clone = (...options: string[]) => {
      const directory = join(repo.root, "clone");
      execFileSync("git", ["clone", "--quiet", "--depth=1", ...options, `file://${repo.root}`, directory]);
      return directory;
    };
    const branchOff = () => {
      repo.git("checkout", "--quiet", "-b", "work");
      write("gitops/apps/orders/stages/dev/values.yaml", "replicas: 2\n");
      repo.commit("ours");
      repo.git("checkout", "--quiet", "main");
      write("README.md", "theirs\n");
      repo.commit("theirs");
    };

    it("ends with exit code 2 and the depth it needs, where it does not reach back to the merge base", async () => {
      branchOff();
      const directory = clone("--no-single-branch", "--branch=work");
      const { code, out, err } = await runTool(directory, "check", ...quick);
      const said =
        "this shallow clone does not reach back to what origin/main and HEAD have in common (it holds 1 commit of origin/main and 1 commit of HEAD); fetch more of the history: " +
        "git fetch --unshallow (in GitHub Actions: fetch-depth: 0)\n";
      assert.deepEqual([code, out, err], [2, "", said]);
    });

    it("ends with exit code 2 where it has no main branch at all, as the checkout of a pull request", async () => {
      branchOff();
      const directory = clone("--branch=work");
      execFileSync("git", ["-C", directory, "remote", "remove", "origin"]);
      const { code, out, err } = await runTool(directory, "check", ...quick);
      const said =
        "this shallow clone has no main branch to compare with; fetch more of the history: git fetch --unshallow origin main " +
        "(in GitHub Actions: fetch-depth: 0), or name the commit: onebranch check <commit>\n";
      assert.deepEqual([code, out, err], [2, "", said]);
    });

    it("checks the main branch itself, which is its own merge base", async () => {
      assert.equal((await runTool(clone(), "check", ...quick)).out, "0 errors\n");
    });
  });

  it("counts a warning, and passes", async () => {
    write("gitops/apps/orders/values.yaml", "# onebranch-ignore pin-order: none\nconfig:\n  TITLE: orders\n");
    const { code, out } = await check(...quick, "--rule", "unused-ignore");
    const warning =
      'gitops/apps/orders/values.yaml:1: warning: "onebranch-ignore pin-order" excuses nothing on this line and the next; ' +
      "remove the comment [unused-ignore]";
    assert.deepEqual([code, out], [0, `${warning}\n0 errors, 1 warning\n`]);
  });

  it("lists the rules", async () => {
    const { code, out } = await check("--list-rules");
    assert.equal(code, 0);
    for (const { id } of rules) assert.match(out, new RegExp(`^${id} .*`, "m"));
    const json = await check("--list-rules", "--json");
    assert.equal((JSON.parse(json.out) as unknown[]).length, rules.length);
  });

  const wrong: [string[], string][] = [
    [["--rule", "pin-ordr"], 'there is no rule "pin-ordr"; use "pin-order"'],
    [
      ["nowhere", ...quick],
      '"nowhere" names no commit of this repository; look at git branch --all, or fetch it first',
    ],
    [["--json", "--sarif"], "--json and --sarif contradict each other; keep one"],
    [["--max-removals", "many"], '--max-removals must be a whole number, found "many"'],
    [["a", "b"], 'onebranch check takes no "b": onebranch check [BASE] [options]'],
  ];
  for (const [words, message] of wrong) {
    it(`refuses ${words.join(" ")} with exit code 2`, async () => {
      const { code, out, err } = await check(...words);
      assert.deepEqual([code, out], [2, ""]);
      assert.ok(err.startsWith(message), err);
    });
  }
});
