import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Provider } from "../provider";
import { clusterPaths } from "./runtime/directory";
import type { EmbeddedSettings } from "./settings";
import { otherVersion, withoutEffect } from "./warnings";

/** A cluster of local processes; Argo CD's are among them. */
export const embedded: Provider<EmbeddedSettings> = {
  name: "embedded",
  settings: {},
  usesChart: false,
  pollSeconds: 3,
  drains: false,
  parts: ["cluster", "argocd"],
  localResources: {
    EmbeddedControlPlane: () => require("./resources/control-plane") as typeof import("./resources/control-plane"),
    EmbeddedArgoCd: () => require("./resources/argocd") as typeof import("./resources/argocd"),
  },
  parse: () => ({ name: "embedded" }),
  warnings: (settings) => [otherVersion(settings), withoutEffect(settings)],
  defaultRepository: ({ root }) => pathToFileURL(root).href,
  resources: () => require("./cluster") as typeof import("./cluster"),
  kubeconfig: ({ stack, root }) => ({ path: clusterPaths(stack, root).kubeconfig }),

  async removeLeftovers(root, stack) {
    if (!existsSync(clusterPaths(stack, root).home)) return;
    const { removeCluster } = require("./runtime") as typeof import("./runtime");
    await removeCluster(root, stack);
  },
};
