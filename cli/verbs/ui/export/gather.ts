import { atMost } from "../../../../machine/at-most";
import { argoCdApi } from "../../../../model/root";
import type { Answers } from "../answers/answers";
import { inTree, noValues, valuesOf } from "../answers/values";
import { toApplicationView } from "../fleet/application";
import type { ApplicationObject } from "../fleet/application-object";
import type { Cell, FleetCluster, PlanAnswer, Refusal, Snapshot } from "../views";
import { maskView } from "./mask-view";

/** Applications of one cluster that are asked about at a time. */
const atOnce = 8;

/** Every view as it is now, secrets masked. What cannot be had is in it as the reason. */
export async function gather(answers: Answers, waiting: (what: string) => void): Promise<Snapshot> {
  const fleet = answers.fleet();
  const views: Snapshot["views"] = { "/fleet": fleet };
  const add = async (path: string, view: Promise<unknown>) => {
    views[path] = await view.catch((error: Error): Refusal => ({ error: error.message }));
  };
  waiting("what the clusters say");
  await Promise.all(fleet.clusters.map((cluster) => gatherCluster(answers, cluster, add)));
  const components = new Set(fleet.clusters.flatMap(({ applications }) => applications.map((cell) => cell.component)));
  waiting("the history of the pins");
  for (const component of components) await add(`/components/${component}`, answers.component(component));
  waiting("why each value is what it is");
  await gatherValues(answers, fleet.clusters, add);
  waiting("what the working tree changes");
  await add("/plan", answers.plans.working());
  for (const stage of fleet.stages.slice(1)) {
    waiting(`what promotions to ${stage} change`);
    await gatherPromotions(answers, stage, components, views, add);
  }
  views["/recent"] = answers.recent();
  return { at: answers.known.io.date().toISOString(), views: maskView(views) as Snapshot["views"] };
}

type Add = (path: string, view: Promise<unknown>) => Promise<void>;

async function gatherCluster(answers: Answers, { name, link, applications }: FleetCluster, add: Add): Promise<void> {
  await add(`/clusters/${name}`, answers.cluster(name));
  const path = (application: string) => `/clusters/${name}/applications/${application}`;
  const source = answers.known.sources.find((one) => one.name === name);
  const found = link.state === "live" ? await listOf(answers, name).catch((error: Error) => error) : undefined;
  const objects = Array.isArray(found) ? found : [];
  const few = atMost(atOnce);
  const work = async (cell: Cell) => {
    const object = objects.find(({ metadata }) => metadata.name === cell.name);
    const why = found instanceof Error ? found.message : `${name} cannot be reached: ${link.why ?? "no answer yet"}`;
    const view =
      object === undefined ? Promise.reject(new Error(why)) : Promise.resolve(toApplicationView(name, object, source));
    await add(path(cell.name), view);
    await add(`${path(cell.name)}/live`, answers.live(name, cell.name));
  };
  await Promise.all(applications.map((cell) => few(() => work(cell))));
}

async function listOf(answers: Answers, cluster: string): Promise<ApplicationObject[]> {
  const found = await answers.server(cluster).send("GET", `${argoCdApi}/applications`);
  return (JSON.parse(found) as { items: ApplicationObject[] }).items;
}

/** All of them with one renderer: an opened tree answers for an Application in milliseconds. */
async function gatherValues(answers: Answers, clusters: readonly FleetCluster[], add: Add): Promise<void> {
  const { root, io, settings, sources } = answers.known;
  const all = clusters.flatMap(({ name, applications }) => {
    const from = sources.find((source) => source.name === name)?.lifetime?.from ?? name;
    return applications.map((cell) => ({ name, from, cell }));
  });
  const path = (cluster: string, name: string) => `/clusters/${cluster}/applications/${name}/values`;
  try {
    await inTree(root, io.env, settings, async (opened) => {
      for (const { name, from, cell } of all)
        await add(path(name, cell.name), valuesOf(opened, from, cell.component).catch(noValues));
    });
  } catch (error) {
    for (const { name, cell } of all) await add(path(name, cell.name), Promise.resolve(noValues(error as Error)));
  }
}

/** One plan for all promotions to a stage, and one for each component that is new to it: one for every component would take minutes. */
async function gatherPromotions(
  answers: Answers,
  stage: string,
  components: ReadonlySet<string>,
  views: Snapshot["views"],
  add: Add,
): Promise<void> {
  const found = await answers.plans.promotion(stage).catch((error: Error) => error);
  const part = async (component: string) => {
    if (found instanceof Error) throw found;
    if (found.absent?.includes(component)) return answers.plans.promotion(stage, component);
    return ofComponent(found, component, stage);
  };
  for (const component of components) {
    const targets = (views[`/components/${component}`] as { targets?: string[] }).targets ?? [];
    if (!targets.includes(stage)) continue;
    await add(`/components/${component}/promotions/${stage}`, part(component));
  }
}

function ofComponent({ at, plan, note }: PlanAnswer, component: string, stage: string): PlanAnswer {
  const head = { at, command: `onebranch promote ${component} --to ${stage} --dry-run` };
  if (plan === undefined) return { ...head, ...(note !== undefined && { note }) };
  const its = <T extends { component: string }>(list: T[]) =>
    list.filter((one) => one.component === component || one.component === "*");
  return {
    ...head,
    plan: {
      ...plan,
      changes: its(plan.changes),
      failed: its(plan.failed),
      notEvaluated: its(plan.notEvaluated),
      unsteady: its(plan.unsteady),
    },
  };
}
