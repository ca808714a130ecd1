import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, realpathSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  ensureToolchain,
  findToolchain,
  missingParts,
  type Part,
} from "../../../../../../infra/providers/embedded/toolchain";
import { specs } from "../../../../../../infra/providers/embedded/toolchain/parts";
import { releaseEntryOf } from "../../../../../../infra/providers/embedded/toolchain/release/entry";
import { isReleased } from "../../../../../../infra/providers/embedded/toolchain/release/manifest";
import { Machine } from "../fake";
import { plugins, Publishers } from "./publishers";

describe("toolchain: release files", () => {
  let machine: Machine;
  let publishers: Publishers;

  async function serve(os: "linux" | "darwin" = "linux"): Promise<void> {
    publishers = new Publishers({ os, arch: "amd64" });
    machine = new Machine();
    machine.platform = os;
    machine.write("digests.json", JSON.stringify(publishers.pins()));
    machine.env = { ...machine.env, ONEBRANCH_RELEASES: "auto", ONEBRANCH_RELEASE_MIRROR: await publishers.start() };
  }

  beforeEach(() => serve());
  afterEach(async () => {
    await publishers.stop();
    machine.remove();
  });
  const parts: Part[] = ["pulumi", "cluster", "argocd"];
  const ensure = (more: object = {}) => ensureToolchain({ ...machine.options(), parts, ...more });
  const said = () =>
    machine.events.map(({ part, state }) => `${part} ${state}`).filter((text) => !/fetching|running/.test(text));
  const says = (program: string) => execFileSync(program, ["--version"], { encoding: "utf8" }).trim();

  it("take the place of a build: each program is there under its name, and answers", async () => {
    const { bin, runBin, manifests } = await ensure();
    assert.deepEqual(said(), ["pulumi fetched", "cluster fetched", "argocd fetched"]);
    const own = "onebranch-redis";
    const { cluster, argocd, pulumi } = specs;
    // Kubernetes' own scheduler takes the place of ours.
    const links = [...cluster.links, ...argocd.links].filter((name) => name !== "onebranch-scheduler");
    assert.deepEqual(readdirSync(bin).sort(), [...links, "kube-scheduler", "git-verify-wrapper.sh"].sort());
    assert.deepEqual(readdirSync(runBin).sort(), pulumi.links);
    const programs = [...readdirSync(bin), ...readdirSync(runBin)].filter((name) => name !== own);
    for (const name of programs) {
      const from = name.startsWith("argocd") ? "argocd" : name;
      assert.equal(says(join(existsSync(join(bin, name)) ? bin : runBin, name)), `${from} --version`);
    }
    assert.equal(readdirSync(join(manifests, "crds")).length, 3);
    assert.equal(readdirSync(join(manifests, "config")).length, 6);
    // Nobody publishes this one.
    assert.deepEqual(machine.built(), [own]);
    assert.deepEqual(readdirSync(join(machine.cache, "downloads")), []);
  });

  it("are told from what we build", async () => {
    const { bin } = await ensure({ parts: ["argocd", "cluster"] });
    const released = (name: string) => isReleased(realpathSync(join(bin, name)));
    assert.equal(await released("etcd"), true);
    assert.equal(await released("argocd-repo-server"), true);
    assert.equal(await released("onebranch-redis"), false);
  });

  it("leave nothing of a run that was killed while it placed them", async () => {
    const entry = await releaseEntryOf("cluster", machine.host());
    assert.ok(entry);
    const unfinished = `${entry.directory}.tmp-999999`;
    mkdirSync(unfinished, { recursive: true });
    await ensure({ parts: ["cluster"] });
    assert.equal(existsSync(unfinished), false);
  });

  it("are found again without a request", async () => {
    const first = await ensure();
    publishers.requests.length = 0;
    assert.deepEqual(await findToolchain({ parts, host: machine.host() }), first);
    assert.deepEqual(await ensure(), first);
    assert.deepEqual(publishers.requests, []);
  });

  it("are fetched with one request for each, and one for what is said of them", async () => {
    await ensure();
    const gets = publishers.requests.filter((request) => request.startsWith("GET"));
    assert.deepEqual(gets, [...new Set(gets)]);
  });

  it("are looked for with one request to each server, before anything is fetched", async () => {
    await ensure({ parts: ["cluster"] });
    const heads = publishers.requests.filter((request) => request.startsWith("HEAD"));
    assert.equal(heads.length, 1);
    assert.equal(publishers.requests.indexOf(heads[0]!), 0);
  });

  for (const [what, change] of [
    ["with ONEBRANCH_RELEASES=never", { ONEBRANCH_RELEASES: "never" }],
    ["offline", { GOPROXY: "off" }],
  ] as const) {
    it(`are not looked for ${what}, and not used where they are`, async () => {
      await ensure({ parts: ["cluster"] });
      publishers.requests.length = 0;
      Object.assign(machine.env, change);
      assert.deepEqual(await missingParts(["cluster"], { host: machine.host() }), ["cluster"]);
      await ensure({ parts: ["cluster"] });
      assert.deepEqual(publishers.requests, []);
      assert.deepEqual(machine.built(), ["cluster"]);
    });
  }

  it("stand back behind what was built", async () => {
    machine.env.ONEBRANCH_RELEASES = "never";
    const built = await ensure({ parts: ["cluster"] });
    machine.env.ONEBRANCH_RELEASES = "auto";
    assert.deepEqual(await ensure({ parts: ["cluster"] }), built);
    assert.deepEqual(publishers.requests, []);
  });

  it("are built, with one sentence, where a server does not answer in time", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    machine.env.ONEBRANCH_RELEASE_MIRROR = `get.helm.sh=${address},${machine.env.ONEBRANCH_RELEASE_MIRROR}`;
    await ensure({ host: { ...machine.host(), probe: 100 } });
    silent.closeAllConnections();
    silent.close();
    assert.equal(
      machine.events[0]?.note,
      `release files are out of reach (${address} does not answer within 0.1 s), so the programs are built from their sources`,
    );
    assert.deepEqual(machine.built(), ["pulumi", "cluster", "argocd"]);
  });

  it("are built where nobody listens, or everybody is refused", async () => {
    const base = machine.env.ONEBRANCH_RELEASE_MIRROR!;
    machine.env.ONEBRANCH_RELEASE_MIRROR = "http://127.0.0.1:1";
    await ensure({ parts: ["cluster"] });
    assert.match(
      machine.events[0]?.note ?? "",
      /^release files are out of reach \(http:\/\/127\.0\.0\.1:1 cannot be reached: /,
    );
    machine.env.ONEBRANCH_RELEASE_MIRROR = base;
    assert.deepEqual(machine.built(), ["cluster"]);
  });

  it("are built one part at a time where a publisher has none", async () => {
    for (const path of publishers.bodies.keys()) if (path.endsWith("/kwok-linux-amd64")) publishers.bodies.delete(path);
    await ensure();
    assert.deepEqual(machine.built(), ["onebranch-redis", "cluster"]);
    const { note } = machine.events.find(({ state }) => state === "unreachable") ?? {};
    assert.match(note ?? "", /kwok-linux-amd64 does not exist, so cluster is built from its sources$/);
  });

  it("are built for macOS as far as nobody publishes them", async () => {
    await publishers.stop();
    machine.remove();
    await serve("darwin");
    await ensure();
    assert.deepEqual(machine.built(), ["onebranch-redis", "cluster"]);
    assert.ok(publishers.requests.some((request) => request.endsWith("/argocd-darwin-amd64")));
    assert.ok(publishers.requests.some((request) => request.endsWith("/pulumi-v3.276.0-darwin-x64.tar.gz")));
  });

  it("of Pulumi's plugins leave a downloaded one its place", async () => {
    machine.write(`home/.pulumi/plugins/resource-random-v${plugins.random}/pulumi-resource-random`, "plugin");
    const { runBin } = await ensure({ parts: ["pulumi"] });
    assert.deepEqual(readdirSync(runBin), ["pulumi", "pulumi-resource-kubernetes"]);
  });
});
