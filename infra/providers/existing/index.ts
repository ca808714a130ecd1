import { remoteRepository } from "../../settings/remote";
import type { Provider } from "../provider";
import { checkExisting } from "./machine";
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
  defaultRepository: (source) => remoteRepository("existing", source),
  checkMachine: ({ stack, provider }) => checkExisting(stack, provider),
  resources: () => require("./cluster") as typeof import("./cluster"),
  kubeconfig: ({ provider: { path, context } }) => ({ path, context }),
};
