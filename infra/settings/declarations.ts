import { allProviders } from "../providers";
import type { SettingDeclaration, SettingDeclarations } from "./declaration";
import { chartSettings, drainSettings, generalSettings } from "./shared";

const polls = allProviders.map(({ name, pollSeconds }) => `${pollSeconds} on ${name}`);

const declarations: SettingDeclarations = {
  ...generalSettings,
  pollSeconds: {
    ...generalSettings.pollSeconds,
    description: `${generalSettings.pollSeconds.description} Default (0): ${polls.join(", ")}.`,
  },
  ...only(chartSettings, ({ usesChart }) => usesChart),
  ...only(drainSettings, ({ drains }) => drains),
  ...Object.assign(
    {},
    ...allProviders.map(({ name, settings }) => only(settings, (provider) => provider.name === name)),
  ),
};

/** Declarations of settings that mean something for some providers only. */
function only(settings: SettingDeclarations, applies: (provider: (typeof allProviders)[number]) => boolean) {
  const providers = allProviders.filter(applies).map(({ name }) => name);
  return Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, { ...setting, providers }]));
}

/** Every setting of a stack, in the order of Pulumi.yaml and of the reference page, which are made from it. */
export const settingNames: readonly string[] = Object.keys(declarations);

/** The declaration of a setting. */
export function declarationOf(name: string): SettingDeclaration {
  const declaration = declarations[name];
  if (declaration === undefined) throw new Error(`the setting ${name} is not declared`);
  return declaration;
}
