import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { ClusterPaths } from "./directory";

/** What the system allows for the path of a socket, on the stricter of our systems (macOS). */
const longest = 103;

/** `ask-pass`: where repo-server hands credentials to git. `repo-server`: where it renders manifests for Argo CD. */
export const socketNames = ["ask-pass", "repo-server"] as const;

/**
 * Sockets of the cluster that only its owner can reach. They belong into its directory. Where that path would be too long for a
 * socket, they are in the temporary directory, under names of their own.
 */
export function socketPath(paths: ClusterPaths, name: (typeof socketNames)[number]): string {
  const near = join(paths.argocd, `${name}.sock`);
  if (Buffer.byteLength(near) <= longest) return near;
  const hash = createHash("sha256").update(near).digest("hex").slice(0, 12);
  return join(process.env.XDG_RUNTIME_DIR || tmpdir(), `onebranch-${userInfo().uid}-${hash}.sock`);
}
