import { formatMoment } from "../../../model/lifetime";
import { settingOfSecret, stageSecrets } from "../../../model/stage-secrets";
import type { ClusterReader, OldSecret, WaitingSecret } from "./reader";

/** What is wrong with the secrets of applications, one sentence each. */
export async function secretFaults(reader: ClusterReader, stack: string): Promise<string[]> {
  const { waiting, filled } = await reader.externalSecrets();
  const [missing, old] = await Promise.all([missingSentences(reader, stack, waiting), reader.oldSecrets(filled)]);
  return [...missing, ...old.map(oldSentence).sort()];
}

/** Which secrets applications wait for, one sentence each. */
export async function missingSecrets(reader: ClusterReader, stack: string): Promise<string[]> {
  return missingSentences(reader, stack, (await reader.externalSecrets()).waiting);
}

/**
 * external-secrets says in its condition only that something is missing; which key that is follows from what the object names and
 * what the stack has.
 */
async function missingSentences(reader: ClusterReader, stack: string, waiting: WaitingSecret[]): Promise<string[]> {
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

function oldSentence({ application, namespace, name, changed, pods }: OldSecret): string {
  const at = formatMoment(changed);
  return (
    `${application ?? namespace} runs with older values of Secret ${namespace}/${name}, which changed at ${at} (${pods.join(", ")}); ` +
    `start its pods again: a new secretsVersion in its values, or kubectl --namespace ${namespace} rollout restart`
  );
}
