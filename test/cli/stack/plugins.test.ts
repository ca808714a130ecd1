import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { endPlugins } from "../../../cli/stack/plugins";
import { skip } from "../../support/skip";

describe("endPlugins", () => {
  const started: ChildProcess[] = [];
  after(() => started.forEach((child) => child.kill("SIGKILL")));

  /** A process that calls itself by a name, in the environment of a run on a stack. */
  async function start(name: string, stack: string): Promise<ChildProcess> {
    const script = "console.log(1); setInterval(() => undefined, 1000)";
    const env = { ...process.env, ONEBRANCH_ROOT: "/checkout", ONEBRANCH_STACK: stack };
    const child = spawn(process.execPath, ["-e", script], { argv0: name, env, stdio: ["ignore", "pipe", "ignore"] });
    started.push(child);
    await once(child.stdout!, "data");
    return child;
  }

  it("ends the plugins of the stack and nothing else", async function () {
    if (process.platform !== "linux") skip(this, "plugins are found in /proc, which only Linux has");
    const plugins = [
      await start("/tools/pulumi-resource-kubernetes", "dev"),
      await start("/home/.terraform/terraform-provider-kind_v0.11.0", "dev"),
    ];
    const others = [await start("/tools/pulumi-resource-kubernetes", "dev-2"), await start("/tools/etcd", "dev")];
    const ends = plugins.map((child) => once(child, "exit"));
    assert.equal(endPlugins("/checkout", "dev"), 2);
    for (const end of ends) assert.deepEqual(await end, [null, "SIGKILL"]);
    for (const other of others) assert.deepEqual([other.exitCode, other.signalCode], [null, null]);
    assert.equal(endPlugins("/elsewhere", "dev-2"), 0);
  });
});
