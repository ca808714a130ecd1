import { httpsAddress } from "../../git";
import type { Provider, RepositorySource } from "../provider";
import { existingSettings, parseExisting, type ExistingSettings } from "./settings";

/** A cluster that already exists and that a kubeconfig reaches. It stays when the stack is destroyed. */
export const existing: Provider<ExistingSettings> = {
  name: "existing",
  settings: existingSettings,
  usesChart: true,
  pollSeconds: 180,
  drains: true,
  parts: [],
  localResources: {},
  parse: parseExisting,
  defaultRepository,
  resources: () => require("./cluster") as typeof import("./cluster"),
  kubeconfig: ({ provider: { path, context } }) => ({ path, context }),
};

/** The remote of the checkout: the cluster cannot read this disk. */
function defaultRepository({ git, faults }: RepositorySource): string | undefined {
  const address = git.origin === undefined ? undefined : httpsAddress(git.origin);
  if (address === undefined) {
    faults.sentence({
      message: git.origin
        ? `the remote origin (${git.origin}) is not an address that a cluster of the provider existing can reach`
        : "the checkout has no remote origin, and a cluster of the provider existing cannot reach this directory",
      fix: "set repoURL to the https address of the repository: pulumi config set repoURL https://...",
    });
  }
  return address;
}
