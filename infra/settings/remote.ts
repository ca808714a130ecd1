import { httpsAddress, type GitInfo } from "../git";
import type { Faults } from "./faults";

/** The remote of the checkout, for a cluster that cannot read this disk; `undefined` when there is none and that was reported. */
export function remoteRepository(
  provider: string,
  { git, faults }: { git: GitInfo; faults: Faults },
): string | undefined {
  const address = git.origin === undefined ? undefined : httpsAddress(git.origin);
  if (address === undefined) {
    faults.sentence({
      message: git.origin
        ? `the remote origin (${git.origin}) is not an address that a cluster of the provider ${provider} can reach`
        : `the checkout has no remote origin, and a cluster of the provider ${provider} cannot reach this directory`,
      fix: "set repoURL to the https address of the repository: pulumi config set repoURL https://...",
    });
  }
  return address;
}
