import { pathToFileURL } from "node:url";
import type { ProviderName } from "../../model/providers";
import { httpsAddress, type GitInfo } from "../git";
import type { Faults } from "./faults";
import type { Values } from "./values";

/** What Argo CD follows. */
export interface RepositorySettings {
  url: string;
  /** Branch, tag or commit. */
  revision: string;
  username?: string;
  /** Secret. */
  password?: string;
  /** Whether it is this checkout, whose uncommitted changes a cluster does not see. */
  isCheckout: boolean;
}

/** Where kind mounts the checkout, in the node and in Argo CD's repository server. */
export const mountedCheckout = "/repo";

/** Address and revision of the repository; `undefined` when there is none that the cluster could reach. */
export function parseRepository(
  provider: ProviderName,
  values: Values,
  git: GitInfo,
  root: string,
  faults: Faults,
): RepositorySettings | undefined {
  const revision = values.text("revision") ?? git.branch;
  const url = values.text("repoURL") ?? defaultRepository(provider, git, root, faults);
  const username = values.text("repoUsername");
  const password = values.text("repoPassword");
  if (url !== undefined && !/^(https?|ssh|file):\/\/\S+$|^[^@\s/]+@[^:\s]+:\S+$/.test(url)) {
    faults.setting("repoURL", "setting-repository", {
      message: `repoURL "${url}" is no address of a Git repository`,
      fix: "give https://..., ssh://..., git@host:path or file:///...",
    });
  }
  if (url !== undefined && /^[a-z]+:\/\/[^/@\s]+:[^/@\s]+@/.test(url)) {
    faults.setting("repoURL", "setting-repository", {
      message: "repoURL carries a password",
      fix: "set repoUsername, and repoPassword with `pulumi config set --secret repoPassword`",
    });
  }
  if ((username === undefined) !== (password === undefined)) {
    faults.setting(username === undefined ? "repoPassword" : "repoUsername", "setting-repository", {
      message: `${username === undefined ? "repoPassword is set without repoUsername" : "repoUsername is set without repoPassword"}`,
      fix: "set both, or neither",
    });
  }
  if (url === undefined) return undefined;
  const isCheckout = !values.isSet("repoURL") && url.startsWith("file:");
  return { url, revision, isCheckout, ...(username && password ? { username, password } : {}) };
}

function defaultRepository(provider: ProviderName, git: GitInfo, root: string, faults: Faults): string | undefined {
  switch (provider) {
    case "embedded":
      return pathToFileURL(root).href;
    case "kind":
      if (git.outsideGitDir !== undefined) {
        faults.sentence({
          message: `this checkout is a linked worktree: its objects lie in ${git.outsideGitDir}, outside what kind mounts`,
          fix: "use a clone of its own, or set repoURL",
        });
      }
      return `file://${mountedCheckout}`;
    case "eks":
      return undefined;
    case "existing": {
      const address = git.origin === undefined ? undefined : httpsAddress(git.origin);
      if (address === undefined) {
        faults.sentence({
          message: git.origin
            ? `the remote origin (${git.origin}) is no address that a cluster of the provider ${provider} can reach`
            : `the checkout has no remote origin, and a cluster of the provider ${provider} cannot reach this directory`,
          fix: "set repoURL to the https address of the repository: pulumi config set repoURL https://...",
        });
      }
      return address;
    }
    default:
      return provider satisfies never;
  }
}

/** Seconds between two looks at the repository where nothing is set: short where the checkout itself is followed. */
export function defaultPoll(provider: ProviderName): number {
  switch (provider) {
    case "embedded":
      return 3;
    case "kind":
      return 5;
    case "existing":
    case "eks":
      return 180;
    default:
      return provider satisfies never;
  }
}
