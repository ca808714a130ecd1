import { existsSync, readFileSync } from "node:fs";
import { resourcesOf } from "../../../model/deployment";
import { commitAmong, shortCommit } from "../../stack/cluster/commits";
import type { Application } from "../../stack/cluster/reader";
import { componentStatuses, componentTable, oneLine, type ComponentStatus } from "../../stack/cluster/report";
import type { Context } from "../../command";
import { unknownName } from "../../terminal/fail";
import { homeOf, type Home } from "../../stack/paths";
import { knownStacks, readRecord, type StackRecord } from "../../stack/record";
import { readDeployment } from "../../stack/state";
import { count, formatTable } from "../../terminal/table";

/** One cluster in the JSON of `status`. */
export interface ClusterStatus {
  cluster: string;
  stage: string;
  region: string;
  provider: string;
  /** Commit of the bootstrap Application; empty when the cluster is down. */
  revision: string;
  components: ComponentStatus[];
  /** Set only when the cluster does not answer: why, and what to run. */
  message?: string;
}

/** Prints the clusters of the checkout; returns 1 when one of them is down, drifted or unhealthy. */
export async function showStatus(
  context: Context,
  { stacks, json }: { stacks: readonly string[]; json: boolean },
): Promise<number> {
  const { io } = context;
  const home = homeOf(context.root());
  const existing = knownStacks(home).filter((stack) => hasResources(home, stack));
  for (const stack of stacks) {
    const none = "there is none yet; make one with `onebranch up <stack>`";
    if (!existing.includes(stack)) throw unknownName("cluster", stack, existing, { none });
  }
  const chosen = stacks.length > 0 ? existing.filter((stack) => stacks.includes(stack)) : existing;
  const clusters = await Promise.all(chosen.map((stack) => clusterStatus(context, home, stack)));

  if (json) io.out(`${JSON.stringify(clusters, undefined, 2)}\n`);
  else if (clusters.length === 0) io.out("there is no cluster yet; make one with `onebranch up <stack>`\n");
  else io.out(toText(clusters, stacks.length > 0));
  return clusters.every(isFine) ? 0 : 1;
}

function isFine({ message, components }: ClusterStatus): boolean {
  return message === undefined && components.every((component) => component.message === "" && isGood(component));
}

function isGood({ sync, health }: ComponentStatus): boolean {
  return sync === "Synced" && health === "Healthy";
}

/** A stack that was only previewed, or in which a killed `up` had not created anything yet, is not a cluster. */
function hasResources(home: Home, stack: string): boolean {
  const deployment = readDeployment(home.state, stack);
  return deployment === undefined ? readRecord(home, stack) !== undefined : resourcesOf(deployment).length > 0;
}

async function clusterStatus(context: Context, home: Home, stack: string): Promise<ClusterStatus> {
  const record = readRecord(home, stack);
  const { stage = "", region = "", provider = "" } = record?.identity ?? {};
  const facts = { cluster: stack, stage, region, provider };
  try {
    const applications = await readApplications(context, record);
    const bootstrap = applications.find(({ madeBy }) => madeBy === "root");
    return { ...facts, revision: commitAmong(bootstrap?.revisions ?? []), components: componentStatuses(applications) };
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    const message = `down: ${why}; run \`onebranch up ${stack}\``;
    return { ...facts, revision: "", components: [], message };
  }
}

async function readApplications({ services }: Context, record: StackRecord | undefined): Promise<Application[]> {
  if (record === undefined) throw new Error("this checkout does not know how to reach it");
  const { path, context } = record.kubeconfig;
  if (!existsSync(path)) throw new Error(`its kubeconfig ${path} is missing`);
  const reader = services.cluster(readFileSync(path, "utf8"), context);
  return reader.applications();
}

function toText(clusters: readonly ClusterStatus[], detailed: boolean): string {
  const overview = formatTable(
    ["CLUSTER", "STAGE", "REGION", "PROVIDER", "SYNCED", "HEALTHY", "DRIFTED", "COMMIT"],
    clusters.map((cluster) => {
      const { components, message } = cluster;
      const facts = [cluster.cluster, cluster.stage, cluster.region, cluster.provider];
      if (message !== undefined) return [...facts, "-", "-", "-", message];
      const number = (test: (component: ComponentStatus) => boolean) => components.filter(test).length;
      const synced = `${number(({ sync }) => sync === "Synced")} of ${components.length}`;
      const healthy = `${number(({ health }) => health === "Healthy")} of ${components.length}`;
      const drifted = String(number(({ sync }) => sync === "OutOfSync"));
      return [...facts, synced, healthy, drifted, commitText(cluster)];
    }),
  );
  const tables = clusters
    .map(({ cluster, components }) => ({
      cluster,
      shown: detailed ? components : components.filter((component) => !isGood(component)),
    }))
    .filter(({ shown }) => shown.length > 0)
    .map(({ cluster, shown }) => `\n${cluster}\n${componentTable(shown)}`);
  return [overview, ...tables].join("");
}

/** The commit of a cluster, and how many components are still at another one. */
function commitText({ revision, components }: ClusterStatus): string {
  const others = components.filter((component) => component.revision !== revision).length;
  const commit = revision === "" ? "none yet" : shortCommit(revision);
  return others === 0 ? commit : `${commit} (${count(others, "component")} at another)`;
}
