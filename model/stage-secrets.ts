/** The namespace that Pulumi fills with a stack's secrets. No AppProject may deploy there. */
export const secretsNamespace = "onebranch-secrets";

/** The name of the one Secret there, of the service account that reads it, and of the ClusterSecretStore in front of both. */
export const stageSecrets = "stage-secrets";

/** What the name of a setting begins with that holds a secret for the applications. */
const settingPrefix = "secrets.";

/** The key of the secret that a setting holds; `undefined` for any other setting. The key may be wrong. */
export function secretKeyIn(setting: string): string | undefined {
  return setting.startsWith(settingPrefix) ? setting.slice(settingPrefix.length) : undefined;
}

/** The setting that holds the secret of a key. */
export function settingOfSecret(key: string): string {
  return `${settingPrefix}${key}`;
}

/** Whether every store takes the key: Kubernetes, Secrets Manager and Parameter Store. */
export function isSecretKey(key: string): boolean {
  return /^[a-z0-9-]+$/.test(key);
}
