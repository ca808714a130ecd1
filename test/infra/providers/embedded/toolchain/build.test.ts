import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ensureToolchain,
  findToolchain,
  missingParts,
  StoppedError,
  ToolchainError,
  type BuildEvent,
} from "../../../../../infra/providers/embedded/toolchain";
import { entryOf } from "../../../../../infra/providers/embedded/toolchain/cache";
import { specs } from "../../../../../infra/providers/embedded/toolchain/parts";
import { compilerFlags } from "../../../../../machine/go-build";
import { asked, Machine, makesBinary, outputOf } from "./fake";

describe("toolchain: build", () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.remove());
  const options = () => machine.options();
  const states = () =>
    machine.events.filter(({ state }) => state !== "running").map(({ part, state }) => `${part} ${state}`);
  const leftovers = () => readdirSync(machine.cache).filter((name) => /tmp|lock/.test(name));

  it("builds everything in order and links every program", async () => {
    const { bin, runBin, manifests, versions } = await ensureToolchain(options());
    assert.deepEqual(machine.built(), ["pulumi", "cluster", "argocd", "onebranch-renderer"]);
    const { cluster, argocd, pulumi } = specs;
    const script = "git-verify-wrapper.sh";
    assert.deepEqual(readdirSync(bin).sort(), [...cluster.links, ...argocd.links, script].sort());
    assert.deepEqual(readdirSync(runBin).sort(), pulumi.links);
    for (const directory of [bin, runBin]) {
      for (const name of readdirSync(directory)) {
        const content = readFileSync(join(directory, name), "utf8");
        assert.equal(content, name === script ? "#!/bin/sh\n" : "binary\n");
      }
    }
    assert.equal(statSync(join(bin, script)).mode & 0o777, 0o755);
    assert.equal(realpathSync(join(bin, "etcd")), realpathSync(join(bin, "kwok")));
    assert.equal(readdirSync(join(manifests, "crds")).length, 3);
    assert.equal(readdirSync(join(manifests, "config")).length, 6);
    assert.equal(versions.argocd, "3.6.1");
    assert.deepEqual(leftovers(), []);
    assert.deepEqual(
      machine.events
        .filter(({ state }) => state === "start")
        .map(({ index, total, remaining }) => [index, total, remaining]),
      [
        [1, 4, 3],
        [2, 4, 2],
        [3, 4, 1],
        [4, 4, 0],
      ],
    );
  });

  it("builds with our settings, whatever the user's are", async () => {
    machine.env = { ...machine.env, GOFLAGS: "-mod=mod", GOOS: "plan9", CGO_ENABLED: "1", GOPROXY: "file:///proxy" };
    await ensureToolchain({ ...options(), parts: ["cluster"] });
    const build = machine.calls.find(({ args }) => makesBinary(args));
    const { GOFLAGS, GOOS, CGO_ENABLED, GOPROXY, GOWORK, GOTOOLCHAIN } = build?.options.env ?? {};
    assert.deepEqual(
      { GOFLAGS, GOOS, CGO_ENABLED, GOPROXY, GOWORK, GOTOOLCHAIN },
      {
        GOFLAGS: "-mod=readonly",
        GOOS: undefined,
        CGO_ENABLED: "0",
        GOPROXY: "file:///proxy",
        GOWORK: "off",
        GOTOOLCHAIN: "auto",
      },
    );
    assert.deepEqual(build?.args.slice(0, 3 + compilerFlags.length), ["build", "-v", ...compilerFlags, "-ldflags"]);
    assert.match(build?.args[3 + compilerFlags.length] ?? "", /^-s -w -X \S+=v1\.37\.2 -X \S+=v1\.37\.2$/);
    assert.equal(build?.args.at(-1), "./cluster");
  });

  it("downloads while the standard library is compiled, with the flags of the rest", async () => {
    const running = new Set<string>();
    const together: string[][] = [];
    machine.answer = async ({ command, args }) => {
      if (command !== "go" || args[0] === "env") return undefined;
      const name = args.slice(0, 3).join(" ");
      running.add(name);
      await new Promise((resolve) => setTimeout(resolve, 10));
      together.push([...running]);
      running.delete(name);
      return undefined;
    };
    await ensureToolchain({ ...options(), parts: ["cluster"] });
    assert.deepEqual(together[0], ["mod download", "build -v -trimpath"]);
    assert.deepEqual(machine.calls.find(({ args }) => args.includes("std"))?.args, [
      "build",
      "-v",
      ...compilerFlags,
      "std",
    ]);
  });

  it("ends the standard library's compilation when the download fails, and says why", async () => {
    let ended = false;
    machine.answer = ({ args, options: { signal } }) => {
      if (args.at(-1) === "download") return { code: 1, stderr: "dial tcp: connection refused\n" };
      if (args.at(-1) !== "std") return undefined;
      return new Promise((resolve) => {
        signal?.addEventListener("abort", () => {
          ended = true;
          resolve({ code: null });
        });
      });
    };
    await assert.rejects(ensureToolchain({ ...options(), parts: ["cluster"] }), {
      message: /^cluster cannot be built: Go's module proxy cannot be reached; /,
    });
    assert.equal(ended, true);
    assert.deepEqual(leftovers(), []);
  });

  it("builds a part from changed copies of other modules", async () => {
    const patches = {
      module: "example.org/m",
      changes: [{ why: "", file: "a.go", edits: [{ from: "old", to: "new" }] }],
    };
    machine.write("modules/patches/client-go.json", JSON.stringify(patches));
    machine.write("download/a.go", "old\n");
    let copy = "";
    machine.answer = ({ args, options: { cwd } }) => {
      if (makesBinary(args)) copy = readFileSync(join(cwd!, "../patched/client-go/a.go"), "utf8");
      return undefined;
    };
    await ensureToolchain({ ...options(), parts: ["cluster"] });
    assert.equal(copy, "new\n");
    const edit = machine.calls.find(({ args }) => args[1] === "edit")?.args.slice(2);
    assert.ok(edit?.includes("-replace=example.org/m=../patched/client-go"), edit?.join(" "));
    assert.equal(edit?.length, specs.cluster.patches.length);
  });

  it("gives the Kubernetes plugin a schema that says its version", async () => {
    let schema = "";
    machine.answer = ({ args, options: { cwd } }) => {
      if (makesBinary(args)) schema = readFileSync(join(cwd!, "pulumi/schema-embed.json"), "utf8");
      return undefined;
    };
    await ensureToolchain({ ...options(), parts: ["pulumi"] });
    assert.deepEqual(JSON.parse(schema), { name: "kubernetes", version: "4.25.0" });
  });

  it("does nothing the second time, not even ask for Go", async () => {
    const first = await ensureToolchain({ ...options(), parts: ["cluster", "argocd"] });
    machine.calls.length = 0;
    machine.events.length = 0;
    const second = await ensureToolchain({ ...options(), parts: ["cluster", "argocd"] });
    assert.deepEqual(second, first);
    assert.deepEqual(machine.calls, []);
    assert.deepEqual(states(), ["cluster cached", "argocd cached"]);
  });

  it("finds what is there and names what is missing, in build order", async () => {
    const host = machine.host();
    assert.deepEqual(await missingParts(["pulumi", "cluster", "argocd"], { host }), ["pulumi", "cluster", "argocd"]);
    assert.equal(await findToolchain({ parts: ["cluster"], host }), undefined);
    const { bin } = await ensureToolchain({ ...options(), parts: ["cluster"] });
    assert.deepEqual(await missingParts(["argocd", "cluster"], { host }), ["argocd"]);
    assert.equal((await findToolchain({ parts: ["cluster"], host }))?.bin, bin);
    assert.deepEqual(machine.built(), ["cluster"]);
  });

  it("never takes an interrupted build for a finished one, and keeps finished parts", async () => {
    const controller = new AbortController();
    machine.answer = ({ args }) => {
      if (!makesBinary(args) || !outputOf(args).endsWith("/argocd")) return undefined;
      writeFileSync(outputOf(args), "half");
      return new Promise((resolve) =>
        controller.signal.addEventListener("abort", () => resolve({ code: null, stderr: "signal: terminated" })),
      );
    };
    const parts = ["cluster", "argocd"] as const;
    const building = ensureToolchain({ ...options(), parts, signal: controller.signal });
    await asked(machine, ({ args }) => makesBinary(args) && outputOf(args).endsWith("/argocd"));
    controller.abort();
    await assert.rejects(building, (error: ToolchainError) => {
      assert.ok(error instanceof StoppedError);
      assert.equal(error.message, "the build was stopped: run the same command again; finished parts are kept");
      return true;
    });
    assert.deepEqual(leftovers(), []);
    assert.deepEqual(await missingParts(parts, { host: machine.host() }), ["argocd"]);
    machine.answer = () => undefined;
    machine.calls.length = 0;
    await ensureToolchain({ ...options(), parts });
    assert.deepEqual(machine.built(), ["argocd"]);
  });

  it("clears away what a killed build left, and its lock", async () => {
    // The same pid with another start is a stranger, not the build.
    for (const dead of [{ pid: 999999, start: "1" }, { pid: process.pid, start: "1" }, "half a li"]) {
      machine.write("modules/pulumi/main.go", `package main // ${JSON.stringify(dead)}\n`);
      const next = await entryOf("pulumi", machine.host());
      mkdirSync(`${next.directory}.tmp-999999/part/bin`, { recursive: true });
      writeFileSync(`${next.directory}.lock`, typeof dead === "string" ? dead : JSON.stringify({ ...dead, id: "x" }));
      await ensureToolchain({ ...options(), parts: ["pulumi"] });
      assert.equal(existsSync(`${next.directory}.tmp-999999`), false);
      assert.equal(existsSync(`${next.directory}.lock`), false);
      assert.equal(existsSync(`${next.directory}/bin/pulumi`), true);
    }
  });

  it("lets a second build of the same part wait and take what the first one made", async () => {
    let finish: (() => void) | undefined;
    machine.answer = ({ args }) => {
      if (!makesBinary(args)) return undefined;
      writeFileSync(outputOf(args), "binary\n");
      return new Promise((resolve) => (finish = () => resolve({})));
    };
    const first = ensureToolchain({ ...options(), parts: ["cluster"] });
    await asked(machine, ({ args }) => makesBinary(args));
    const others: BuildEvent[] = [];
    const second = ensureToolchain({ ...options(), parts: ["cluster"], onEvent: (event) => others.push(event) });
    while (others.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    finish?.();
    assert.deepEqual(await second, await first);
    assert.deepEqual(machine.built(), ["cluster"]);
    assert.deepEqual(
      others.map(({ state, note }) => [state, note]),
      [
        ["waiting", `another build of it on this machine, process ${process.pid}`],
        ["cached", undefined],
      ],
    );
    assert.deepEqual(leftovers(), []);
  });

  it("says that the disk is full when it fills up while Go runs", async () => {
    machine.answer = ({ args }) =>
      makesBinary(args) ? { code: 1, stderr: "link: write out: no space left on device\n" } : undefined;
    await assert.rejects(ensureToolchain({ ...options(), parts: ["cluster"] }), {
      name: "ToolchainError",
      message:
        "cluster cannot be built: the disk is full; make room (`go clean -cache` empties Go's build cache) and run the " +
        "same command again; go said:\n    link: write out: no space left on device",
    });
    assert.deepEqual(leftovers(), []);
  });

  it("says that the cache's disk is full when our own files do not fit", async () => {
    machine.answer = ({ args }) =>
      makesBinary(args) ? Promise.reject(Object.assign(new Error("ENOSPC"), { code: "ENOSPC" })) : undefined;
    await assert.rejects(ensureToolchain({ ...options(), parts: ["cluster"] }), {
      message:
        `cluster cannot be built: the disk of ${machine.cache} is full; make room there, or set ONEBRANCH_CACHE to a ` +
        "directory on another disk, and run the same command again",
    });
  });

  it("says that the module proxy is unreachable, with go's last lines", async () => {
    const noise = Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n");
    machine.answer = ({ args }) =>
      makesBinary(args) ? { code: 1, stderr: `${noise}\ndial tcp: lookup proxy.invalid: no such host\n` } : undefined;
    await assert.rejects(ensureToolchain({ ...options(), parts: ["cluster"] }), (error: ToolchainError) => {
      const [first, ...said] = error.message.split("\n");
      assert.equal(
        first,
        "cluster cannot be built: Go's module proxy cannot be reached; check the network and `go env GOPROXY`, then run " +
          "the same command again; go said:",
      );
      assert.equal(said.length, 15);
      assert.equal(said.at(-1), "    dial tcp: lookup proxy.invalid: no such host");
      return true;
    });
  });

  it("passes on any other failure of go", async () => {
    machine.answer = ({ args }) =>
      makesBinary(args) ? { code: 1, stderr: "k8s.io/api/core/v1\n./main.go:1:1: nonsense\nerrors\n" } : undefined;
    await assert.rejects(ensureToolchain({ ...options(), parts: ["cluster"] }), {
      message: "cluster cannot be built: go ended with exit code 1; go said:\n    ./main.go:1:1: nonsense",
    });
  });
});
