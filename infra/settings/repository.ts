import { hiddenValue } from "../../model/hidden-value";
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
  /** Private key for SSH. Secret. */
  sshKey?: string;
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
  const sshKey = parseSshKey(url, values, faults);
  const isCheckout = !values.isSet("repoURL") && url.startsWith("file:");
  return {
    url,
    revision,
    isCheckout,
    ...(username && password ? { username, password } : {}),
    ...(sshKey !== undefined && { sshKey }),
  };
}

/** The key is never repeated. */
function parseSshKey(url: string, values: Values<SharedSetting>, faults: Faults): string | undefined {
  const key = values.text("repoSshKey");
  if (key === undefined) return undefined;
  const report = (message: string, fix: string) =>
    faults.setting("repoSshKey", "setting-repository", { message: `repoSshKey ${message}`, fix });
  if (!/^ssh:|^[^@\s/]+@[^:\s]+:/.test(url)) {
    report(`is set, and "${url}" is not read over SSH`, "set repoURL to ssh://... or git@host:path, or remove the key");
  }
  if (values.isSet("repoPassword")) report("is set beside repoPassword", "keep one of both");
  if (
    key !== hiddenValue &&
    !/^-----BEGIN ([A-Z]+ )*PRIVATE KEY-----\n[^]+\n-----END ([A-Z]+ )*PRIVATE KEY-----$/.test(key)
  ) {
    report(
      "is not a private key",
      "give the whole file, from BEGIN to END: pulumi config set --secret repoSshKey < deploy-key",
    );
  }
  // Without the line end OpenSSH does not read it.
  return `${key}\n`;
}
