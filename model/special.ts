import { posix } from "node:path";

/**
 * What is in a repository besides plain files: a symbolic link, another repository (a Git submodule), or a file that Argo CD lays
 * over the source of an Application.
 */
export type Special =
  | { path: string; kind: "link"; target: string }
  | { path: string; kind: "submodule" }
  | { path: string; kind: "override" };

/** Whether Argo CD lays a file over sources (reposerver/repository, mergeSourceParameters). */
export function isOverride(name: string): boolean {
  return /^\.argocd-source(-.*)?\.yaml$/.test(name);
}

/**
 * Whether a link is absolute or leads out of the repository. Argo CD looks at the target as text, whether it exists or not, and
 * renders nothing from a repository with such a link (util/app/path, CheckOutOfBoundsSymlinks).
 */
export function leavesRepository(path: string, target: string): boolean {
  const to = posix.join(posix.dirname(path), target);
  return posix.isAbsolute(target) || to === ".." || to.startsWith("../");
}
