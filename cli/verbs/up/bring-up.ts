import { endOf } from "../../../model/lifetime";
import { rootSet } from "../../../model/root";
import { reasonsOf, componentStatuses, componentTable } from "../../stack/cluster/report";
import { missingSecrets } from "../../stack/cluster/secrets";
import { faultsOf } from "../../stack/cluster/assess";
import { commitAmong, shortCommit } from "../../stack/cluster/commits";
import { waitUntilHealthy, type WaitResult } from "../../stack/cluster/wait";
import { describeChanges, type ResourceChanges } from "../../stack/events";
import { guarded, prepareProgram, type LookRequest, type ProgramRun } from "../../stack/run";
import type { StackTask } from "../../stack/task";
import { count, formatDuration } from "../../terminal/table";
import { accessOf, accessText, type Access } from "../../stack/access";

/** What `up` was asked to do. */
export interface BringUpRequest {
  given: Readonly<Record<string, string>>;
  /** How long to wait for Argo CD, in milliseconds. */
  timeout: number;
  wait: boolean;
  look: LookRequest;
  json: boolean;
}

/** Runs the program on a stack, waits for Argo CD and prints what there is now; returns the exit code. */
export async function bringUp(task: StackTask, request: BringUpRequest): Promise<number> {
  const { io, stack, progress, stop } = task;
  const began = io.now();
  const run = await prepareProgram(task, request.given, request.look);
  const outputs = await guarded(run, () => run.opened.up(run.watch));
  progress.stop();
  io.err(`${stack}: ${describeChanges(run.log.changes)}\n`);
  stop.signal.throwIfAborted();

  const result = request.wait ? await waitFor(run, request.timeout, outputs.kubeconfig) : undefined;
  progress.stop();
  const access = accessOf(run, outputs, io.env);
  if (request.json) io.out(`${JSON.stringify(toJson(run, result, access), undefined, 2)}\n`);
  else io.out(toText(run, result, access, io.now() - began));
  if (result !== undefined && !result.healthy) {
    io.err(explain(stack, result, request.timeout, await secretsOf(run, outputs.kubeconfig)));
    return 1;
  }
  await complete(run);
  return 0;
}

/** Who sees the cluster will want to plan a change next. What goes wrong here, that verb says again. */
async function complete({ complete, stack, io, progress, stop }: ProgramRun): Promise<void> {
  if (complete === undefined) return;
  try {
    await complete();
  } catch (error) {
    stop.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    io.err(`warning: ${stack} is up, but what check and plan need could not be built: ${why}\n`);
  } finally {
    progress.stop();
  }
}

/** The secrets that applications wait for; what the cluster does not say any more, the wait itself has said. */
async function secretsOf({ services, stack }: ProgramRun, kubeconfig: unknown): Promise<string[]> {
  return missingSecrets(services.cluster(String(kubeconfig)), stack).catch(() => []);
}

async function waitFor(run: ProgramRun, timeout: number, kubeconfig: unknown): Promise<WaitResult> {
  const { io, services, home, settings, progress, stop } = run;
  if (typeof kubeconfig !== "string") throw new Error("the program has no output kubeconfig");
  const reader = services.cluster(kubeconfig);
  const commit = () =>
    settings.followsCheckout ? services.commitOf(home.root, settings.revision) : Promise.resolve(undefined);
  return waitUntilHealthy({ io, progress, reader, commit, timeout, signal: stop.signal });
}

function toJson(run: ProgramRun, result: WaitResult | undefined, access: Access): Record<string, unknown> {
  const { identity, provider, lifetime } = run.settings;
  const { name, stage, region } = identity;
  const components = componentStatuses(result?.applications ?? []);
  return {
    ...{ cluster: name, stage, region, provider, revision: bootstrapCommit(result) },
    changes: run.log.changes satisfies ResourceChanges,
    ...(lifetime && { lifetime }),
    ...(result !== undefined && { healthy: result.healthy }),
    components,
    ...access,
  };
}

function toText(run: ProgramRun, result: WaitResult | undefined, access: Access, took: number): string {
  const lines: string[] = [];
  if (result !== undefined) {
    lines.push(componentTable(componentStatuses(result.applications)));
    if (result.healthy) {
      const what = count(result.applications.length, "application");
      const commit = shortCommit(bootstrapCommit(result));
      lines.push(`${run.stack} is up: ${what} Synced and Healthy at ${commit} after ${formatDuration(took)}\n`);
    }
  }
  const end = endOf(run.settings.lifetime, run.io.date());
  if (end !== undefined) lines.push(`${run.stack}: its time ${end}\n`);
  lines.push(accessText(access), "\nall clusters on one page: `onebranch ui`\n");
  return lines.join("");
}

function bootstrapCommit(result: WaitResult | undefined): string {
  const root = result?.applications.find(({ madeBy }) => madeBy === rootSet);
  return commitAmong(root?.revisions ?? []);
}

/** Why a cluster did not become healthy, one paragraph per Application. */
function explain(
  stack: string,
  { applications, missing }: WaitResult,
  timeout: number,
  secrets: readonly string[],
): string {
  const troubled = applications.filter((application) => faultsOf(application, undefined).length > 0);
  const paragraphs = troubled.map((application) =>
    [
      `${application.name}: ${faultsOf(application, undefined).join(", ")}`,
      ...reasonsOf(application).map((reason) => `  ${reason}`),
    ].join("\n"),
  );
  const rest = paragraphs.length > 0 ? paragraphs : missing.map((what) => `still waiting for ${what}`);
  return [
    `${stack} did not become healthy within ${formatDuration(timeout)}:`,
    ...rest,
    ...secrets,
    `look again with \`onebranch status ${stack}\`; with --fix it starts again what stands still`,
    "",
  ].join("\n");
}
