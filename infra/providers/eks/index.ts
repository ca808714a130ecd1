import { stageSecrets } from "../../../model/stage-secrets";
import { remoteRepository } from "../../settings/remote";
import type { Provider } from "../provider";
import { eksSettings } from "./declarations";
import { checkAws } from "./machine";
import { secretPrefix } from "./names";
import { parseEks, type EksSettings } from "./settings";
import { answersInsideOnly, oneWayOut } from "./warnings";

/** A cluster on AWS, with its network, its roles and its key. */
export const eks: Provider<EksSettings> = {
  name: "eks",
  settings: eksSettings,
  usesChart: true,
  pollSeconds: 180,
  drains: true,
  secretsElsewhere: (stage) => `AWS Secrets Manager, as keys of ${secretPrefix(stage)}${stageSecrets}`,
  parts: [],
  localResources: { EksAccess: () => require("./access") as typeof import("./access") },
  parse: parseEks,
  warnings: (settings) => [oneWayOut(settings), answersInsideOnly(settings)],
  defaultRepository: (source) => remoteRepository("eks", source),
  checkMachine: () => checkAws(),
  resources: () => require("./cluster") as typeof import("./cluster"),
  recover: (killed) => (require("./recovery") as typeof import("./recovery")).findCutOff(killed),
  kubeconfig: ({ provider }) => ({ path: provider.kubeconfigPath }),
};
