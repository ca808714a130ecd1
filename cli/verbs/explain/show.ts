import type { Context, Input } from "../../command";
import type { Expansion } from "../../tree/renderer";
import { failure } from "../../terminal/fail";
import { nearestName } from "../../../model/names";
import { pinFault } from "../../../model/pin";
import { UserError } from "../../../model/errors";
import { findCluster, withTree, type ClusterFacts, type OpenedTree } from "../../tree/open";
import { allOf, count } from "../../terminal/table";
import { hooksOf, type HookFact } from "../../tree/hooks";
import { overlaidOf } from "../../tree/overlays";
import { resourceName } from "../../tree/resource";
import { effectiveValues } from "../../tree/values/effective";
import { whyMissing } from "../../tree/values/missing";
import { fatesText, valuesText } from "./text";
import { treePath } from "./unread";
import { isBelow, type ExplainedValue } from "../../tree/values/explained";
import { fatesOfFile, fatesOfKey } from "./why-not";

/** Prints where the values of one component in one cluster come from; returns 1 when the component is not there. */
export function explain(input: Input, context: Context): Promise<number> {
  const [name, component, key] = input.operands as [string, string, string | undefined];
  return withTree(context, input, async (opened) => {
    const cluster = findCluster(opened.tree, name);
    const expansion = await opened.renderer.expand(opened.tree, { clusters: [name] });
    return answer(input, context, { opened, cluster, expansion, component, key });
  });
}

interface Asked {
  opened: OpenedTree;
  cluster: ClusterFacts;
  expansion: Expansion;
  component: string;
  key: string | undefined;
}

async function answer(input: Input, { io, root }: Context, asked: Asked): Promise<number> {
  const { opened, cluster, expansion, component, key } = asked;
  const json = input.flag("json");
  const print = (facts: object): void => io.out(`${JSON.stringify(facts, undefined, 2)}\n`);
  const head = { cluster: cluster.name, component };
  const application = expansion.applications.find((found) => found.name === component);
  // A pin with a fault leaves the Application as it was, which the tree does not show any more.
  if (application === undefined || pinFault(application.invalid ?? "") !== undefined) {
    const missing = whyMissing(opened.tree, expansion, cluster, component);
    if (!json) throw failure(missing);
    print({ ...head, values: [], missing });
    return 1;
  }
  const why = input.text("why-not");
  if (why !== undefined) {
    const isFile = why.includes("/") || opened.tree.files.entry(why) !== undefined;
    if (!isFile && key !== undefined) {
      throw new UserError(`give one key: ${key} or --why-not ${why}; --why-not takes a file beside a key`);
    }
    const question = { opened, cluster, application };
    const { fates, notes } = isFile
      ? await fatesOfFile(question, treePath(opened.tree, root(), io.cwd, why), key)
      : await fatesOfKey(question, why);
    const all = [...notes, ...notesOf(application)];
    if (json) print({ ...head, fates, notes: all });
    else io.out(fatesText(fates, `${component} in ${cluster.name}`, all));
    return 0;
  }

  const effective = await effectiveValues(opened, application);
  const chosen = (found: readonly ExplainedValue[]) =>
    key === undefined ? found : found.filter(({ path }) => isBelow(path, key));
  const [values, removed] = [chosen(effective.values), chosen(effective.removed)];
  if (key !== undefined && values.length + removed.length === 0) throw noSuchKey(key, effective.values, head);
  const { files, disabled } = effective;
  // Hooks are a fact of the component, and not of one value.
  const hooks = key === undefined ? await hooksIn(opened, cluster.name, component) : [];
  const notes = [...disabledNotes(disabled), ...effective.notes, ...hooks.map(hookNote), ...notesOf(application)];
  if (json) print({ ...head, values: values.map(fact), removed: removed.map(fact), layers: files, hooks, notes });
  else {
    const from = overlaidOf(application) ? effective.chart : `chart ${effective.chart}`;
    const title = `${component} in ${cluster.name}: ${from}, ${count(values.length, "value")}\n\n`;
    io.out(title + valuesText(values, removed, { wide: key !== undefined, files, notes }));
  }
  return 0;
}

/** The hooks that a component makes; none where it does not render. */
async function hooksIn({ renderer, tree }: OpenedTree, cluster: string, component: string): Promise<HookFact[]> {
  const { manifests } = await renderer.render(tree, { clusters: [cluster], applications: [component] });
  const documents = await renderer.documents(manifests.flatMap(({ resources }) => resources.map(({ id }) => id)));
  return manifests.flatMap((made) => hooksOf(made, documents));
}

function hookNote({ phases, ...resource }: HookFact): string {
  return phases.length === 0
    ? `${resourceName(resource)} is a hook that Argo CD never applies`
    : `${resourceName(resource)} is a hook: Argo CD applies it in ${allOf(phases)}`;
}

function disabledNotes(disabled: readonly string[]): string[] {
  return disabled.map(
    (name) => `the subchart ${name} is switched off by its condition or tags; nothing reads its values`,
  );
}

/** What prevents an Application from being deployed as its values say. */
function notesOf({ invalid, collides }: { invalid?: string; collides?: string[] }): string[] {
  return [
    ...(invalid === undefined ? [] : [`this Application cannot be written: ${invalid}`]),
    ...(collides?.map((set) => `the ApplicationSet ${set} also makes an Application with this name`) ?? []),
  ];
}

/** One value in the JSON: the text's facts without what is only for printing. */
function fact({ key, value, file, line, layer, overrides }: ExplainedValue): object {
  return { key, value, file, line, layer, overrides };
}

function noSuchKey(
  key: string,
  all: readonly ExplainedValue[],
  { cluster, component }: Record<"cluster" | "component", string>,
) {
  const keys = all.map((value) => value.key);
  const near =
    nearestName(key, keys) ??
    nearestName(
      key,
      keys.flatMap((known) => known.split(".").slice(0, -1)),
    );
  const offer = near === undefined ? "" : `; did you mean ${near}?`;
  const hint = `\`onebranch explain ${cluster} ${component} --why-not ${key}\` looks for it in files of other stages, regions and clusters`;
  return new UserError(`${component} in ${cluster} has no value ${key}${offer}\n${hint}`);
}
