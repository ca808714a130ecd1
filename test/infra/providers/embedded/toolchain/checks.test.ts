import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureToolchain, type Part, type ToolchainError } from "../../../../../infra/providers/embedded/toolchain";
import { defaultHost } from "../../../../../infra/providers/embedded/toolchain/host";
import { Machine } from "./fake";

describe("toolchain: checks before a build", () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.remove());

  async function faults(parts: Part[] = ["cluster"]): Promise<string[]> {
    machine.calls.length = 0;
    try {
      await ensureToolchain({ parts, onEvent: () => undefined, host: machine.host() });
      return [];
    } catch (error) {
      assert.deepEqual(machine.built(), []);
      return (error as ToolchainError).faults;
    }
  }

  it("passes on a fit machine", async () => assert.deepEqual(await faults(), []));

  it("says that Go is missing and which one to install", async () => {
    machine.answer = ({ command }) => (command === "go" ? { code: null, missing: true } : undefined);
    assert.deepEqual(await faults(), ["Go is not installed: install Go 1.27.3 or newer and put `go` on PATH"]);
  });

  it("takes a Go that fetches the one it needs, and says that an older one is too old", async () => {
    machine.goVersion = "go1.21rc2";
    assert.deepEqual(await faults(), []);
    machine.goVersion = "go1.20.3";
    assert.deepEqual(await faults(["argocd"]), [
      "Go 1.20.3 is too old: install Go 1.27.3, or any from 1.21.0 on, which fetches it by itself",
    ]);
  });

  it("says that a broken Go is broken", async () => {
    machine.answer = ({ command }) => (command === "go" ? { code: 2, stderr: "cannot find GOROOT\n" } : undefined);
    assert.deepEqual(await faults(), [
      "`go env` fails, so Go is not usable: repair the installation; it said: cannot find GOROOT",
    ]);
  });

  it("says that git is missing", async () => {
    machine.answer = ({ command }) => (command === "git" ? { code: null, missing: true } : undefined);
    assert.deepEqual(await faults(), [
      "git is not installed: Argo CD reads the checkout with it; install git and put it on PATH",
    ]);
  });

  it("says how much room is missing, where, and how to go on", async () => {
    machine.freeGigabytes = 2.5;
    const places = ["cache/toolchain", "go-build", "go-mod"].map((name) => join(machine.root, name)).join(", ");
    assert.deepEqual(await faults(), [
      `2.5 GB are free for ${places}, but building cluster needs about 5.0 GB: make room, or move it to another disk with ` +
        "ONEBRANCH_CACHE, GOCACHE, GOMODCACHE; when an interrupted build only has to go on, ONEBRANCH_MIN_FREE_GB=1 asks for less",
    ]);
  });

  it("asks for room only for what is missing", async () => {
    assert.deepEqual(await faults(["cluster", "argocd"]), []);
    machine.freeGigabytes = 4;
    assert.deepEqual(await faults(["cluster", "argocd", "pulumi"]), []);
  });

  it("looks at each file system by itself", async () => {
    const host = machine.host();
    const devices: Record<string, number> = { cache: 1, "go-build": 2, "go-mod": 3 };
    for (const name of Object.keys(devices)) mkdirSync(join(machine.root, name), { recursive: true });
    const freeSpace = (directory: string) => {
      const device = devices[directory.split("/").at(-1) ?? ""] ?? 0;
      return Promise.resolve({ device, bytes: (device === 2 ? 1 : 50) * 1e9 });
    };
    await assert.rejects(
      ensureToolchain({ parts: ["cluster"], onEvent: () => undefined, host: { ...host, freeSpace } }),
      (error: ToolchainError) => {
        assert.equal(error.faults.length, 1);
        assert.match(error.message, /^1\.0 GB are free for \S+\/go-build, but building cluster needs about 2\.3 GB: /);
        return true;
      },
    );
  });

  it("lets ONEBRANCH_MIN_FREE_GB lower the demand, and wants a number there", async () => {
    machine.freeGigabytes = 2.5;
    machine.env.ONEBRANCH_MIN_FREE_GB = "plenty";
    assert.deepEqual(await faults(), [
      'ONEBRANCH_MIN_FREE_GB is "plenty": set it to a number of gigabytes, for example 5',
    ]);
    machine.env.ONEBRANCH_MIN_FREE_GB = "1";
    assert.deepEqual(await faults(), []);
  });

  it("reports every fault at once", async () => {
    machine.answer = ({ command }) => (/^(go|git)$/.test(command) ? { code: null, missing: true } : undefined);
    machine.freeGigabytes = 0;
    const found = await faults();
    assert.deepEqual(
      found.map((fault) => fault.split(":")[0]?.split(" for ")[0]),
      ["Go is not installed", "git is not installed", "0.0 GB are free"],
    );
  });

  it("measures the real disk", async () => {
    const { bytes, device } = await defaultHost().freeSpace(machine.root);
    assert.ok(bytes > 0);
    assert.ok(Number.isInteger(device));
  });
});
