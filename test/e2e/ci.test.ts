import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Plan } from "../../cli/verbs/plan/types";
import { skip } from "../support/skip";
import { Checkout } from "./support/checkout";
import { FakeGitHub, runComposite, type Job, type Outcome } from "./support/composite";
import { root } from "../support/root";

const page = readFileSync(join(root, "docs", "ci.md"), "utf8");
const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** The text of a fenced block below a heading of docs/ci.md. */
function block(heading: string, language: string): string {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
  const [, text] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(section) ?? [];
  assert.ok(text, `docs/ci.md has no ${language} block under ${heading}`);
  return text;
}

/** What docs/ci.md and the action say is run as it stands there, in clones as those systems make them. */
describe("the plan in CI", () => {
  let origin: Checkout;
  let main = "";
  let feature = "";
  let merge = "";
  const directories: string[] = [];

  before(() => {
    origin = new Checkout();
    main = origin.git("rev-parse", "HEAD");
    origin.git("checkout", "--quiet", "-b", "feature");
    origin.edit("gitops/apps/guestbook/stages/staging/pin.yaml", "tag: 6.9.1", "tag: 6.9.2");
    feature = origin.commit("another image");
    origin.git("checkout", "--quiet", "main");
    writeFileSync(join(origin.root, "other.txt"), "main went on\n");
    origin.commit("main goes on");
    origin.git("checkout", "--quiet", "--detach");
    origin.git("merge", "--quiet", "--no-ff", "--message", "merge", feature);
    merge = origin.git("rev-parse", "HEAD");
    origin.git("update-ref", "refs/pull/7/merge", merge);
    origin.git("checkout", "--quiet", "main");
  });
  after(() => {
    origin.remove();
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });

  /** A clone in which one commit is checked out and no branch, as CI systems make it. */
  function clone(commit: string): string {
    const directory = mkdtempSync(join(tmpdir(), "onebranch-ci-"));
    directories.push(directory);
    const git = (...args: string[]) => execFileSync("git", ["-C", directory, ...args], { stdio: "pipe" });
    git("init", "--quiet");
    git("remote", "add", "origin", `file://${origin.root}`);
    const refs = ["+refs/heads/*:refs/remotes/origin/*", "+refs/pull/*/merge:refs/remotes/pull/*/merge"];
    git("fetch", "--quiet", "--no-tags", "origin", ...refs);
    git("-c", "advice.detachedHead=false", "checkout", "--quiet", "--force", "--detach", commit);
    return directory;
  }

  /** The caches of Go, npm and the tool are those of the person who runs the tests. */
  const environment = (): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: origin.tmp });

  describe("the GitHub action", () => {
    let job: Job;
    let gitHub: FakeGitHub;
    let first: Outcome;

    const pullRequest = (repository: string) => ({
      number: 7,
      base: { sha: main },
      head: { sha: feature, repo: { full_name: repository } },
    });
    const run = (more: Partial<Job> = {}) =>
      runComposite(join(root, ".github/actions/plan/action.yml"), { ...job, ...more });

    before(function () {
      if (!has("jq")) skip(this, "no jq on this machine, which stands for gh's own; apt-get install jq");
      const directory = clone(merge);
      gitHub = new FakeGitHub(origin.home);
      job = {
        root: directory,
        scratch: join(origin.home, "runner"),
        env: { ...environment(), PATH: `${gitHub.bin}:${process.env.PATH}` },
        github: {
          event_name: "pull_request",
          repository: "acme/fleet",
          sha: merge,
          event: { pull_request: pullRequest("acme/fleet") },
        },
      };
      const person = { id: 1, user: { type: "User" }, body: "<!-- onebranch plan --> said a person" };
      gitHub.write([person, { id: 2, user: { type: "Bot" }, body: "something else" }]);
      first = run();
      // The packages are there now, and would be the same.
      job.installed = ["npm ci"];
    });

    it("plans what the branch changes from where it started", () => {
      assert.equal(first.code, 0, first.log);
      assert.equal(first.outputs.changed, "true");
      const plan = JSON.parse(readFileSync(join(first.outputs.directory!, "plan.json"), "utf8")) as Plan;
      assert.deepEqual([plan.base, plan.head], [main, feature]);
      assert.deepEqual(
        plan.changes.map(({ component, clusters }) => [component, clusters]),
        [["guestbook", ["staging"]]],
      );
      assert.match(readFileSync(join(first.outputs.directory!, "plan.html"), "utf8"), /^<!doctype html>/);
      assert.match(first.summary, /guestbook/);
    });

    it("keeps the directory that exists as the artifact, and the caches that the tool has", () => {
      const upload = first.used.find(({ uses }) => uses.startsWith("actions/upload-artifact@"))!;
      assert.equal(upload.with.path, first.outputs.directory);
      const cached = first.used.find(({ uses }) => uses.startsWith("actions/cache@"))!;
      assert.equal(cached.with.path, "~/.cache/onebranch");
      const go = first.used.find(({ uses }) => uses.startsWith("actions/setup-go@"))!;
      for (const name of ["go-version-file", "cache-dependency-path"])
        assert.ok(existsSync(join(root, go.with[name]!)));
    });

    it("writes one comment, and renews it at the next push", () => {
      const [person, other, comment, ...more] = gitHub.comments();
      assert.deepEqual(
        [person!.body, other!.body, more],
        ["<!-- onebranch plan --> said a person", "something else", []],
      );
      assert.match(comment!.body, /^<!-- onebranch plan -->\n### 1 change in 1 of 3 clusters/);
      gitHub.write(
        gitHub
          .comments()
          .map((one) => (one.id === comment!.id ? { ...one, body: "<!-- onebranch plan --> old" } : one)),
      );
      const again = run();
      assert.equal(again.code, 0, again.log);
      assert.deepEqual(gitHub.comments(), [person, other, comment]);
    });

    it("writes none when it is told not to, nor for a fork, whose token may not", () => {
      gitHub.write([]);
      const silent = run({ with: { comment: "false" } });
      const event = { pull_request: pullRequest("somebody/fleet") };
      const fork = run({ github: { ...job.github, event } });
      const push = run({ github: { ...job.github, event_name: "push", event: {} } });
      assert.deepEqual([silent.code, fork.code, push.code], [0, 0, 0], silent.log + fork.log + push.log);
      assert.deepEqual(gitHub.comments(), []);
      assert.match(fork.summary, /guestbook/);
    });

    it("says false when nothing changes", () => {
      const nothing = run({ with: { base: main, head: main, comment: "false" } });
      assert.deepEqual([nothing.code, nothing.outputs.changed], [0, "false"], nothing.log);
    });

    it("fails with the tool's words and writes no comment when it cannot compare", () => {
      gitHub.write([]);
      const failed = run({ with: { base: "0".repeat(40) } });
      assert.equal(failed.code, 2);
      assert.match(failed.log, /"0{40}" names no commit of this repository/);
      assert.deepEqual(gitHub.comments(), []);
    });
  });

  it("runs the GitLab job", () => {
    const { plan } = parse(block("GitLab", "yaml")) as {
      plan: {
        variables: Record<string, string>;
        before_script: string[];
        script: string[];
        artifacts: { paths: string[] };
      };
    };
    const directory = clone(feature);
    // The image is Debian with Go; Node comes from there, which this machine has already.
    const lines = [...plan.before_script, ...plan.script].filter((line) => !line.startsWith("apt-get "));
    assert.equal(lines.length, plan.before_script.length + plan.script.length - 1);
    const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", lines.join("\n")], {
      cwd: directory,
      encoding: "utf8",
      // The renderer is built once for all tests, so its cache stays where it is.
      env: { ...environment(), GITLAB_CI: "true", CI_COMMIT_SHA: feature, CI_MERGE_REQUEST_DIFF_BASE_SHA: main },
    });
    assert.equal(status, 0, stdout + stderr);
    for (const path of plan.artifacts.paths) assert.match(readFileSync(join(directory, path), "utf8"), /guestbook/);
    assert.equal(plan.variables.GIT_DEPTH, "0");
  });

  it("runs the lines for another CI, and the gate for dangers", function () {
    if (!has("jq")) skip(this, "no jq on this machine; apt-get install jq");
    const [planLine, gate, ...more] = block("Another CI", "sh").trim().split("\n");
    assert.deepEqual(more, []);
    const directory = clone(feature);
    execFileSync("ln", ["-s", join(root, "node_modules"), join(directory, "node_modules")]);
    const shell = (line: string, head: string) =>
      spawnSync("bash", ["-c", line], { cwd: directory, env: { ...environment(), BASE: main, HEAD: head } }).status;
    assert.equal(shell(planLine!, feature), 1);
    assert.equal(shell(gate!, feature), 0);
    assert.equal(shell(planLine!, main), 0);
    assert.equal(shell(planLine!, "nowhere"), 2);
    origin.git("checkout", "--quiet", "-b", "dangerous", feature);
    rmSync(join(origin.root, "gitops/apps/orders/stages/staging"), { recursive: true });
    const dangerous = origin.commit("an app goes");
    origin.git("checkout", "--quiet", "main");
    execFileSync("git", ["-C", directory, "fetch", "--quiet", "origin"]);
    assert.equal(shell(planLine!, dangerous), 1);
    assert.equal(shell(gate!, dangerous), 1);
  });

  it("runs the hooks of pre-commit", function () {
    const venv = mkdtempSync(join(tmpdir(), "onebranch-venv-"));
    directories.push(venv);
    const made = spawnSync("python3", ["-m", "venv", venv]).status === 0;
    const pip = made && spawnSync(join(venv, "bin", "pip"), ["install", "--quiet", "pre-commit"]).status === 0;
    if (!pip) skip(this, "pre-commit cannot be installed here: it needs python3 with venv, and PyPI");
    const directory = clone(main);
    execFileSync("ln", ["-s", join(root, "node_modules"), join(directory, "node_modules")]);
    writeFileSync(join(directory, ".pre-commit-config.yaml"), block("pre-commit", "yaml"));
    const pin = join(directory, "gitops/apps/guestbook/stages/staging/pin.yaml");
    const text = readFileSync(pin, "utf8");
    const hooks = (content: string) => {
      writeFileSync(pin, content);
      execFileSync("git", ["-C", directory, "add", "gitops", ".pre-commit-config.yaml"]);
      const env = { ...environment(), PRE_COMMIT_HOME: join(venv, "home") };
      const args = ["run", "--all-files"];
      const { status, stdout } = spawnSync(join(venv, "bin", "pre-commit"), args, {
        cwd: directory,
        env,
        encoding: "utf8",
      });
      return { status, stdout };
    };
    const good = hooks(text.replace("tag: 6.9.1", "tag: 6.9.2"));
    assert.equal(good.status, 0, good.stdout);
    assert.match(good.stdout, /onebranch check\.+Passed/);
    assert.match(good.stdout, /onebranch plan\.+Passed[\s\S]*podinfo:6\.9\.1 -> 6\.9\.2/);
    const bad = hooks(text.replace("component: guestbook", "component: guestbok"));
    assert.equal(bad.status, 1, bad.stdout);
    assert.match(bad.stdout, /onebranch check\.+Failed/);
  });
});
