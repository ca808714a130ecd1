import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf, resourcesOf, type Deployment, type StateResource } from "../../model/deployment";
import { count } from "../terminal/table";
import type { StackRun } from "./task";

/** The part of a run that an adoption needs. */
export interface AdoptingRun extends Pick<StackRun, "stack" | "workDir" | "watch"> {
  home: Pick<StackRun["home"], "root">;
  pulumi: Pick<StackRun["pulumi"], "recover">;
  opened: Pick<StackRun["opened"], "exportState" | "importState" | "refresh" | "preview">;
  progress: Pick<StackRun["progress"], "line">;
}

/** In an event and in the state, what is not known before something else is made. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A provider of Pulumi that finds things: not one of objects in a cluster, nor one that Pulumi makes by itself. */
function finds({ type, urn }: StateResource): boolean {
  return type.startsWith("pulumi:providers:") && !type.endsWith(":kubernetes") && !/^default(_|$)/.test(nameOf(urn));
}

/**
 * Takes what there is of a stack into a state that does not know it, because the one that did is lost: as the recovery of a killed
 * run, for everything that the program would make. What is found lets more be named, so it goes on until nothing is found. Objects
 * in a cluster are not among it: an update takes them over.
 */
export async function adoptLost(run: AdoptingRun): Promise<void> {
  const { opened, pulumi, home, stack, progress } = run;
  const adopted: string[] = [];
  for (;;) {
    const planned = await plannedResources(run);
    const providers = planned.filter(finds);
    if (providers.length > 0) {
      // A provider is nothing but its settings, and everything else is read by it. What is above it is the stack.
      const above = planned.filter(({ type }) => type === "pulumi:pulumi:Stack");
      await addResources(run, [
        ...above.map(({ urn, type }) => ({ urn, type, custom: false })),
        ...providers.map((one) => ({ ...one, id: randomUUID(), outputs: one.inputs ?? {} })),
      ]);
      continue;
    }
    const deployment = (JSON.parse(await opened.exportState()) as { deployment: Deployment }).deployment;
    const known = resourcesOf(deployment);
    const found = (await pulumi.recover({ root: home.root, stack, pending: planned, known }))
      .filter(({ id = unknownValue }) => !id.includes(unknownValue))
      .map((resource) => withProvider(resource, known));
    if (found.length === 0) break;
    await addResources(run, found);
    await opened.refresh(found.map(({ urn }) => urn));
    const now = new Set(
      resourcesOf((JSON.parse(await opened.exportState()) as { deployment: Deployment }).deployment).map(
        ({ urn }) => urn,
      ),
    );
    const there = found.filter(({ urn }) => now.has(urn)).map(({ urn }) => nameOf(urn));
    // What is named but not there would be found again for ever.
    if (there.length === 0) break;
    adopted.push(...there);
  }
  if (adopted.length > 0) progress.line(`took over ${count(adopted.length, "resource")}: ${adopted.join(", ")}`);
}

/** What the program would make now. */
async function plannedResources({ opened, watch }: AdoptingRun): Promise<StateResource[]> {
  const planned: StateResource[] = [];
  const onEvent = (event: EngineEvent) => {
    const { metadata } = event.resourcePreEvent ?? {};
    if (metadata?.op !== "create" || metadata.new === undefined) return;
    const { type, urn, new: made } = metadata;
    const { inputs, parent } = made;
    planned.push({ urn, type, custom: true, inputs, parent, provider: metadata.provider });
  };
  await opened.preview({ ...watch, onEvent });
  return planned;
}

/** A preview does not know the id of a provider that is still to be made; the state does. */
function withProvider(resource: StateResource, known: readonly StateResource[]): StateResource {
  const urn = resource.provider?.slice(0, resource.provider.lastIndexOf("::"));
  const provider = known.find((one) => one.urn === urn);
  return provider === undefined ? resource : { ...resource, provider: `${provider.urn}::${provider.id}` };
}

async function addResources({ opened, workDir }: AdoptingRun, found: readonly StateResource[]): Promise<void> {
  const exported = JSON.parse(await opened.exportState()) as { deployment: Deployment };
  const resources = [...(exported.deployment.resources ?? []), ...found];
  const file = join(workDir, "adopted.json");
  writeFileSync(file, JSON.stringify({ ...exported, deployment: { ...exported.deployment, resources } }), {
    mode: 0o600,
  });
  try {
    await opened.importState(file);
  } finally {
    rmSync(file, { force: true });
  }
}
