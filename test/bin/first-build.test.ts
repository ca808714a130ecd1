import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { publisher } from "../../bin/first-build";
import { moduleParts } from "../../infra/providers/embedded/toolchain/parts";
import { releaseFiles } from "../../infra/providers/embedded/toolchain/release/files";
import { compilerFlags } from "../../machine/go-build";
import { isAlive, startToken } from "../../machine/processes";
import { inCheckout } from "../support/paths";
import { root } from "../support/root";

const script = inCheckout("bin/first-build.js");

describe("bin/first-build.js", () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;
  const path = (...names: string[]) => join(directory, ...names);
  const calls = () => (existsSync(path("calls")) ? readFileSync(path("calls"), "utf8").trim().split("\n") : []);

  /** A Go that notes what it is to do, and is never done with it. */
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "onebranch-first-"));
    for (const name of ["bin", "cache", "tmp"]) mkdirSync(path(name));
    const go = `#!/bin/sh\necho "$$ $(ls | tr '\\n' ' ')$*" >> ${path("calls")}\nexec sleep 60\n`;
    writeFileSync(path("bin", "go"), go, { mode: 0o755 });
    env = {
      PATH: `${path("bin")}:${process.env.PATH}`,
      TMPDIR: path("tmp"),
      ONEBRANCH_CACHE: path("cache"),
      ONEBRANCH_RELEASES: "never",
    };
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const started = (shell: string) => spawn(process.execPath, [script, "sh", "-c", shell], { env, cwd: directory });
  const untilTwoCalls = `until [ "$(cat calls 2>/dev/null | wc -l)" = 2 ]; do sleep 0.02; done`;

  async function ended(child: ReturnType<typeof started>): Promise<{ code: number | null; output: string }> {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code, output };
  }

  function assertNothingLeft(): void {
    for (const call of calls()) {
      const pid = Number(call.split(" ")[0]);
      const start = startToken(pid);
      assert.ok(start === undefined || !isAlive({ pid, start }), call);
    }
    assert.deepEqual(readdirSync(path("tmp")), []);
  }

  it("fetches modules and compiles the standard library until the command ends, and ends as that does", async () => {
    const result = await ended(started(`${untilTwoCalls}; echo installed; exit 3`));
    assert.equal(result.code, 3);
    assert.match(result.output, /^npm installs the packages; .*: 6 to 10 minutes on two idle cores, .*\ninstalled\n$/);
    const words = calls().map((call) => call.replace(/^\d+ /, ""));
    assert.deepEqual(words.sort(), [
      `go.mod go.sum build -v ${compilerFlags.join(" ")} std`,
      "go.mod go.sum mod download",
    ]);
    assertNothingLeft();
  });

  it("ends with what started it", async () => {
    const make = spawn("sh", ["-c", `${process.execPath} ${script} sleep 60; true`], { env, cwd: directory });
    while (calls().length < 2) await wait(20);
    make.kill("SIGKILL");
    for (let tries = 0; tries < 100 && readdirSync(path("tmp")).length > 0; tries++) await wait(50);
    assertNothingLeft();
  });

  it("begins nothing where a toolchain was built", async () => {
    mkdirSync(path("cache", "toolchain", "cluster-0"), { recursive: true });
    await ended(started("sleep 0.3"));
    assert.deepEqual(calls(), []);
  });

  it("begins nothing where release files may come, and begins where their server refuses", async () => {
    let status = 404;
    const server = createServer((_, response) => response.writeHead(status).end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    env.ONEBRANCH_RELEASES = "auto";
    env.ONEBRANCH_RELEASE_MIRROR = `dl.k8s.io=http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await ended(started("sleep 0.5"));
      assert.deepEqual(calls(), []);
      status = 403;
      await ended(started(untilTwoCalls));
    } finally {
      server.close();
    }
  });

  it("looks at a publisher of every part", () => {
    for (const os of ["linux", "darwin"] as const) {
      for (const part of moduleParts) {
        const files = releaseFiles(part, { os, arch: "amd64" }, { kubernetes: "1.0.0" });
        assert.ok(files === undefined || files.some(({ url }) => url.startsWith(`${publisher}/`)), part);
      }
    }
  });

  it("leaves it to the build to say that Go is missing", async () => {
    rmSync(path("bin", "go"));
    for (const name of ["sh", "sleep"]) symlinkSync(join("/bin", name), path("bin", name));
    env.PATH = path("bin");
    assert.deepEqual(await ended(started("sleep 0.2; exit 4")), { code: 4, output: "" });
  });

  it("is what make installs with, where the toolchain is needed", () => {
    const commands = (goal: string) =>
      execFileSync("make", ["--dry-run", "--what-if=package.json", goal], { cwd: root, encoding: "utf8" });
    for (const goal of ["up", "toolchain", "e2e"]) assert.match(commands(goal), /^node bin\/first-build\.js npm ci$/m);
    for (const goal of ["setup", "status"]) assert.match(commands(goal), /^npm ci$/m);
  });
});
