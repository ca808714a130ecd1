import type { ProviderName } from "../../model/providers";
import { nearestName } from "../../model/names";
import { declarationOf, settingNames } from "./declarations";
import type { Faults } from "./faults";
import type { Values } from "./values";

/** Reports every key that is not a setting. */
export function rejectUnknownKeys(config: Readonly<Record<string, string>>, faults: Faults): void {
  for (const key of Object.keys(config)) {
    if (settingNames.some((name) => name === key)) continue;
    const near = nearestName(key, settingNames);
    faults.setting(key, "setting-unknown", {
      message: `${key} is not a setting of a stack`,
      fix: near ? `did you mean ${near}?` : "docs/reference/settings.md lists the settings",
    });
  }
}

/**
 * Reports settings that mean nothing for the provider. A setting for the provider of cluster.yaml is allowed: it has an effect
 * again when the stack is brought up without another provider.
 */
export function rejectForeignKeys(provider: ProviderName, usual: ProviderName, values: Values, faults: Faults): void {
  for (const name of settingNames) {
    const owners = declarationOf(name).providers;
    if (!owners || owners.includes(provider) || owners.includes(usual) || !values.isSet(name)) continue;
    faults.setting(name, "setting-provider", {
      message: `${name} means nothing for the provider ${provider}, only for ${owners.join(", ")}`,
      fix: `remove it: pulumi config rm ${name}`,
    });
  }
}

/** Reports secrets that stand readable in Pulumi.<stack>.yaml. */
export function rejectPlainSecrets(faults: Faults): void {
  for (const name of settingNames) {
    const entry = faults.stackFile?.entries.get(name);
    if (!declarationOf(name).secret || !entry || entry.secure || entry.text === "") continue;
    faults.setting(name, "setting-secret", {
      message: `${name} is in plain text`,
      fix: `change it where it came from, then store it encrypted: pulumi config set --secret ${name}`,
    });
  }
}
