import type { Finding } from "./findings";
import { posix } from "node:path";

/**
 * What is in a repository besides plain files: a symbolic link, another repository (a Git submodule), or a file that Argo CD would
 * lay over the source of an Application, were it not removed from its checkouts.
 */
export type Special =
  | { path: string; kind: "link"; target: string }
  | { path: string; kind: "submodule" }
  | { path: string; kind: "override" };

/** Whether Argo CD lays a file over sources (reposerver/repository, mergeSourceParameters). */
export function isOverride(name: string): boolean {
  return /^\.argocd-source(-.*)?\.yaml$/.test(name);
}

/** What is wrong with a link in the tree. */
export function linkInTree(path: string, target: string): Finding {
  const message = `this is a symbolic link, which Argo CD gets as a file with the text ${target}`;
  return { rule: "link-in-tree", severity: "error", file: path, line: 1, message, fix: "put the file itself there" };
}

/**
 * Whether a link is absolute or leads out of the repository. Argo CD without our Git settings looks at the target as text, whether
 * it exists or not, and renders nothing from a repository with such a link (util/app/path, CheckOutOfBoundsSymlinks).
 */
export function leavesRepository(path: string, target: string): boolean {
  const to = posix.join(posix.dirname(path), target);
  return posix.isAbsolute(target) || to === ".." || to.startsWith("../");
}
