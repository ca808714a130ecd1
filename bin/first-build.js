// `make` installs the packages with it: it runs the command that it is given, and until that ends also what the first build of the
// toolchain begins with. npm waits for the network most of its time, and what Go has fetched and compiled is in Go's own caches,
// where the build takes it up. docs/decisions/0044-the-first-build-begins-while-npm-installs.md has the figures.
"use strict";
const { spawn } = require("node:child_process");
const { cpSync, mkdtempSync, readdirSync, rmSync } = require("node:fs");
const { constants, setPriority, tmpdir } = require("node:os");
const { join } = require("node:path");
require("../machine/end-with-parent.cjs");
const { cacheRoot } = require("../machine/cache.cjs");
const { compileArguments, goEnvironment } = require("../machine/go-settings.cjs");

const modules = join(__dirname, "..", "infra/providers/embedded/toolchain/modules");

/** Every part has a release file of this publisher. */
const publisher = "https://github.com";
const probeMilliseconds = 2000;

/** What the build compiles soonest of what it does not change. */
const first = ["k8s.io/api/..."];

/** @param {NodeJS.ProcessEnv} env */
function builtBefore(env) {
  try {
    return readdirSync(join(cacheRoot(env), "toolchain")).length > 0;
  } catch {
    return false;
  }
}

/**
 * Whether release files may come instead of a build. The build itself looks at more of them: all that a wrong answer costs is the
 * head start, or the work.
 * @param {NodeJS.ProcessEnv} env
 */
async function releasesMayCome(env) {
  if (env.ONEBRANCH_RELEASES === "never") return false;
  const mirrors = env.ONEBRANCH_RELEASE_MIRROR?.split(",").map((entry) => entry.replace(/^[^:]*=/, "").trim());
  const looks = (mirrors ?? [publisher]).map(async (url) => {
    const { status } = await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(probeMilliseconds) });
    if (status >= 400 && status !== 404) throw new Error(`${url} answers ${status}`);
  });
  return Promise.any(looks).then(
    () => true,
    () => false,
  );
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

let isAnnounced = false;

/** Says what takes long, before npm has anything to say. */
function announce() {
  if (isAnnounced) return;
  isAnnounced = true;
  console.error(
    "npm installs the packages; the programs of a cluster are built from their sources, which begins meanwhile: 6 to 10 minutes on two idle cores, once for all checkouts of this user",
  );
}

/**
 * Runs Go, and says nothing of it: what fails here fails again in the build, which says why.
 * @param {string} directory the module, and where Go may write meanwhile
 * @param {string[]} args
 * @returns {Promise<boolean>} whether it did it
 */
function go(directory, args) {
  return new Promise((resolve) => {
    const env = { ...goEnvironment(process.env), GOTMPDIR: directory };
    // A group of its own: Go starts compilers, and all of them have to end with it.
    const child = spawn("go", args, { cwd: directory, env, detached: true, stdio: "ignore" });
    running.add(child);
    child.on("spawn", announce);
    child.on("error", () => resolve(false));
    child.on("close", (code) => {
      running.delete(child);
      resolve(code === 0);
    });
    try {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // It has ended already, or this is not allowed here.
    }
  });
}

async function begin() {
  if (builtBefore(process.env) || (await releasesMayCome(process.env))) return;
  const directory = mkdtempSync(join(tmpdir(), "onebranch-first-build-"));
  // What was killed may still be writing.
  process.on("exit", () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  for (const file of ["go.mod", "go.sum"]) cpSync(join(modules, file), join(directory, file));
  const done = await Promise.all([go(directory, ["mod", "download"]), go(directory, compileArguments("std"))]);
  if (done.every(Boolean)) await go(directory, compileArguments(...first));
}

/** @param {string} command @param {string[]} args */
function main(command, ...args) {
  const installation = spawn(command, args, { stdio: "inherit" });
  process.on("exit", () => {
    installation.kill();
    for (const { pid } of running) {
      try {
        if (pid !== undefined) process.kill(-pid, "SIGKILL");
      } catch {
        // It has just ended.
      }
    }
  });
  // Ctrl-C reaches both.
  process.on("SIGINT", () => undefined);
  for (const signal of /** @type {const} */ (["SIGTERM", "SIGHUP"]))
    process.on(signal, () => installation.kill(signal));
  installation.on("error", ({ message }) => {
    console.error(`${command} cannot be started: ${message}`);
    process.exit(1);
  });
  installation.on("close", (code) => process.exit(code ?? 1));
  void begin();
}

exports.publisher = publisher;
if (require.main === module) main(process.argv[2] ?? "npm", ...process.argv.slice(3));
