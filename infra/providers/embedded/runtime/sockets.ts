import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { ClusterPaths } from "./directory";

/** What the system allows for the path of a socket, on the stricter of our systems (macOS). */
const longest = 103;

/**
 * The socket on which repo-server hands credentials to git; only its owner can reach it. It belongs into the cluster's directory.
 * Where that path would be too long for a socket, it is in the temporary directory, under a name of its own.
 */
export function askPassSocket(paths: ClusterPaths): string {
  const near = join(paths.argocd, "ask-pass.sock");
  if (Buffer.byteLength(near) <= longest) return near;
  const hash = createHash("sha256").update(near).digest("hex").slice(0, 12);
  return join(process.env.XDG_RUNTIME_DIR || tmpdir(), `onebranch-${userInfo().uid}-${hash}.sock`);
}
