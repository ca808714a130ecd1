import { createHash } from "node:crypto";
import { git, GitError } from "../../machine/git";
import type { ParsedYaml } from "../../model/document";
import { UserError } from "../../model/errors";
import type { Repository } from "./git";

export interface TreeEntry {
  path: string;
  /** As Git writes it: 100644, 100755, 120000 for a link, 160000 for a submodule. */
  mode: string;
  oid: string;
}

export const link = "120000";
export const submodule = "160000";

/** File contents by object id, and what was parsed of them, shared by all trees of a run. */
export class BlobStore {
  readonly documents = new Map<string, ParsedYaml>();
  private readonly contents = new Map<string, Buffer>();

  has(oid: string): boolean {
    return this.contents.has(oid);
  }

  get(oid: string): Buffer | undefined {
    return this.contents.get(oid);
  }

  put(oid: string, content: Buffer): void {
    this.contents.set(oid, content);
  }
}

export interface Hashed {
  entry: TreeEntry;
  content: Buffer;
}

export function algorithmOf([first]: readonly TreeEntry[]): string {
  return first?.oid.length === 64 ? "sha256" : "sha1";
}

export function hashed(path: string, mode: string, content: Buffer, algorithm: string): Hashed {
  return { entry: { path, mode, oid: objectId(content, algorithm) }, content };
}

/** The object id that Git gives to a content. */
export function objectId(content: Buffer, algorithm = "sha1"): string {
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest("hex");
}

/** Reads many objects with one process. */
export async function readObjects(
  repository: Repository,
  oids: string[],
  blobs: BlobStore,
  entries: TreeEntry[],
): Promise<void> {
  const asked = `${oids.join("\n")}\n`;
  const out = await git(repository.root, ["cat-file", "--batch"], asked).catch((error: unknown) => {
    // A clone without blobs asks its remote for them.
    const why =
      error instanceof GitError ? /^fatal: could not fetch (\w+) from promisor remote$/m.exec(error.reason) : null;
    if (!why) throw error;
    const path = entries.find(({ oid }) => oid === why[1])?.path ?? why[1];
    throw new UserError(
      `the content of ${path} is not in this clone, which was cloned without blobs, and its remote does not answer: try again when it does, or clone without --filter; a program that the settings of the clone name for it (core.sshCommand, credential.helper) is not used, set it with git config --global`,
      { cause: error },
    );
  });
  let at = 0;
  for (const oid of oids) {
    const end = out.indexOf(10, at);
    const [, type, size] = out.toString("latin1", at, end).split(" ");
    if (type !== "blob") {
      const path = entries.find((entry) => entry.oid === oid)?.path ?? oid;
      throw new UserError(
        `the content of ${path} is not in this clone (a partial clone, or a damaged one): run git fetch, or clone again without --filter`,
      );
    }
    const length = Number(size);
    blobs.put(oid, out.subarray(end + 1, end + 1 + length));
    at = end + 1 + length + 1;
  }
}
