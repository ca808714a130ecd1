import type { ProviderSettings } from "../../settings/settings";

export interface EmbeddedSettings extends ProviderSettings {
  name: "embedded";
  /** Minor version, as in cluster.yaml. */
  kubernetesVersion: string;
}
