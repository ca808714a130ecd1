import { isSecretKey, secretKeyIn } from "../../model/stage-secrets";
import type { Faults } from "./faults";

/** Secrets for the applications, by key. */
export type StageSecrets = Readonly<Record<string, string>>;

/**
 * What the stack hands to its applications through the store `stage-secrets`: the settings `secrets.<key>`.
 * @param elsewhere where the provider keeps them instead
 */
export function parseStageSecrets(
  config: Readonly<Record<string, string>>,
  faults: Faults,
  elsewhere: string | undefined,
): StageSecrets {
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    const key = secretKeyIn(name);
    if (key === undefined) continue;
    const report = (what: string, fix: string) =>
      faults.setting(name, "setting-stage-secret", { message: `${name} ${what}`, fix });
    if (!isSecretKey(key)) {
      report(`has the key "${key}"`, `a key has lowercase letters, digits and dashes only${nearKey(key)}`);
    }
    if (value === "") report("is empty", `give it a value, or remove it: pulumi config rm ${name}`);
    if (elsewhere !== undefined) {
      report(`has no effect: the secrets of this stage are in ${elsewhere}`, `put the key there, and remove it here`);
    }
    secrets[key] = value;
  }
  return secrets;
}

function nearKey(key: string): string {
  const near = key
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-");
  return isSecretKey(near) && near !== "-" ? `, such as ${near}` : "";
}
