import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { providerText } from "../../../infra/dynamic/resource";
import { startToken } from "../../../machine/processes";
import { eventually } from "../../e2e/support/eventually";
import { Plugin } from "./plugin";
import { inCheckout } from "../../support/paths";

describe("providerText", () => {
  /** The text as another way of running the program would store it. */
  function textUnder(...args: string[]): string {
    const script = 'process.stdout.write(require("./infra/dynamic/resource").providerText("EmbeddedControlPlane"))';
    return execFileSync(process.execPath, [...args, "--eval", script], {
      cwd: dirname(inCheckout("infra")),
      encoding: "utf8",
    });
  }

  it("is the same under tsx and under the ts-node of `pulumi up`", function () {
    const own = providerText("EmbeddedControlPlane");
    assert.equal(textUnder("--require", "tsx/cjs"), own);
    assert.equal(textUnder("--require", join(__dirname, "ts-node.cjs")), own);
  });

  it("holds no path of this machine", () => {
    const text = providerText("EmbeddedArgoCd");
    assert.ok(!text.includes(inCheckout("infra")) && !text.includes(process.execPath) && !text.includes(tmpdir()));
  });

  it("differs between kinds in their name only", () => {
    const renamed = providerText("EmbeddedArgoCd").replace("EmbeddedArgoCd", "EmbeddedControlPlane");
    assert.equal(renamed, providerText("EmbeddedControlPlane"));
  });
});

describe("local resources in Pulumi's plugin", function () {
  let checkout: string;
  let child: ChildProcess;
  let plugin: Plugin;

  before(async () => {
    checkout = mkdtempSync(join(tmpdir(), "onebranch-plugin-"));
    for (const name of ["infra", "machine", "model", "node_modules"])
      symlinkSync(inCheckout(name), join(checkout, name));
    const main = inCheckout("node_modules/@pulumi/pulumi/cmd/dynamic-provider");
    const cache = join(checkout, "cache");
    const env = { ...process.env, ONEBRANCH_ROOT: checkout, ONEBRANCH_CACHE: cache };
    // The address of the engine, which the plugin asks for and never calls here.
    child = spawn(process.execPath, [main, "127.0.0.1:1"], { env, cwd: tmpdir(), stdio: ["ignore", "pipe", "ignore"] });
    plugin = await Plugin.connect(child);
  });
  after(() => {
    plugin.close();
    child.kill();
    rmSync(checkout, { recursive: true, force: true });
  });

  const inputs = { name: "dev", __provider: providerText("EmbeddedControlPlane") };

  it("say so when the state names a kind that the checkout does not know", async () => {
    const text = providerText("EmbeddedControlPlane").replace("EmbeddedControlPlane", "Teapot");
    await assert.rejects(plugin.create({ __provider: text }), (error: Error) => {
      assert.match(error.message, /Teapot is not a local resource of this checkout; known: EmbeddedControlPlane, /);
      return true;
    });
  });

  it("report the message of a user's mistake", async () => {
    await assert.rejects(plugin.create(inputs), (error: Error) => {
      assert.match(error.message, /the programs of embedded clusters are not built; run `make toolchain`$/);
      return true;
    });
  });

  it("see a cluster whose processes do not run as changed", async () => {
    assert.deepEqual(await plugin.diff("dev", inputs, inputs), { changes: true, replaces: [] });
  });

  it("replace a cluster that gets another name", async () => {
    const changed = { ...inputs, name: "other" };
    assert.deepEqual(await plugin.diff("dev", inputs, changed), { changes: true, replaces: ["name"] });
  });

  it("see a cluster without a directory as gone", async () => {
    assert.equal(await plugin.read("dev", inputs), "");
  });

  it("end with the Pulumi that started them", async () => {
    const script = `
      const { spawn } = require("node:child_process");
      const code = "require('./dynamic/load.cjs'); console.log('loaded'); setInterval(() => {}, 1000)";
      const plugin = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "ignore"] });
      plugin.stdout.once("data", () => {
        process.stdout.write(String(plugin.pid), () => process.kill(process.pid, "SIGKILL"));
      });`;
    const pulumi = spawn(process.execPath, ["-e", script], {
      cwd: inCheckout("infra"),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const pid = Number(await new Promise((resolve) => pulumi.stdout.once("data", resolve)));
    await eventually(async () => ({ holds: startToken(pid) === undefined, message: `${pid} still runs` }), 10);
  });

  it("delete what is gone already, and leave nothing behind", async () => {
    await plugin.delete("dev", inputs);
    assert.equal(existsSync(join(checkout, ".onebranch", "clusters", "dev")), false);
  });
});
