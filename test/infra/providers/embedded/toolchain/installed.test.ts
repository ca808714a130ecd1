import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ensureToolchain, missingParts, type Part } from "../../../../../infra/providers/embedded/toolchain";
import { Machine } from "./fake";

describe("toolchain: what is installed already", () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.remove());

  const ensure = (parts: Part[]) => ensureToolchain({ ...machine.options(), parts });
  const said = () =>
    machine.events.filter(({ state }) => state !== "running").map(({ part, state, note }) => [part, state, note]);
  const versions = (answers: Record<string, string>) => {
    machine.answer = ({ command }) => (answers[command] === undefined ? undefined : { stdout: answers[command] });
  };
  const plugin = (name: string, version: string, home = "home/.pulumi") =>
    machine.write(`${home}/plugins/resource-${name}-v${version}/pulumi-resource-${name}`, "plugin");

  it("uses an installed pulumi of 3.200.0 or newer", async () => {
    versions({ pulumi: "v3.200.0\n" });
    const { bin } = await ensure(["pulumi"]);
    assert.deepEqual(said(), [["pulumi", "installed", "pulumi 3.200.0 on PATH"]]);
    assert.deepEqual(readdirSync(bin), []);
    assert.deepEqual(machine.built(), []);
  });

  for (const version of ["v3.199.9", "v4.0.0", "nonsense"]) {
    it(`builds where the installed pulumi is ${version}`, async () => {
      versions({ pulumi: `${version}\n` });
      assert.deepEqual(await missingParts(["pulumi"], { host: machine.host() }), ["pulumi"]);
    });
  }

  it("does not take its own build on PATH for an installation", async () => {
    machine.env.PATH = `${join(machine.cache, "bin-1")}:/usr/bin`;
    await missingParts(["pulumi"], { host: machine.host() });
    assert.deepEqual(
      machine.calls.map(({ command, options }) => [command, options.env?.PATH]),
      [["pulumi", "/usr/bin"]],
    );
  });

  it("uses a downloaded plugin of exactly the npm package's version", async () => {
    plugin("random", "4.21.1");
    assert.deepEqual(await missingParts(["random"], { host: machine.host() }), ["random"]);
    plugin("random", "4.21.2");
    await ensure(["random"]);
    assert.deepEqual(said(), [["random", "installed", "plugin 4.21.2"]]);
  });

  it("looks for plugins in PULUMI_HOME", async () => {
    machine.env.PULUMI_HOME = join(machine.root, "elsewhere");
    plugin("random", "4.21.2", "elsewhere");
    assert.deepEqual(await missingParts(["random"], { host: machine.host() }), []);
  });

  it("builds only helm and kustomize where the Kubernetes plugin is there", async () => {
    plugin("kubernetes", "4.34.2");
    const { bin } = await ensure(["kubernetes"]);
    assert.deepEqual(machine.built(), ["helm", "kustomize"]);
    assert.deepEqual(readdirSync(bin), ["helm", "kustomize"]);
  });

  it("builds nothing where helm and kustomize are on PATH as well", async () => {
    plugin("kubernetes", "4.34.2");
    versions({ helm: "v3.18.4+gd80839c\n", kustomize: "v5.8.1\n" });
    await ensure(["kubernetes"]);
    assert.deepEqual(said(), [["kubernetes", "installed", "plugin 4.34.2, helm 3.18.4, kustomize 5.8.1 on PATH"]]);
  });

  it("builds helm where the installed one is of another major version or too old", async () => {
    plugin("kubernetes", "4.34.2");
    for (const helm of ["v4.2.1+g1\n", "v3.17.0+g1\n"]) {
      versions({ helm, kustomize: "v5.8.1\n" });
      assert.deepEqual(await missingParts(["kubernetes"], { host: machine.host() }), ["kubernetes"]);
    }
  });

  it("leaves the built plugin off PATH once the exact one was downloaded", async () => {
    await ensure(["kubernetes"]);
    plugin("kubernetes", "4.34.2");
    machine.calls.length = 0;
    const { bin } = await ensure(["kubernetes"]);
    assert.deepEqual(readdirSync(bin), ["helm", "kustomize"]);
    assert.deepEqual(machine.calls, []);
  });

  it("lets an installed pulumi download plugins before it builds them", async () => {
    machine.answer = ({ command, args }) => {
      if (command !== "pulumi") return undefined;
      if (args[0] === "version") return { stdout: "v3.259.0\n" };
      plugin(args[3] ?? "", args[4]?.slice(1) ?? "");
      return {};
    };
    await ensure(["kubernetes", "pulumi", "random"]);
    const downloads = machine.calls.filter(({ args }) => args[0] === "plugin");
    assert.deepEqual(
      downloads.map(({ args, options }) => [args.join(" "), options.silenceSeconds]),
      [
        ["plugin install resource kubernetes v4.34.2", 60],
        ["plugin install resource random v4.21.2", 60],
      ],
    );
    assert.deepEqual(machine.built(), ["helm", "kustomize"]);
    assert.deepEqual(said(), [
      ["kubernetes", "downloading", "the kubernetes plugin"],
      ["random", "downloading", "the random plugin"],
      ["kubernetes", "start", undefined],
      ["kubernetes", "done", undefined],
      ["pulumi", "installed", "pulumi 3.259.0 on PATH"],
      ["random", "installed", "plugin 4.21.2"],
    ]);
  });

  it("builds the plugins when the first download fails, without trying a second one", async () => {
    machine.answer = ({ command, args }) => {
      if (command !== "pulumi") return undefined;
      return args[0] === "version" ? { stdout: "v3.259.0\n" } : { code: null, silent: true };
    };
    await ensure(["kubernetes", "random"]);
    assert.equal(machine.calls.filter(({ args }) => args[0] === "plugin").length, 1);
    assert.deepEqual(machine.built(), [
      "helm",
      "kustomize",
      "pulumi-resource-kubernetes",
      "tfgen.bin",
      "pulumi-resource-random",
    ]);
  });
});
