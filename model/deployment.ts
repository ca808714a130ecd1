/** One resource in Pulumi's deployment format, as far as we look at it. */
export interface StateResource {
  urn: string;
  type: string;
  custom?: boolean;
  id?: string;
  inputs?: Readonly<Record<string, unknown>>;
  outputs?: Readonly<Record<string, unknown>>;
  provider?: string;
  parent?: string;
  /** Whether it is only there to be deleted: another entry has its URN. */
  delete?: boolean;
  /** Whether it was deleted, so that another one is made in its place. */
  pendingReplacement?: boolean;
}

/** What Pulumi has recorded about a stack; secrets are still encrypted. */
export interface Deployment {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
  secrets_providers?: { type?: string; state?: { salt?: string } };
}

/** The deployment in the JSON of `pulumi stack export`. */
export function parseExport(exported: string): Deployment {
  return (JSON.parse(exported) as { deployment?: Deployment }).deployment ?? {};
}

const stackType = "pulumi:pulumi:Stack";

/** The resources besides the stack itself. A pending operation is not a resource. */
export function resourcesOf(deployment: Deployment): StateResource[] {
  return (deployment.resources ?? []).filter(({ type }) => type !== stackType);
}

/** The last part of a URN: the resource's name. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The outputs of the program as the state has them, without the secret ones. */
export function outputsOf(deployment: Deployment): Record<string, unknown> {
  const stack = deployment.resources?.find(({ type }) => type === stackType);
  return Object.fromEntries(Object.entries(stack?.outputs ?? {}).filter(([, value]) => !isSecret(value)));
}

/** An output of the program as the state has it; undefined when it is absent or secret. */
export function plainOutput(deployment: Deployment, name: string): unknown {
  return outputsOf(deployment)[name];
}

/** The key under which Pulumi's state marks special values, and the mark of a secret. */
const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** A value of an export in plain text, without the marks of secrets. */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return plainValue(JSON.parse((value as { plaintext: string }).plaintext));
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, plainValue(below)]));
}

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && (value as Record<string, unknown>)[signature] === secretMark;
}
