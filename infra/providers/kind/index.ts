import type { Provider, RepositorySource } from "../provider";
import { docker } from "./docker";
import { prepareKind } from "./files";
import { mountedCheckout } from "./mount";
import { checkKind } from "./preflight";
import { clusterType } from "./recovery";
import { kindSettings, parseKind, type KindSettings } from "./settings";

/** A cluster in Docker on this machine, whose node mounts the checkout. */
export const kind: Provider<KindSettings> = {
  name: "kind",
  settings: kindSettings,
  usesChart: true,
  pollSeconds: 5,
  drains: false,
  parts: [],
  localResources: { KindFiles: () => require("./files") as typeof import("./files") },
  parse: parseKind,
  warnings: ({ installation: { profile }, stack }) => [
    profile === "ha" ? `argocdProfile ha has no effect in ${stack}: a kind cluster has one node` : undefined,
  ],
  defaultRepository,
  checkMachine: ({ stack, root, provider }) => checkKind(stack, root, provider),
  resources: () => require("./cluster") as typeof import("./cluster"),
  kubeconfig: ({ provider }) => ({ path: provider.kubeconfigPath }),

  /** kind refuses the name of containers that it made in a killed run, and Pulumi does not know them. */
  async recover({ root, stack, pending, known }) {
    for (const { type, inputs } of pending) {
      if (type !== clusterType || typeof inputs?.name !== "string") continue;
      await prepareKind({ stack, clusterName: inputs.name }, root, docker, () => Promise.resolve([...known]));
    }
    return [];
  },
};

function defaultRepository({ git, faults }: RepositorySource): string {
  if (git.outsideGitDir !== undefined) {
    faults.sentence({
      message: `this checkout is a linked worktree: its objects lie in ${git.outsideGitDir}, outside what kind mounts`,
      fix: "use a clone of its own, or set repoURL",
    });
  }
  return `file://${mountedCheckout}`;
}
