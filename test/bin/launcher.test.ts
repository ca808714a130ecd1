import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { satisfies } from "semver";
import { engines, version } from "../../package.json";
import { inCheckout } from "../support/paths";

const launcher = inCheckout("onebranch");
const read = (path: string) => readFileSync(inCheckout(path), "utf8");
const wanted = engines.node.replace(">=", "");

describe("./onebranch", () => {
  let directory: string;
  before(() => (directory = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-launcher-")))));
  after(() => rmSync(directory, { recursive: true }));

  function start(path: string, ...args: string[]): [number | null, string, string] {
    const { status, stdout, stderr } = spawnSync(path, args, { cwd: directory, encoding: "utf8" });
    return [status, stdout, stderr];
  }

  it("starts by its path, by a path from here, by links and by PATH", () => {
    mkdirSync(join(directory, "bin"));
    symlinkSync(launcher, join(directory, "absolute"));
    symlinkSync(relative(join(directory, "bin"), launcher), join(directory, "bin", "relative"));
    symlinkSync("relative", join(directory, "bin", "twice"));
    const said = [0, `onebranch ${version}\n`, ""];
    const from = relative(directory, launcher);
    for (const path of [launcher, from, "./absolute", "bin/relative", "./bin/twice"]) {
      assert.deepEqual(start(path, "--version"), said, path);
    }
    assert.deepEqual(start("sh", "-c", `PATH="${dirname(launcher)}:$PATH"; onebranch --version`), said);
    assert.deepEqual(start("sh", "-c", `cd "${dirname(launcher)}" && sh onebranch --version`), said);
  });

  it("runs with the Node of the packages, whatever that of the shell is", () => {
    writeFileSync(join(directory, "node"), "#!/bin/sh\nexit 7\n", { mode: 0o755 });
    const [status] = start("sh", "-c", `PATH="${directory}:$PATH"; "${launcher}" --version`);
    assert.equal(status, 0);
  });

  it("passes words on as they are, and the exit code back", () => {
    assert.deepEqual(start(launcher, "no such *"), [
      2,
      "",
      "onebranch has no verb no such *; run `onebranch --help` for the list\n",
    ]);
  });

  it("says what to do when its packages are not there", () => {
    copyFileSync(launcher, join(directory, "onebranch"));
    const sentence = `onebranch: its packages are not installed; run \`make setup\` in ${directory} (needs Node ${wanted} or later)\n`;
    assert.deepEqual(start("./onebranch", "--version"), [2, "", sentence]);
  });
});

describe("the Node that is wanted", () => {
  function check(found: string): [number | null, string] {
    const script = `Object.defineProperty(process, "versions", { value: { node: "${found}" } }); require("./bin/check-node")`;
    const { status, stderr } = spawnSync(process.execPath, ["--eval", script], {
      cwd: dirname(launcher),
      encoding: "utf8",
    });
    return [status, stderr];
  }

  it("is the oldest one of package.json, or later", () => {
    for (const found of [`${wanted}.0`, `${wanted}.12`, "22.3.0", "100.0.0"]) assert.deepEqual(check(found), [0, ""]);
    for (const found of ["20.18.3", "18.20.4", "9.99.99"]) {
      assert.deepEqual(check(found), [
        2,
        `onebranch: installing the packages needs Node ${wanted} or later, and \`node\` of this shell is ${found}; ` +
          "put a later one on PATH, from https://nodejs.org or your version manager\n",
      ]);
    }
  });

  it("is the same wherever it is written", () => {
    for (const path of ["README.md", "docs/ci.md", "onebranch"]) {
      const said = [...read(path).matchAll(/Node (\d[\d.]*\d)/g)].map(([, number]) => number);
      assert.deepEqual([...new Set(said)], [wanted], path);
    }
  });

  it("installs a Node that all packages take, so that .npmrc hides no true warning", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { version: string; engines?: { node?: string } }>;
    };
    const own = packages["node_modules/node"]!.version;
    const refused = Object.entries(packages).filter(([, { engines }]) => !satisfies(own, engines?.node ?? "*"));
    assert.deepEqual(refused, []);
  });
});
