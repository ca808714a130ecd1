import { providerNames, type ProviderName } from "../../model/providers";
import type { Settings } from "../settings/settings";
import type { Provider } from "./provider";
import * as registry from "./registry";

const rooms: Readonly<Record<ProviderName, Provider>> = registry;

/** Every provider, in the order of model/providers.ts. */
export const allProviders: readonly Provider[] = providerNames.map((name) => rooms[name]);

export function providerNamed(name: ProviderName): Provider {
  return rooms[name];
}

/** The provider of a stack. */
export function providerOf({ provider }: Settings): Provider {
  return rooms[provider.name];
}
