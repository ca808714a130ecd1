import type { ProviderSettings } from "../../settings/settings";

export interface EmbeddedSettings extends ProviderSettings {
  name: "embedded";
}
