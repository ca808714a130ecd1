import { reportClusterKey } from "../../settings/cluster-file";
import type { Provider, ProviderSource } from "../provider";

/** The name eks is reserved. Until the provider can make clusters, a stack that asks for it is refused with a sentence. */
export const eks: Provider<never> = {
  name: "eks",
  settings: {},
  usesChart: true,
  pollSeconds: 180,
  drains: true,
  parts: [],
  localResources: {},
  parse: refuse,
  defaultRepository: () => undefined,
  resources: unreachable,
  kubeconfig: unreachable,
};

function refuse(source: ProviderSource): undefined {
  const fault = {
    message: "the provider eks is not available yet",
    fix: `bring the cluster up on this machine: onebranch up ${source.stack} --provider embedded`,
  };
  if (source.values.isSet("provider")) source.faults.setting("provider", "setting-provider", fault);
  else reportClusterKey(source, "provider", "setting-provider", fault);
}

function unreachable(): never {
  throw new Error("the settings refuse eks");
}
