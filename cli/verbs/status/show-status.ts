import { rootSet } from "../../../model/root";
import { endOf, isOver, lifetimeIn, type Lifetime } from "../../../model/lifetime";
import { commitAmong, shortCommit } from "../../stack/cluster/commits";
import type { Application, ClusterReader } from "../../stack/cluster/reader";
import { componentStatuses, componentTable, oneLine, type ComponentStatus } from "../../stack/cluster/report";
import { secretFaults } from "../../stack/cluster/secrets";
import { stuckIn, type Stuck } from "../../stack/cluster/stuck";
import { clustersHere, kubeconfigOf } from "../../stack/clusters";
import type { Context } from "../../command";
import { homeOf, type Home } from "../../stack/paths";
import { readRecord, type StackRecord } from "../../stack/record";
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
  /** The newest commit of the branch that it follows, where the cluster is at another one. */
  newest?: string;
  /** What stands still and does not go on by itself, one sentence each; only where there is something. */
  stuck?: string[];
  /** Set only for an ephemeral stack: the cluster whose identity it takes, and when its time runs out. */
  lifetime?: Lifetime;
  /** Set only when a policy that holds the cluster is missing or changed. */
  faults?: string[];
  /** Set only when it is not known whether the policies are as they must be: why. */
  unknown?: string;
  /**
   * Set only when applications wait for secrets, or run with older values: which key or Secret of which application, one sentence
   * each.
   */
  secrets?: string[];
  /** Set only when the cluster does not answer: why, and what to run. */
  message?: string;
}

/** Prints the clusters of the checkout; returns 1 when one of them is down, drifted or unhealthy. */
export async function showStatus(
  context: Context,
  { stacks, json, fix }: { stacks: readonly string[]; json: boolean; fix: boolean },
): Promise<number> {
  const { io } = context;
  const home = homeOf(context.root());
  const chosen = clustersHere(home, stacks);
  const clusters = await Promise.all(chosen.map((stack) => clusterStatus(context, home, stack, fix)));

  if (json) io.out(`${JSON.stringify(clusters, undefined, 2)}\n`);
  else if (clusters.length === 0) io.out("there is no cluster yet; make one with `onebranch up <stack>`\n");
  else io.out(toText(clusters, stacks.length > 0, io.date()));
  return clusters.every((cluster) => isFine(cluster, io.date())) ? 0 : 1;
}

function isFine({ message, components, newest, stuck, faults, secrets, lifetime }: ClusterStatus, now: Date): boolean {
  if (isOver(lifetime, now)) return false;
  if (newest !== undefined || stuck !== undefined || faults !== undefined || secrets !== undefined) {
    return false;
  }
  return message === undefined && components.every((component) => component.message === "" && isGood(component));
}

function isGood({ sync, health }: ComponentStatus): boolean {
  return sync === "Synced" && health === "Healthy";
}

async function clusterStatus(context: Context, home: Home, stack: string, fix: boolean): Promise<ClusterStatus> {
  const record = readRecord(home, stack);
  const deployment = readDeployment(home.state, stack);
  const lifetime = (deployment && lifetimeIn(deployment)) ?? record?.lifetime;
  const { stage = "", region = "", provider = "" } = record?.identity ?? {};
  const facts = { cluster: stack, stage, region, provider, ...(lifetime && { lifetime }) };
  try {
    const reader = readerOf(context, record);
    const [applications, sets, faults, secrets] = await Promise.all([
      reader.applications(),
      reader.applicationSets(),
      policyFaults(reader, record),
      secretFaults(reader, stack),
    ]);
    const bootstrap = applications.find(({ madeBy }) => madeBy === rootSet);
    const revision = commitAmong(bootstrap?.revisions ?? []);
    const newest = await newestCommit(context, home, record, bootstrap);
    const stuck = stuckIn(applications, sets);
    if (fix) await remedy(context, reader, stack, stuck);
    return {
      ...{ ...facts, revision, components: componentStatuses(applications) },
      ...(newest !== undefined && newest !== revision && { newest }),
      ...(faults.length > 0 && { faults }),
      ...(record?.policies === undefined && { unknown: unknownPolicies }),
      ...(secrets.length > 0 && { secrets }),
      ...(stuck.length > 0 && { stuck: stuck.map(({ why }) => why) }),
    };
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    const message = `down: ${why}; run \`onebranch up ${stack}\``;
    return { ...facts, revision: "", components: [], message };
  }
}

async function remedy({ io }: Context, reader: ClusterReader, stack: string, stuck: readonly Stuck[]): Promise<void> {
  for (const { name, remedy } of stuck) {
    if (remedy === undefined) continue;
    const done = await remedy.run(reader).then(
      () => remedy.does,
      (error: Error) => `${name} stays as it is: ${oneLine(error.message)}`,
    );
    io.err(`${stack}: ${done}\n`);
  }
}

function readerOf({ services }: Context, record: StackRecord | undefined): ClusterReader {
  const { text, context } = kubeconfigOf(record);
  return services.cluster(text, context);
}

const unknownPolicies =
  "it is not known whether the policies that hold the cluster to its identity are as they must be: the last `up` of this checkout kept no digests of them";

/** What is no longer as `up` wrote it of the policies that hold the cluster to its identity. */
async function policyFaults(reader: ClusterReader, record: StackRecord | undefined): Promise<string[]> {
  const written = record?.policies ?? [];
  if (written.length === 0) return [];
  const live = await reader.policies([...new Set(written.map(({ kind }) => kind))]);
  return written.flatMap(({ kind, name, digest }) => {
    const found = live.find((one) => one.kind === kind && one.name === name);
    if (found?.digest === digest) return [];
    return [
      `the ${kind} ${name} is ${found ? "not as `up` wrote it" : "missing"}: ${kind.startsWith("Mutating") ? "Argo CD may remove data without a confirmation" : "nothing holds Argo CD to its limits"}`,
    ];
  });
}

/**
 * The newest commit of the branch: for minutes after an error Argo CD may go on showing what it compared last. Undefined when the
 * repository does not answer.
 */
async function newestCommit(
  { services }: Context,
  home: Home,
  record: StackRecord | undefined,
  bootstrap: Application | undefined,
): Promise<string | undefined> {
  if (bootstrap?.follows === undefined) return undefined;
  const { repoURL, revision } = bootstrap.follows;
  if (record?.followsCheckout === true) return services.commitOf(home.root, revision);
  return services.remoteCommit(repoURL, revision);
}

function toText(clusters: readonly ClusterStatus[], detailed: boolean, now: Date): string {
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
    .map(({ cluster, components, stuck = [] }) => ({
      cluster,
      stuck,
      shown: detailed ? components : components.filter((component) => !isGood(component)),
    }))
    .filter(({ shown, stuck }) => shown.length + stuck.length > 0)
    .map(({ cluster, shown, stuck }) => {
      const table = shown.length > 0 ? componentTable(shown) : "";
      return `\n${cluster}\n${table}${stuck.map((why) => `stands still: ${why}\n`).join("")}`;
    });
  const faults = clusters.flatMap(({ cluster, faults = [], unknown }) =>
    [...faults, ...(unknown === undefined ? [] : [unknown])].map(
      (fault) => `\n${cluster}: ${fault}; run \`onebranch up ${cluster}\`\n`,
    ),
  );
  const missing = clusters.flatMap(({ cluster, secrets = [] }) => secrets.map((why) => `\n${cluster}: ${why}\n`));
  const lifetimes = clusters.flatMap(({ cluster, lifetime }) =>
    lifetime === undefined ? [] : [`\n${lifetimeText(cluster, lifetime, now)}\n`],
  );
  return [overview, ...lifetimes, ...faults, ...missing, ...tables].join("");
}

/** What a person should know about the time of an ephemeral stack. */
function lifetimeText(stack: string, lifetime: Lifetime, now: Date): string {
  const start = `${stack} takes the identity of ${lifetime.from}; its time ${endOf(lifetime, now) ?? "never runs out"}`;
  if (!isOver(lifetime, now)) return start;
  return `${start}: renew it with \`onebranch up ${stack} --ttl 4h\`, or run \`onebranch sweep\``;
}

/** The commit of a cluster, and how many components are still at another one. */
function commitText({ revision, components, newest }: ClusterStatus): string {
  const others = components.filter((component) => component.revision !== revision).length;
  const commit = revision === "" ? "none yet" : shortCommit(revision);
  const notes = [
    ...(newest === undefined ? [] : [`the branch is at ${shortCommit(newest)}`]),
    ...(others === 0 ? [] : [`${count(others, "component")} at another`]),
  ];
  return notes.length === 0 ? commit : `${commit} (${notes.join("; ")})`;
}
