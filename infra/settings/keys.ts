import type { ProviderName } from "../../model/providers";
import { nearestName } from "../../model/names";
import { secretKeyIn } from "../../model/stage-secrets";
import { declarationOf, settingNames } from "./declarations";
import type { Faults } from "./faults";
import type { StackFileEntry } from "./file";
import type { Values } from "./values";

/** Reports every key that is not a setting. */
export function rejectUnknownKeys(config: Readonly<Record<string, string>>, faults: Faults): void {
  for (const key of Object.keys(config)) {
    if (settingNames.some((name) => name === key) || secretKeyIn(key) !== undefined) continue;
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

/** Whether the value of a setting must never stand in a file in plain text. */
export function isSecretSetting(name: string): boolean {
  return secretKeyIn(name) !== undefined || (settingNames.includes(name) && declarationOf(name).secret === true);
}

/**
 * Reports secrets that are not encrypted: in Pulumi.<stack>.yaml, or where else Pulumi has its settings from.
 * @param isEncrypted what Pulumi says of a setting; absent where Pulumi does not run
 */
export function rejectPlainSecrets(
  config: Readonly<Record<string, string>>,
  faults: Faults,
  isEncrypted: (name: string) => boolean = () => true,
): void {
  const entries = faults.stackFile?.entries ?? new Map<string, StackFileEntry>();
  const isPlain = (name: string) => {
    const entry = entries.get(name);
    if (entry !== undefined) return !entry.secure && entry.text !== "";
    return (config[name] ?? "") !== "" && !isEncrypted(name);
  };
  for (const name of new Set([...settingNames, ...entries.keys(), ...Object.keys(config)])) {
    if (!isSecretSetting(name) || !isPlain(name)) continue;
    faults.setting(name, "setting-secret", {
      message: `${name} is in plain text`,
      fix: `change it where it came from, then store it encrypted: pulumi config set --secret ${name}`,
    });
  }
}
