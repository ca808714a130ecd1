import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nameOf, resourcesOf, type Deployment, type StateResource } from "../../model/deployment";
import { count } from "../terminal/table";
import type { StackRun } from "./task";

/** The part of a run that a recovery needs. */
interface RecoveringRun extends Pick<StackRun, "stack" | "workDir"> {
  home: Pick<StackRun["home"], "root">;
  pulumi: Pick<StackRun["pulumi"], "recover">;
  opened: Pick<StackRun["opened"], "exportState" | "importState" | "refresh">;
  progress: Pick<StackRun["progress"], "line">;
}

/**
 * Takes the operations that a killed run had begun out of the state, since Pulumi would warn of them for ever: every
 * resource of this program can be made or deleted again. What a provider finds of them is taken over; `adopt` also keeps half made
 * Kubernetes objects, for a destroy.
 */
export async function clearPending(run: RecoveringRun, deployment: Deployment, adopt: boolean): Promise<void> {
  const { opened, progress, workDir, pulumi, home, stack } = run;
  const pending = deployment.pending_operations ?? [];
  if (pending.length === 0) return;
  const found = await pulumi.recover({
    root: home.root,
    stack,
    pending: pending.filter(({ type }) => type === "creating").map(({ resource }) => resource),
    known: resourcesOf(deployment),
  });
  const exported = JSON.parse(await opened.exportState()) as { deployment: Deployment };
  const recovered = { ...exported, deployment: withoutPending(exported.deployment, adopt, found) };
  const file = join(workDir, "recovered.json");
  writeFileSync(file, JSON.stringify(recovered), { mode: 0o600 });
  try {
    await opened.importState(file);
  } finally {
    rmSync(file, { force: true });
  }
  if (found.length > 0) await opened.refresh(found.map(({ urn }) => urn));
  const names = pending.map(({ resource }) => nameOf(resource.urn)).join(", ");
  progress.line(`recovered ${count(pending.length, "operation")} that a killed run had begun: ${names}`);
}

/**
 * The deployment without its pending operations, which a killed run leaves behind. With `adopt`, Kubernetes objects
 * whose creation was cut off become resources: a destroy then deletes those that the cluster did get. An update needs
 * no such help, since creating them again takes them over. What was `found` becomes resources in any case, also in the
 * place of those that they were to replace.
 */
export function withoutPending(
  deployment: Deployment,
  adopt: boolean,
  found: readonly StateResource[] = [],
): Deployment {
  const { pending_operations: pending = [], ...rest } = deployment;
  const known = new Set(rest.resources?.map(({ urn }) => urn));
  const adopted = adopt
    ? pending
        .filter(({ type, resource }) => type === "creating" && !known.has(resource.urn))
        .flatMap(({ resource }) => adoptable(resource))
    : [];
  const resources = rest.resources?.flatMap((resource) => besideNew(resource, found)) ?? [];
  return { ...rest, resources: [...resources, ...adopted, ...found.filter(({ urn }) => !known.has(urn))] };
}

/**
 * An entry with the one that was found to be made in its place, in the order in which Pulumi writes them: the one that lives comes
 * first.
 */
function besideNew(old: StateResource, found: readonly StateResource[]): StateResource[] {
  const made = old.delete === true ? undefined : found.find(({ urn }) => urn === old.urn);
  if (made === undefined) return [old];
  if (old.pendingReplacement === true) return [made];
  return made.delete === true ? [old, made] : [made, { ...old, delete: true }];
}

function adoptable(resource: StateResource): StateResource[] {
  if (!resource.type.startsWith("kubernetes:")) return [];
  const inputs = resource.inputs ?? {};
  const metadata = (inputs.metadata ?? inputs) as { name?: unknown; namespace?: unknown };
  if (typeof metadata.name !== "string") return [];
  const id = typeof metadata.namespace === "string" ? `${metadata.namespace}/${metadata.name}` : metadata.name;
  return [{ ...resource, id, outputs: resource.outputs ?? inputs }];
}
