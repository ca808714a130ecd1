import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
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
import { specs, target } from "../../../../../infra/providers/embedded/toolchain/parts";
import { asked, Machine, outputOf } from "./fake";

describe("toolchain: build", () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.remove());
  const options = () => machine.options();
  const states = () =>
    machine.events.filter(({ state }) => state !== "running").map(({ part, state }) => `${part} ${state}`);
  const leftovers = () => readdirSync(machine.cache).filter((name) => /tmp|lock/.test(name));

  it("builds everything in order and links every program", async () => {
    const { bin, manifests, versions } = await ensureToolchain(options());
    assert.deepEqual(machine.built(), [
      "cluster",
      "argocd",
      "helm",
      "kustomize",
      "pulumi-resource-kubernetes",
      "pulumi",
      "tfgen.bin",
      "pulumi-resource-random",
    ]);
    const programs = Object.values(specs).flatMap(({ builds }) => builds.flatMap(({ links }) => links));
    assert.ok(programs.includes("kube-apiserver") && programs.includes("pulumi"));
    assert.deepEqual(readdirSync(bin).sort(), programs.sort());
    for (const name of readdirSync(bin)) assert.equal(readFileSync(join(bin, name), "utf8"), "binary\n");
    assert.equal(realpathSync(join(bin, "etcd")), realpathSync(join(bin, "kwok")));
    assert.equal(readdirSync(join(manifests, "crds")).length, 3);
    assert.equal(readdirSync(join(manifests, "config")).length, 6);
    assert.equal(versions.argocd, "3.2.11");
    assert.deepEqual(leftovers(), []);
    assert.deepEqual(
      machine.events
        .filter(({ state }) => state === "start")
        .map(({ index, total, remaining }) => [index, total, remaining]),
      [
        [1, 5, 4],
        [2, 5, 3],
        [3, 5, 2],
        [4, 5, 1],
        [5, 5, 0],
      ],
    );
  });

  it("builds with our settings, whatever the user's are", async () => {
    machine.env = { ...machine.env, GOFLAGS: "-mod=mod", GOOS: "plan9", CGO_ENABLED: "1", GOPROXY: "file:///proxy" };
    await ensureToolchain({ ...options(), parts: ["cluster"] });
    const build = machine.calls.find(({ args }) => args[0] === "build");
    const { GOFLAGS, GOOS, CGO_ENABLED, GOPROXY, GOWORK } = build?.options.env ?? {};
    assert.deepEqual(
      { GOFLAGS, GOOS, CGO_ENABLED, GOPROXY, GOWORK },
      { GOFLAGS: "-mod=readonly", GOOS: undefined, CGO_ENABLED: "0", GOPROXY: "file:///proxy", GOWORK: "off" },
    );
    assert.deepEqual(build?.args.slice(0, 4), ["build", "-trimpath", "-buildvcs=false", "-ldflags"]);
    assert.match(build?.args[4] ?? "", /^-s -w -X \S+=v1\.36\.1 -X \S+=v1\.36\.1$/);
  });

  it("gives the Kubernetes plugin a schema that says its version", async () => {
    let schema = "";
    machine.answer = ({ args, options: { cwd } }) => {
      if (args[0] === "build" && args.at(-1) === ".") schema = readFileSync(join(cwd!, "schema-embed.json"), "utf8");
      return undefined;
    };
    await ensureToolchain({ ...options(), parts: ["kubernetes"] });
    assert.deepEqual(JSON.parse(schema), { name: "kubernetes", version: "4.23.0" });
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
    assert.deepEqual(await missingParts(["random", "cluster", "argocd"], { host }), ["cluster", "argocd", "random"]);
    assert.equal(await findToolchain({ parts: ["cluster"], host }), undefined);
    const { bin } = await ensureToolchain({ ...options(), parts: ["cluster"] });
    assert.deepEqual(await missingParts(["argocd", "cluster"], { host }), ["argocd"]);
    assert.equal((await findToolchain({ parts: ["cluster"], host }))?.bin, bin);
    assert.deepEqual(machine.built(), ["cluster"]);
  });

  it("never takes an interrupted build for a finished one, and keeps finished parts", async () => {
    const controller = new AbortController();
    machine.answer = ({ args }) => {
      if (args[0] !== "build" || !outputOf(args).endsWith("/argocd")) return undefined;
      writeFileSync(outputOf(args), "half");
      return new Promise((resolve) =>
        controller.signal.addEventListener("abort", () => resolve({ code: null, stderr: "signal: terminated" })),
      );
    };
    const parts = ["cluster", "argocd"] as const;
    const building = ensureToolchain({ ...options(), parts, signal: controller.signal });
    await asked(machine, ({ args }) => args[0] === "build" && outputOf(args).endsWith("/argocd"));
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
      const next = await entryOf(target("pulumi"), machine.host());
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
      if (args[0] !== "build") return undefined;
      writeFileSync(outputOf(args), "binary\n");
      return new Promise((resolve) => (finish = () => resolve({})));
    };
    const first = ensureToolchain({ ...options(), parts: ["cluster"] });
    await asked(machine, ({ args }) => args[0] === "build");
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
      args[0] === "build" ? { code: 1, stderr: "link: write out: no space left on device\n" } : undefined;
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
      args[0] === "build" ? Promise.reject(Object.assign(new Error("ENOSPC"), { code: "ENOSPC" })) : undefined;
    await assert.rejects(ensureToolchain({ ...options(), parts: ["cluster"] }), {
      message:
        `cluster cannot be built: the disk of ${machine.cache} is full; make room there, or set ONEBRANCH_CACHE to a ` +
        "directory on another disk, and run the same command again",
    });
  });

  it("says that the module proxy is unreachable, with go's last lines", async () => {
    const noise = Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n");
    machine.answer = ({ args }) =>
      args[0] === "build" ? { code: 1, stderr: `${noise}\ndial tcp: lookup proxy.invalid: no such host\n` } : undefined;
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
    machine.answer = ({ args }) => (args[0] === "build" ? { code: 1, stderr: "./main.go:1:1: nonsense\n" } : undefined);
    await assert.rejects(ensureToolchain({ ...options(), parts: ["cluster"] }), {
      message: "cluster cannot be built: go ended with exit code 1; go said:\n    ./main.go:1:1: nonsense",
    });
  });

  it("gives a sign of life while go runs", async () => {
    machine.answer = async ({ args }) => {
      if (args[0] !== "build") return undefined;
      await new Promise((resolve) => setTimeout(resolve, 40));
      writeFileSync(outputOf(args), "binary\n");
      return {};
    };
    await ensureToolchain({ ...options(), parts: ["cluster"] });
    const running = machine.events.filter(({ state }) => state === "running");
    assert.ok(running.length >= 2);
    assert.ok(running.every(({ elapsedSeconds }) => elapsedSeconds > 0));
  });
});
