import { makeStack } from "../../../infra/program";
import type { Settings } from "../../../infra/settings/settings";
import { recordedKubeconfig } from "./expected";
import { record, type Recorded } from "./record";

/** What the plugins of an `up` would answer. */
function outputsOf(type: string): Record<string, unknown> {
  switch (type) {
    case "pulumi-nodejs:onebranch:EmbeddedControlPlane":
      return { kubeconfig: recordedKubeconfig, server: "https://127.0.0.1:1" };
    case "pulumi-nodejs:onebranch:EmbeddedArgoCd":
      return { url: "https://127.0.0.1:2" };
    case "kind:index/cluster:Cluster":
      return { kubeconfig: recordedKubeconfig, endpoint: "https://127.0.0.1:1" };
    case "pulumi-nodejs:onebranch:Monitoring":
      return { served: false };
    case "random:index/randomPassword:RandomPassword":
      return { result: "generated" };
    default:
      return {};
  }
}

/** Runs the program and records what it asks for. */
export function run(settings: Settings, preview: boolean): Promise<Recorded> {
  return record("dev", preview, outputsOf, () => ({ ...makeStack(settings) }));
}
