import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { ClusterPaths } from "./directory";

/** What the system allows for the path of a socket, on the stricter of our systems (macOS). */
const longest = 103;

/**
 * Where repo-server hands credentials to git. It belongs into the cluster's directory; a checkout that lies too deep for the
 * path of a socket gets a name of its own in the temporary directory.
 */
export function askPassSocket(paths: ClusterPaths): string {
  const near = join(paths.argocd, "ask-pass.sock");
  if (Buffer.byteLength(near) <= longest) return near;
  const hash = createHash("sha256").update(near).digest("hex").slice(0, 12);
  return join(process.env.XDG_RUNTIME_DIR || tmpdir(), `onebranch-${userInfo().uid}-${hash}.sock`);
}
