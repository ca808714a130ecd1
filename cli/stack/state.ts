import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { project } from "./paths";

/** One resource in Pulumi's deployment format, as far as the tool looks at it. */
export interface StateResource {
  urn: string;
  type: string;
  custom?: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  provider?: string;
}

/** A stack's deployment, secrets still encrypted. */
export interface Deployment {
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
  secrets_providers?: { type?: string; state?: { salt?: string } };
}

/** The file of a stack in a state directory. */
export function stateFile(state: string, stack: string): string {
  return join(state, ".pulumi", "stacks", project, `${stack}.json`);
}

/** Names of the stacks in a state directory, sorted. */
export function listStacks(state: string): string[] {
  const directory = join(state, ".pulumi", "stacks", project);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/** A stack's deployment from a state directory; undefined when the stack does not exist there. */
export function readDeployment(state: string, stack: string): Deployment | undefined {
  const file = stateFile(state, stack);
  if (!existsSync(file)) return undefined;
  const content = JSON.parse(readFileSync(file, "utf8")) as { checkpoint?: { latest?: Deployment | null } };
  return content.checkpoint?.latest ?? {};
}

/** The last part of a URN: the resource's name. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The resources besides the stack itself. */
export function resourcesOf(deployment: Deployment): StateResource[] {
  return (deployment.resources ?? []).filter(({ type }) => type !== "pulumi:pulumi:Stack");
}

/** An output of the program as it stands in the state; undefined when it is absent or secret. */
export function plainOutput(deployment: Deployment, name: string): unknown {
  const stack = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const value = stack?.outputs?.[name];
  return isSecret(value) ? undefined : value;
}

/** The key under which Pulumi's state marks special values, and the mark of a secret. */
const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && (value as Record<string, unknown>)[signature] === secretMark;
}

/**
 * The deployment without its pending operations, which a killed run leaves behind. With `adopt`, Kubernetes objects
 * whose creation was cut off become resources: a destroy then deletes those that the cluster did get. An update needs
 * no such help, since creating them again takes them over.
 */
export function withoutPending(deployment: Deployment, adopt: boolean): Deployment {
  const { pending_operations: pending = [], ...rest } = deployment;
  const known = new Set(rest.resources?.map(({ urn }) => urn));
  const adopted = adopt
    ? pending
        .filter(({ type, resource }) => type === "creating" && !known.has(resource.urn))
        .flatMap(({ resource }) => adoptable(resource))
    : [];
  return { ...rest, resources: [...(rest.resources ?? []), ...adopted] };
}

function adoptable(resource: StateResource): StateResource[] {
  if (!resource.type.startsWith("kubernetes:")) return [];
  const inputs = resource.inputs ?? {};
  const metadata = (inputs.metadata ?? inputs) as { name?: unknown; namespace?: unknown };
  if (typeof metadata.name !== "string") return [];
  const id = typeof metadata.namespace === "string" ? `${metadata.namespace}/${metadata.name}` : metadata.name;
  return [{ ...resource, id, outputs: resource.outputs ?? inputs }];
}
