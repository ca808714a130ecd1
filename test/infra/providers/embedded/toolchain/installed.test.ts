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

  const bothPlugins = () => {
    plugin("kubernetes", "4.34.2");
    plugin("random", "4.21.2");
  };

  it("uses an installed pulumi of 3.200.0 or newer with its plugins", async () => {
    versions({ pulumi: "v3.200.0\n" });
    bothPlugins();
    const { runBin } = await ensure(["pulumi"]);
    assert.deepEqual(said(), [["pulumi", "installed", "pulumi 3.200.0 on PATH"]]);
    assert.deepEqual(readdirSync(runBin), []);
    assert.deepEqual(machine.built(), []);
  });

  for (const version of ["v3.199.9", "v4.0.0", "nonsense", "v3.276.0+onebranch"]) {
    it(`builds where the installed pulumi is ${version}`, async () => {
      versions({ pulumi: `${version}\n` });
      bothPlugins();
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

  it("leaves a plugin of its own away where one of exactly the npm package's version was downloaded", async () => {
    plugin("random", "4.21.1");
    const first = await ensure(["pulumi"]);
    assert.deepEqual(readdirSync(first.runBin), ["pulumi", "pulumi-resource-kubernetes", "pulumi-resource-random"]);
    plugin("random", "4.21.2");
    machine.calls.length = 0;
    const second = await ensure(["pulumi"]);
    assert.deepEqual(readdirSync(second.runBin), ["pulumi", "pulumi-resource-kubernetes"]);
    machine.env.PULUMI_HOME = join(machine.root, "elsewhere");
    plugin("kubernetes", "4.34.2", "elsewhere");
    const third = await ensure(["pulumi"]);
    assert.deepEqual(readdirSync(third.runBin), ["pulumi", "pulumi-resource-random"]);
    assert.deepEqual(machine.calls, []);
  });

  it("keeps Pulumi and its plugins out of the directory that a person may put on PATH", async () => {
    const { bin } = await ensure(["cluster", "argocd", "pulumi"]);
    assert.deepEqual(
      readdirSync(bin).filter((name) => name.startsWith("pulumi")),
      [],
    );
    assert.ok(readdirSync(bin).includes("kubectl"));
  });

  it("lets an installed pulumi download plugins before it builds them", async () => {
    machine.answer = ({ command, args }) => {
      if (command !== "pulumi") return undefined;
      if (args[0] === "version") return { stdout: "v3.259.0\n" };
      plugin(args[3] ?? "", args[4]?.slice(1) ?? "");
      return {};
    };
    await ensure(["pulumi"]);
    const downloads = machine.calls.filter(({ args }) => args[0] === "plugin");
    assert.deepEqual(
      downloads.map(({ args, options }) => [args.join(" "), options.silenceSeconds]),
      [
        ["plugin install resource kubernetes v4.34.2", 60],
        ["plugin install resource random v4.21.2", 60],
      ],
    );
    assert.deepEqual(machine.built(), []);
    assert.deepEqual(said(), [
      ["pulumi", "downloading", "the kubernetes plugin"],
      ["pulumi", "downloading", "the random plugin"],
      ["pulumi", "installed", "pulumi 3.259.0 on PATH"],
    ]);
  });

  it("builds the plugins when the first download fails, without trying a second one", async () => {
    machine.answer = ({ command, args }) => {
      if (command !== "pulumi") return undefined;
      return args[0] === "version" ? { stdout: "v3.259.0\n" } : { code: null, silent: true };
    };
    const { runBin } = await ensure(["pulumi"]);
    assert.equal(machine.calls.filter(({ args }) => args[0] === "plugin").length, 1);
    assert.deepEqual(machine.built(), ["pulumi"]);
    assert.deepEqual(readdirSync(runBin), ["pulumi", "pulumi-resource-kubernetes", "pulumi-resource-random"]);
  });

  describe("state that our build of Pulumi cannot read", () => {
    const links = async () => readdirSync((await ensure(["pulumi"])).runBin);
    const all = ["pulumi", "pulumi-resource-kubernetes", "pulumi-resource-random"];
    beforeEach(async () => {
      await ensure(["pulumi"]);
      versions({ pulumi: "v3.259.0\n" });
    });

    for (const url of ["s3://states", "gs://states", "azblob://states"]) {
      it(`leaves ${url} to an installed pulumi`, async () => {
        machine.env.PULUMI_BACKEND_URL = url;
        assert.deepEqual(await links(), all.slice(1));
        bothPlugins();
        assert.deepEqual(await links(), []);
      });
    }

    it("leaves the storage that somebody is logged in to to an installed pulumi", async () => {
      machine.write("home/.pulumi/credentials.json", JSON.stringify({ current: "s3://states" }));
      assert.deepEqual(await links(), all.slice(1));
    });

    for (const url of ["file:///states", "https://api.pulumi.com"]) {
      it(`reads ${url} itself`, async () => {
        machine.env.PULUMI_BACKEND_URL = url;
        assert.deepEqual(await links(), all);
      });
    }

    it("has nothing better where no pulumi is installed", async () => {
      versions({});
      machine.env.PULUMI_BACKEND_URL = "s3://states";
      assert.deepEqual(await links(), all);
    });
  });
});
