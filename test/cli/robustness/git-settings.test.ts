import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readGit } from "../../../infra/git";
import { buildRenderer } from "../../support/renderer";
import type { PlanTree } from "../support/plan-tree";
import { runTool } from "../support/tree-repo";
import {
  attributedTree,
  fileSettings,
  markingProgram,
  remoteSettings,
  type Prepared,
  type ProgramSetting,
} from "./support/git-settings";

const inBackground = promisify(execFile);

/** Every verb that reads a tree, the one that writes last. */
const verbs = [
  "check --offline HEAD~1",
  "plan --offline",
  "plan --offline HEAD~1 HEAD",
  "render dev orders",
  "explain dev orders",
  "compare dev prod",
  "pins",
  "exceptions",
  "status",
  "new app billing --team commerce --chart web-service --version 1.1.0 --image example.com/billing:1",
  "promote orders --to prod",
];

async function say(root: string, verb: string): Promise<{ code: number; text: string }> {
  const { code, out, err } = await runTool(root, ...verb.split(" "), "--tree", root);
  return { code, text: out + err };
}

describe("a program that the settings of a checkout name", function () {
  before(buildRenderer);

  const place = mkdtempSync(join(tmpdir(), "onebranch-settings-"));
  const environment = { ...process.env };
  let tree: PlanTree;
  let server: Server;
  let asked: (string | undefined)[] = [];

  before(async () => {
    writeFileSync(join(place, "user"), "[user]\n\tname = t\n\temail = t@example.com\n");
    Object.assign(process.env, {
      GIT_CONFIG_GLOBAL: join(place, "user"),
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_TERMINAL_PROMPT: "0",
    });
    tree = attributedTree();
    tree.git("config", "uploadpack.allowFilter", "true");
    tree.git("config", "uploadpack.allowAnySHA1InWant", "true");
    server = createServer(({ headers }, response) => {
      asked.push(headers.authorization);
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  beforeEach(() => (asked = []));
  after(() => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    server.closeAllConnections();
    server.close();
    tree.remove();
    rmSync(place, { recursive: true, force: true });
  });

  let count = 0;

  /** A copy of the tree with files that Git has to look at, or a clone of it without blobs. */
  function checkout(without: "blobs" | "nothing"): { root: string; outside: string } {
    const [root, outside] = [join(place, `${count}`, "tree"), join(place, `${count++}`, "outside")];
    mkdirSync(outside, { recursive: true });
    if (without === "nothing") cpSync(tree.root, root, { recursive: true });
    else execFileSync("git", ["clone", "-q", "--filter=blob:none", `file://${tree.root}`, root], { stdio: "pipe" });
    return { root, outside };
  }

  function prepare(
    { root, outside }: { root: string; outside: string },
    { name, set }: ProgramSetting,
    then: "cat" | "exit 1",
  ) {
    const { program, mark } = markingProgram(outside, name, then);
    const git = (...args: string[]) => void execFileSync("git", ["-C", root, ...args], { stdio: "pipe" });
    const prepared: Prepared = { root, outside, program, git, set: (key, value) => git("config", key, value) };
    set(prepared);
    rmSync(mark, { force: true });
    return mark;
  }

  /** Changes a file, and makes others look changed. */
  function touch(root: string): void {
    appendFileSync(join(root, "gitops/apps/orders/values.yaml"), "replicas: 2\n");
    for (const file of [
      "README.md",
      "LICENSE",
      "package.json",
      "gitops/charts/web-service/1.1.0/templates/deployment.yaml",
    ]) {
      const path = join(root, file);
      cpSync(path, `${path}.new`);
      rmSync(path);
      cpSync(`${path}.new`, path);
      rmSync(`${path}.new`);
    }
  }

  /** What Git itself starts. Most of the programs make it fail afterwards. */
  async function start(root: string, words: string[]): Promise<void> {
    const started = inBackground("git", ["-C", root, ...words], { timeout: 20_000 });
    started.child.stdin?.end();
    await started.catch(() => undefined);
  }

  describe("for files", () => {
    const marks = new Map<string, string>();
    before(async () => {
      const everything = checkout("nothing");
      for (const setting of fileSettings) marks.set(setting.name, prepare(everything, setting, "cat"));
      touch(everything.root);
      for (const mark of marks.values()) rmSync(mark, { force: true });
      for (const verb of verbs) {
        const { code, text } = await say(everything.root, verb);
        assert.ok(code === 0 || code === 1, `${verb}: ${text}`);
      }
      await readGit(everything.root);
    });

    for (const setting of fileSettings) {
      it(`by ${setting.name} is not started`, async () => {
        assert.equal(existsSync(marks.get(setting.name)!), false, "a verb started it");
        if (setting.starts === undefined) return;
        const own = checkout("nothing");
        const mark = prepare(own, setting, "cat");
        touch(own.root);
        rmSync(mark, { force: true });
        await start(own.root, setting.starts);
        assert.ok(existsSync(mark), "Git does not start it either, so the test shows nothing");
      });
    }
  });

  describe("for a remote", () => {
    for (const { name } of remoteSettings("")) {
      it(`by ${name} is not started`, async () => {
        const { port } = server.address() as AddressInfo;
        const setting = remoteSettings(`http://127.0.0.1:${port}/x.git`).find((one) => one.name === name)!;
        const own = checkout("blobs");
        const mark = prepare(own, setting, "exit 1");
        await say(own.root, "plan --offline HEAD~1 HEAD");
        await say(own.root, "check --offline HEAD~1");
        assert.equal(existsSync(mark), false, "a verb started it");
        await start(own.root, setting.starts!);
        assert.ok(existsSync(mark), "Git does not start it either, so the test shows nothing");
      });
    }

    it("is started when the user's own settings name it", async () => {
      const own = checkout("blobs");
      const { program, mark } = markingProgram(own.outside, "own", "exit 1");
      execFileSync("git", ["-C", own.root, "config", "remote.origin.url", "ssh://127.0.0.1:1/x.git"]);
      writeFileSync(join(own.outside, "user"), `[core]\n\tsshCommand = ${program}\n`);
      process.env.GIT_CONFIG_GLOBAL = join(own.outside, "user");
      try {
        await say(own.root, "plan --offline HEAD~1 HEAD");
      } finally {
        process.env.GIT_CONFIG_GLOBAL = join(place, "user");
      }
      assert.ok(existsSync(mark));
    });

    it("is not needed for the token that a CI job puts into the settings", async () => {
      const own = checkout("blobs");
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/x.git`;
      execFileSync("git", ["-C", own.root, "config", "remote.origin.url", url]);
      execFileSync("git", ["-C", own.root, "config", `http.${url}.extraHeader`, "Authorization: Basic dDp0"]);
      await say(own.root, "plan --offline HEAD~1 HEAD");
      assert.equal(asked[0], "Basic dDp0");
    });
  });
});
