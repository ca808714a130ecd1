import type { GitInfo } from "../git";
import type { Faults } from "./faults";
import type { SharedSetting } from "./shared";
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

/**
 * Address and revision of the repository; `undefined` when there is none that the cluster could reach.
 * @param standard the address where none is set
 */
export function parseRepository(
  values: Values<SharedSetting>,
  git: GitInfo,
  faults: Faults,
  standard: () => string | undefined,
): RepositorySettings | undefined {
  const revision = values.text("revision") ?? git.branch;
  const url = values.text("repoURL") ?? standard();
  const username = values.text("repoUsername");
  const password = values.text("repoPassword");
  if (url !== undefined && !/^(https?|ssh|file):\/\/\S+$|^[^@\s/]+@[^:\s]+:\S+$/.test(url)) {
    faults.setting("repoURL", "setting-repository", {
      message: `repoURL "${url}" is not an address of a Git repository`,
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
