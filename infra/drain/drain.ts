import { cascadeFinalizers, resourcesFinalizer } from "../../model/argocd";
import { bootstrapProject, platformProject, rootSet } from "../../model/root";
import { found, mergePatch, type ClusterApi } from "../cluster/api";
import {
  applications,
  argoObjects,
  argoPath,
  controllerReady,
  describe,
  Resources,
  type Application,
  type Tracked,
} from "./objects";
import { endUsers, heldBy, heldByAnybody, inUse } from "./outside";
import type { Patience } from "./patience";

/** Seconds without progress after which a controller that looks ready counts as dead. */
const stallSeconds = 60;

/**
 * Deletes everything that Argo CD made in a cluster. The order lets each controller outlive its work: generators, what holds things
 * outside the cluster, apps, volumes, add-ons, bootstrap, projects. An Application is deleted after everything that only it
 * knows, so that the next drain can finish a killed one.
 * @param whole whether the cluster itself is to go: then also what others made goes, as far as it holds something outside
 * @throws UserError listing what is left when the patience ends
 */
export async function drain(api: ClusterApi, patience: Patience, whole = false): Promise<void> {
  const resources = new Resources(api);
  await stopGenerators(api, patience);
  const all = await applications(api);
  const outside = whole ? heldByAnybody(api) : heldBy(resources, all);
  // While the controllers that clean up after them still run.
  await deleteAll(resources, patience, await outside.entrances(), "entrances are");
  const volumes = await outside.claims();
  // A claim waits for the pods that use it, and is only found as long as its StatefulSet is there.
  for (const volume of volumes) await resources.delete(volume);

  const withController = await controllerReady(api);
  const groups = [
    all.filter(({ project }) => project !== platformProject && project !== bootstrapProject),
    // Their controllers have to outlive what the apps asked them for.
    all.filter(({ project }) => project === platformProject),
    all.filter(({ project }) => project === bootstrapProject),
  ];
  for (const [place, group] of groups.entries()) {
    await deleteApplications(api, resources, patience, group, withController);
    // Those that an add-on uses go after it.
    if (place === 0) await deleteAll(resources, patience, without(volumes, await inUse(api, volumes)), claimsAre);
  }
  await deleteProjects(api, patience);
  const late = whole ? await outside.claims() : await present(resources, volumes);
  if (whole) await endUsers(api, resources, late);
  await deleteAll(resources, patience, late, claimsAre);
}

const claimsAre = "volume claims are";

function without<T>(all: readonly T[], some: readonly T[]): T[] {
  return all.filter((one) => !some.includes(one));
}

/**
 * Deletes the ApplicationSets and keeps their Applications. The root goes first, then `bootstrap` stops syncing, then the sets that
 * it would recreate go. In the end no Application syncs or repairs anything.
 */
async function stopGenerators(api: ClusterApi, patience: Patience): Promise<void> {
  await orphan(api, patience, ({ name }) => name === rootSet);
  await pauseSync(api, (application) => application.project === bootstrapProject);
  await orphan(api, patience, () => true);
  await pauseSync(api, () => true);
}

async function orphan(api: ClusterApi, patience: Patience, which: (set: { name: string }) => boolean): Promise<void> {
  const remaining = async () => (await argoObjects(api, "applicationsets")).filter(which);
  for (const set of await remaining()) {
    await found(api.request("DELETE", argoPath("applicationsets", set), { body: { propagationPolicy: "Orphan" } }));
  }
  await patience.untilGone("ApplicationSets are", async () =>
    (await remaining()).map((set) => describe({ kind: "ApplicationSet", ...set })),
  );
}

/** Takes automated sync and the running operation away: Argo CD finalizes an Application only without an operation. */
async function pauseSync(api: ClusterApi, which: (application: Application) => boolean): Promise<void> {
  for (const application of (await applications(api)).filter(which)) {
    const body = { operation: null, spec: { syncPolicy: { automated: null } } };
    const path = argoPath("applications", application);
    await found(api.request("PATCH", path, mergePatch(body)));
  }
}

/**
 * Deletes Applications with everything they made: by Argo CD's own cascade, or by ourselves where no controller works.
 * A cascade keeps some objects, or waits until somebody confirms. A destroyed stack must leave nothing behind, so they go first.
 */
async function deleteApplications(
  api: ClusterApi,
  resources: Resources,
  patience: Patience,
  group: readonly Application[],
  withController: boolean,
): Promise<void> {
  const names = new Set(group.map((application) => argoPath("applications", application)));
  const remaining = async () =>
    (await applications(api)).filter((application) => names.has(argoPath("applications", application)));
  await deleteAll(
    resources,
    patience,
    await select(group, (tracked, { syncOptions }) => resources.outlives(tracked, syncOptions)),
    "objects are",
  );
  for (const application of await remaining()) await requestDeletion(api, application);
  const words = async () =>
    (await remaining()).map(({ namespace, name }) => describe({ kind: "Application", namespace, name }));
  if (withController && (await patience.untilGone("Applications are", words, stallSeconds))) return;

  // No controller completes the finalizers, so this deletes what the Applications track and then removes the finalizers.
  const left = await remaining();
  await deleteAll(resources, patience, await select(left, (tracked) => resources.owned(tracked)), "objects are");
  for (const application of left) {
    const body = { metadata: { finalizers: null } };
    await found(api.request("PATCH", argoPath("applications", application), mergePatch(body)));
  }
  await patience.untilGone("Applications are", words);
}

async function requestDeletion(api: ClusterApi, application: Application): Promise<void> {
  const path = argoPath("applications", application);
  if (!application.deleting && !application.finalizers.includes(resourcesFinalizer)) {
    // The background form would take precedence and return before the objects are gone.
    const others = application.finalizers.filter((finalizer) => !cascadeFinalizers.includes(finalizer));
    const body = { metadata: { finalizers: [...others, resourcesFinalizer] } };
    await found(api.request("PATCH", path, mergePatch(body)));
  }
  await found(api.request("DELETE", path));
}

async function deleteAll(
  resources: Resources,
  patience: Patience,
  objects: readonly Tracked[],
  what: string,
): Promise<void> {
  for (const object of objects) await resources.delete(object);
  await patience.untilGone(what, async () => (await present(resources, objects)).map(describe));
}

async function select(
  group: readonly Application[],
  test: (tracked: Tracked, application: Application) => Promise<boolean>,
): Promise<Tracked[]> {
  const result: Tracked[] = [];
  for (const application of group)
    for (const tracked of application.tracked) if (await test(tracked, application)) result.push(tracked);
  return result;
}

async function present(resources: Resources, objects: readonly Tracked[]): Promise<Tracked[]> {
  const result: Tracked[] = [];
  for (const object of objects) if (await resources.get(object)) result.push(object);
  return result;
}

async function deleteProjects(api: ClusterApi, patience: Patience): Promise<void> {
  for (const project of await argoObjects(api, "appprojects")) {
    await found(api.request("DELETE", argoPath("appprojects", project)));
  }
  await patience.untilGone("AppProjects are", async () =>
    (await argoObjects(api, "appprojects")).map((project) => describe({ kind: "AppProject", ...project })),
  );
}
