import { settingOfSecret, stageSecrets } from "../../../model/stage-secrets";
import type { ClusterReader, WaitingSecret } from "./reader";

/**
 * Which secrets applications wait for, one sentence each. external-secrets says in its condition only that something is missing; which
 * key that is follows from what the object names and what the stack has.
 */
export async function missingSecrets(reader: ClusterReader, stack: string): Promise<string[]> {
  const waiting = await reader.waitingSecrets();
  if (waiting.length === 0) return [];
  const held = await reader.stageSecretKeys();
  return waiting.flatMap((secret) => sentences(secret, held, stack)).sort();
}

function sentences(secret: WaitingSecret, held: readonly string[] | undefined, stack: string): string[] {
  const { application, namespace, name, message, wanted } = secret;
  const who = application ?? `${namespace}/${name}`;
  const missing = wanted.filter(({ store, property }) => held && store === stageSecrets && !held.includes(property));
  if (missing.length === 0) {
    const keys = wanted.map(({ store, property }) => (property === "" ? store : `${property} of ${store}`));
    return [`${who} gets no secrets from ExternalSecret ${namespace}/${name} (${keys.join(", ")}): ${message}`];
  }
  return [...new Set(missing.map(({ property }) => property))].map((key) => {
    const fix =
      key === ""
        ? `name a key in remoteRef.property`
        : `set it: onebranch up ${stack} --config-file ${settingOfSecret(key)}=FILE`;
    return `${who} wants the key "${key}" of ${stageSecrets}, which ${stack} does not have; ${fix}`;
  });
}
