import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ensureToolchain } from "../../../../../infra/providers/embedded/toolchain";
import { buildEntries } from "../../../../../infra/providers/embedded/toolchain/build";
import { entryOf } from "../../../../../infra/providers/embedded/toolchain/cache";
import { specs } from "../../../../../infra/providers/embedded/toolchain/parts";
import { compilerFlags } from "../../../../../machine/go-build";
import { Machine, makesBinary, outputOf } from "./fake";

describe("toolchain: how a build goes", () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.remove());
  const options = () => machine.options();

  it("counts what Go's cache lacks for all parts together, and what is compiled", async () => {
    const seen: unknown[] = [];
    machine.answer = async ({ args, options: { onErrors } }) => {
      if (args[0] === "list") {
        assert.deepEqual(args.slice(1, 2 + compilerFlags.length), ["-deps", ...compilerFlags]);
        return { stdout: `a/b\nc\n${args.at(-1)}\n` };
      }
      if (args.at(-1) === "std") onErrors?.("fmt\nnet/http\n");
      if (!makesBinary(args)) return undefined;
      writeFileSync(outputOf(args), "binary\n");
      for (const text of ["go: downloading x v1\na/b\nc\n", "d\n"]) onErrors?.(text);
      // Both are linked at once then, and either could be done first.
      while (args.at(-1) === "./argocd" && !seen.includes("end cluster")) await pause(5);
      return {};
    };
    const host = machine.host();
    const entries = await Promise.all((["cluster", "argocd"] as const).map((part) => entryOf(part, host)));
    const name = ({ target }: (typeof entries)[number]) => target.part;
    await buildEntries(entries, {
      host,
      watch: {
        waiting: () => seen.push("waiting"),
        began: (missing) => seen.push(missing.map(name)),
        compiled: (packages) => seen.push(packages),
        counted: (packages) => seen.push(`${packages} left`),
        started: (entry) => seen.push(`start ${name(entry)}`),
        finished: (entry) => seen.push(`end ${name(entry)}`),
      },
    });
    // Cluster has only its link left when argocd begins.
    const turns = ["start cluster", 2, 1, "start argocd", 2, 1, "end cluster", "end argocd"];
    assert.deepEqual(seen, [["cluster", "argocd"], 2, "4 left", ...turns]);
  });

  it("says first what is built, and then how far all of it is", async () => {
    machine.answer = async ({ args }) => {
      if (!makesBinary(args)) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 20));
      writeFileSync(outputOf(args), "binary\n");
      return {};
    };
    await ensureToolchain({ ...options(), parts: ["argocd", "cluster"] });
    const [first] = machine.events;
    const all = specs.cluster.packages + specs.argocd.packages;
    assert.deepEqual([first?.state, first?.note, first?.progress], ["plan", "cluster, argocd", { compiled: 0, all }]);
    assert.ok(
      machine.events.filter(({ state }) => state === "running").every(({ progress }) => progress !== undefined),
    );
  });

  it("builds the renderer from its own module, where the tool looks for it", async () => {
    await ensureToolchain({ ...options(), parts: ["renderer"] });
    const { hash, directory } = await entryOf("renderer", machine.host());
    const build = machine.calls.find(({ args }) => makesBinary(args));
    assert.equal(build?.options.cwd, join(machine.root, "renderer"));
    assert.ok(build?.args.includes(`-s -w -X main.build=renderer-${hash}`), build?.args.join(" "));
    assert.equal(directory, join(machine.root, "cache", `renderer-${hash}`));
    assert.equal(readFileSync(join(directory, "onebranch-renderer"), "utf8"), "binary\n");
    assert.deepEqual(readdirSync(join(machine.root, "renderer")), ["main.go"]);
  });

  it("brings what check knows Kubernetes by with the renderer, and does without it where it is not served", async () => {
    const apis = ({ args }: { args: readonly string[] }) => args[1] === "download" && args[2]?.startsWith("k8s.io/");
    machine.answer = (call) => (apis(call) ? { code: 1, stderr: "404 Not Found" } : undefined);
    await ensureToolchain({ ...options(), parts: ["renderer"] });
    const modules = machine.calls.find(apis)?.args.slice(2);
    assert.ok(
      modules?.includes("k8s.io/kubernetes@v1.36.1") && modules.includes("k8s.io/api@v0.36.1"),
      modules?.join(),
    );
    machine.calls.length = 0;
    await ensureToolchain({ ...options(), parts: ["cluster"] });
    assert.equal(machine.calls.find(apis), undefined);
  });

  it("gives a sign of life while go runs", async () => {
    machine.answer = async ({ args }) => {
      if (!makesBinary(args)) return undefined;
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
