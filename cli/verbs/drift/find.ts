import type { Context, Input } from "../../command";
import { lifetimeIn } from "../../../model/lifetime";
import { parseExport } from "../../../model/deployment";
import { failure } from "../../terminal/fail";
import { locate } from "../../stack/locate";
import { reachOf } from "../../stack/reach";
import { guarded, openRun, type RunTarget } from "../../stack/run";
import type { Application } from "../../stack/cluster/reader";
import type { StackTask } from "../../stack/task";
import { collectSettings } from "../../stack/work-dir";
import { withTree } from "../../tree/open";
import { compareObjects, type Comparison, type Drift, type NotCompared } from "./compare";
import { appliedObjects, driftIn } from "./stack";
import { treeObjects } from "./tree";

/** What Argo CD put back by itself. Which field it was, it does not record. */
export interface Healed {
  component: string;
  at: string;
  resources: readonly { kind: string; name: string }[];
}

/** What is not as it was written, as the JSON of `drift` has it. */
export interface Findings {
  stack: string;
  drift: Drift[];
  healed: Healed[];
  notCompared: NotCompared[];
}

/** Compares a cluster with the stack's state and with the commit that it follows. Nothing is changed. */
export async function findDrift(context: Context, input: Input, task: StackTask): Promise<Findings> {
  const { stack, services, progress } = task;
  const located = await locate(task);
  if (located === undefined) throw failure(`${stack} is not up; make it with \`onebranch up ${stack}\``);
  const { kubeconfig, context: name } = await reachOf(task);
  const reader = services.objects(kubeconfig, name);

  progress.waiting("Pulumi's view of the stack");
  const { exported, outside } = await pulumiSide(task, located);
  progress.waiting("what Pulumi wrote into the cluster");
  const inside = await compareObjects(reader, appliedObjects(exported));

  progress.waiting("what Argo CD synced");
  const applications = await services.cluster(kubeconfig, name).applications();
  const identity = lifetimeIn(parseExport(exported))?.from ?? stack;
  const wanted = await withTree(context, input, ({ renderer }) => treeObjects(renderer, identity, applications));
  const synced = await compareObjects(reader, wanted.objects);
  progress.stop();
  const all = [outside, inside, synced];
  return {
    stack,
    drift: sorted(all.flatMap(({ drifts }) => drifts)),
    healed: healedIn(applications),
    notCompared: [...all.flatMap(({ notCompared }) => notCompared), ...wanted.notCompared],
  };
}

/** The state of the stack in plain text, and what a refresh finds outside the cluster. */
async function pulumiSide(
  task: StackTask,
  located: Pick<RunTarget, "provider" | "backend">,
): Promise<{ exported: string; outside: Comparison }> {
  const { home, stack } = task;
  const run = await openRun(task, { ...located, settings: collectSettings(home, stack, {}), secretKeys: [] });
  return guarded(run, async () => {
    const outside: Comparison = { drifts: [], notCompared: [] };
    const onEvent: typeof run.watch.onEvent = (event) => {
      const drift = driftIn(event);
      if (drift !== undefined) outside.drifts.push(drift);
      run.log.onEvent(event);
    };
    const exported = await run.opened.exportPlain();
    await run.opened.previewRefresh({ ...run.watch, onEvent });
    return { exported, outside };
  });
}

function healedIn(applications: readonly Application[]): Healed[] {
  return applications
    .flatMap(({ name, healed }) => (healed === undefined ? [] : [{ component: name, ...healed }]))
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}

function sorted(drifts: readonly Drift[]): Drift[] {
  const key = ({ by, component = "", kind, namespace = "", name }: Drift) => [by, component, kind, namespace, name];
  return [...drifts].sort((a, b) => (key(a).join("\0") < key(b).join("\0") ? -1 : 1));
}
