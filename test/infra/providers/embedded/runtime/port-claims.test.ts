import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClusterPaths, clusterPaths } from "../../../../../infra/providers/embedded/runtime/directory";
import {
  type BlockRange,
  claimBlock,
  holdBlock,
  releaseBlocks,
  userRange,
} from "../../../../../infra/providers/embedded/runtime/port-claims";
import { scratch } from "./scratch";

describe("port claims", () => {
  const directory = scratch();
  let range: BlockRange;
  const free = async () => true;
  const cluster = (name: string): ClusterPaths => clusterPaths(name, directory.path);
  const claim = (paths: ClusterPaths, isFree: (first: number) => Promise<boolean> = free) =>
    claimBlock(paths, { ...range, isFree });
  /** What a start does after its claim. */
  function write(paths: ClusterPaths, block: number): void {
    mkdirSync(paths.home, { recursive: true });
    writeFileSync(paths.ports, JSON.stringify({ "kube-apiserver": block }));
  }
  /** The claim of a start that was killed, or of a cluster whose directory is gone. */
  function deadClaim(paths: ClusterPaths, block: number): void {
    mkdirSync(range.claims, { recursive: true });
    symlinkSync(JSON.stringify({ directory: paths.home, pid: 1, start: "never" }), join(range.claims, String(block)));
  }

  beforeEach(() => {
    range = { claims: join(directory.path, "claims"), first: 20000, last: 20059, size: 20 };
  });

  it("gives every cluster a block of its own", async () => {
    const names = ["dev", "staging", "prod"];
    const blocks = await Promise.all(names.map((name) => claim(cluster(name))));
    assert.deepEqual([...blocks].sort(), [20000, 20020, 20040]);
  });

  it("gives ten processes at once ten different blocks", function () {
    range.last = 20000 + 12 * 20 - 1;
    const script = `
      const { clusterPaths } = require("./infra/providers/embedded/runtime/directory");
      const { claimBlock } = require("./infra/providers/embedded/runtime/port-claims");
      const range = ${JSON.stringify(range)};
      const names = process.argv.slice(1);
      Promise.all(names.map((name) => claimBlock(clusterPaths(name, ${JSON.stringify(directory.path)}), { ...range, isFree: async () => true })))
        .then((blocks) => console.log(blocks.join("\\n")));`;
    const start = (name: string) => `${process.execPath} --require tsx/cjs --eval '${script}' ${name}1 ${name}2`;
    const all = ["a", "b", "c", "d", "e"].map(start).join(" & ");
    const out = execFileSync("sh", ["-c", `${all} & wait`], { encoding: "utf8" });
    const blocks = out.trim().split("\n");
    assert.equal(blocks.length, 10);
    assert.equal(new Set(blocks).size, 10);
  });

  it("passes over blocks in which somebody listens, without claiming them", async () => {
    const block = await claim(cluster("dev"), async (first) => first === 20040);
    assert.equal(block, 20040);
    assert.deepEqual(readdirSync(range.claims), ["20040"]);
  });

  it("gives a killed start's block back to its cluster", async () => {
    deadClaim(cluster("dev"), 20020);
    const block = await claim(cluster("dev"));
    assert.deepEqual(readdirSync(range.claims), [String(block)]);
  });

  it("takes the blocks of clusters that are gone once there are no others", async () => {
    for (const [index, name] of ["dev", "staging", "prod"].entries()) deadClaim(cluster(name), 20000 + index * 20);
    write(cluster("dev"), 20000);
    write(cluster("staging"), 20020);
    assert.equal(await claim(cluster("new")), 20040);
  });

  it("does not take the block of a start that is on its way", async () => {
    range.last = 20019;
    await claim(cluster("dev"));
    await assert.rejects(claim(cluster("staging")), {
      name: "UserError",
      message:
        "no 20 ports in a row are free for cluster staging between 20000 and 20019; " +
        `destroy a cluster you no longer need (claims: ${range.claims})`,
    });
  });

  it("keeps the block a cluster has", async () => {
    const block = await claim(cluster("dev"));
    write(cluster("dev"), block);
    assert.equal(await holdBlock(block, cluster("dev"), range), true);
  });

  it("claims the block of a cluster again when the claims are lost", async () => {
    write(cluster("dev"), 20020);
    assert.equal(await holdBlock(20020, cluster("dev"), range), true);
    assert.deepEqual(readdirSync(range.claims), ["20020"]);
  });

  it("lets a moved cluster keep its block, and a copied one not", async () => {
    const original = cluster("dev");
    deadClaim(original, 20000);
    write(original, 20000);
    assert.equal(await holdBlock(20000, cluster("copy"), range), false);
    rmSync(original.home, { recursive: true });
    assert.equal(await holdBlock(20000, cluster("moved"), range), true);
  });

  it("releases a cluster's blocks and no others, also twice", async () => {
    await claim(cluster("dev"));
    const other = await claim(cluster("staging"));
    await releaseBlocks(cluster("dev"), range);
    await releaseBlocks(cluster("dev"), range);
    assert.deepEqual(readdirSync(range.claims), [String(other)]);
  });

  it("keeps the user's claims beside the toolchain", () => {
    const { claims, first, last } = userRange({ ONEBRANCH_CACHE: "/cache" });
    assert.deepEqual([claims, first, last], [join("/cache", "ports"), 20000, 29999]);
  });
});
