import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

const digest = /^[0-9a-f]{64}$/;

/** The SHA-256 of a file in a list of its publisher; undefined when it is not named there. */
export function digestIn(checksums: string, file: string): string | undefined {
  const text = checksums.trim();
  if (digest.test(text)) return text;
  if (text.startsWith("{")) return githubDigest(text, file);
  for (const line of text.split("\n")) {
    // The star marks a file that was read as bytes.
    const [, found, name] = /^([0-9a-f]{64})\s+\*?(?:\.\/)?(\S+)\s*$/.exec(line) ?? [];
    if (name === file) return found;
  }
  return undefined;
}

/** What GitHub's API says of a release. */
function githubDigest(text: string, file: string): string | undefined {
  const { assets = [] } = JSON.parse(text) as { assets?: { name: string; digest?: string | null }[] };
  const [, found] = /^sha256:([0-9a-f]{64})$/.exec(assets.find(({ name }) => name === file)?.digest ?? "") ?? [];
  return found;
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
