import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../../../../machine/cache.cjs";
import { isAlive, thisProcess, type ProcessRecord } from "../../../../machine/processes";
import { removeStale, type Keeping } from "../../../../machine/stale";
import { UserError } from "../../../../model/errors";
import type { ClusterPaths } from "./directory";

/** Which ports there are to claim, and where the claims lie. */
export interface BlockRange {
  /** Directory of claims, shared by all clusters of the user. */
  claims: string;
  first: number;
  last: number;
  /** Ports in a block. */
  size: number;
}

/** The user's range: below the ports that Linux (32768) and macOS (49152) give to outgoing connections. */
export function userRange(env: NodeJS.ProcessEnv = process.env): BlockRange {
  return { claims: join(cacheRoot(env), "ports"), first: 20000, last: 29999, size: 20 };
}

/** Who claimed a block. The process matters until the cluster has written its ports down. */
interface Claim extends ProcessRecord {
  directory: string;
}

interface ClaimOptions extends BlockRange {
  /** Whether no process listens on the ports of the block that begins here. */
  isFree: (first: number) => Promise<boolean>;
}

/** Claims a block for the cluster and returns its first port. Earlier claims of the same cluster are given back. */
export async function claimBlock(paths: ClusterPaths, options: ClaimOptions): Promise<number> {
  await releaseBlocks(paths, options);
  const blocks = blocksFor(paths, options);
  const claimed = new Set(await readdir(options.claims));
  const unclaimed = blocks.filter((block) => !claimed.has(String(block)));
  for (const block of unclaimed) {
    if ((await options.isFree(block)) && (await claim(block, paths, options))) return block;
  }
  // Blocks of deleted clusters are reclaimed only when no block is free, so that runs rarely compete for one.
  for (const block of blocks) {
    const stale = await staleClaim(block, options);
    if (stale === undefined || !(await options.isFree(block))) continue;
    await removeStale(pathOf(block, options), stale, asLink);
    if (await claim(block, paths, options)) return block;
  }
  throw new UserError(
    `no ${options.size} ports in a row are free for cluster ${paths.name} between ${options.first} and ${options.last}; ` +
      `destroy a cluster you no longer need (claims: ${options.claims})`,
    { exitCode: 1 },
  );
}

/** Makes sure that a block the cluster knows as its own is claimed for it; false when it is another cluster's by now. */
export async function holdBlock(block: number, paths: ClusterPaths, range: BlockRange): Promise<boolean> {
  await mkdir(range.claims, { recursive: true, mode: 0o700 });
  const held = await readClaim(block, range);
  if (held?.directory === paths.home) return true;
  const stale = await staleClaim(block, range);
  if (stale !== undefined) await removeStale(pathOf(block, range), stale, asLink);
  return claim(block, paths, range);
}

/** Gives back every block the cluster claimed. */
export async function releaseBlocks(paths: ClusterPaths, range: BlockRange): Promise<void> {
  await mkdir(range.claims, { recursive: true, mode: 0o700 });
  for (const name of await readdir(range.claims)) {
    const held = await readClaim(name, range);
    if (held?.directory === paths.home) await rm(pathOf(name, range), { force: true });
  }
}

/** All blocks. The first one differs between clusters and users, so that they seldom try the same ones. */
function blocksFor(paths: ClusterPaths, { first, last, size }: BlockRange): number[] {
  const count = Math.floor((last - first + 1) / size);
  const offset = createHash("sha256").update(paths.home).digest().readUInt32BE(0) % count;
  return Array.from({ length: count }, (_, index) => first + ((offset + index) % count) * size);
}

/** A claim is a symbolic link that points nowhere. A link is made together with its content, and only if there is none yet. */
async function claim(block: number, paths: ClusterPaths, range: BlockRange): Promise<boolean> {
  const content: Claim = { directory: paths.home, ...thisProcess() };
  try {
    await symlink(JSON.stringify(content), pathOf(block, range));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

const asLink: Keeping = {
  read: (path) => readlink(path).catch(() => undefined),
  putBack: async (aside, path) => symlink(await readlink(aside), path),
};

function pathOf(block: number | string, { claims }: BlockRange): string {
  return join(claims, String(block));
}

async function readClaim(block: number | string, range: BlockRange): Promise<Claim | undefined> {
  return parseClaim(await asLink.read(pathOf(block, range)));
}

function parseClaim(text = ""): Claim | undefined {
  try {
    return JSON.parse(text) as Claim;
  } catch {
    return undefined;
  }
}

/**
 * The text of a claim that is stale: its cluster's directory does not name it, and the process that made it has ended. Undefined
 * for any other.
 */
async function staleClaim(block: number, range: BlockRange): Promise<string | undefined> {
  const text = await asLink.read(pathOf(block, range));
  const held = parseClaim(text);
  if (held === undefined || isAlive(held)) return undefined;
  const ports = await readFile(join(held.directory, "ports.json"), "utf8").catch(() => "");
  return ports.includes(String(block)) ? undefined : text;
}
