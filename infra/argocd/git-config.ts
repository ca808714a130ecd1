import { kustomize, kustomizeScript } from "./kustomize";

/** The ConfigMap with what Git gets inside the repository server, and where it is mounted. */
export const gitConfig = { configMap: "onebranch-gitconfig", directory: "/etc/onebranch", key: "gitconfig" } as const;

/**
 * Argo CD lays these files over the source of an Application after the admission policy has judged it, and has no setting against
 * it. So they are gone before Argo CD looks. A hook that fails makes the checkout fail.
 */
const postCheckout = `#!/bin/sh
exec find . -path ./.git -prune -o -name '.argocd-source*.yaml' ! -type d -exec rm -f {} +
`;

/**
 * Files for Git and Kustomize inside the repository server, by name. A checkout belongs to a person, not to Argo CD's user, and Git
 * would refuse it; which repositories Argo CD may read is in its own settings. A symbolic link becomes a file with the text of its
 * target: followed, it would bring values of another place, and one that leads out of the repository would stop every Application.
 *
 * Argo CD overwrites HOME and GIT_CONFIG_COUNT, so only GIT_CONFIG_GLOBAL reaches Git.
 * @param directory where the files are
 */
export function gitFiles(directory: string): Record<string, string> {
  const settings = { safe: { directory: "*" }, core: { symlinks: "false", hooksPath: directory } };
  const sections = Object.entries(settings).map(([name, keys]) => {
    const lines = Object.entries(keys).map(([key, value]) => `\t${key} = ${JSON.stringify(value)}\n`);
    return `[${name}]\n${lines.join("")}`;
  });
  return { [gitConfig.key]: sections.join(""), "post-checkout": postCheckout, [kustomizeScript]: kustomize };
}
