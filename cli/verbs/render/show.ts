import { Document, visit } from "yaml";
import { compareText, oneLine } from "../../../model/findings";
import { hookOf } from "../../../model/argocd";
import type { Context, Input } from "../../command";
import type { KubernetesObject, Rendering, Resource } from "../../tree/renderer";
import { escapeDirectional, isDirectional } from "../../terminal/directional";
import { failure } from "../../terminal/fail";
import { hooksOf, type HookFact } from "../../tree/hooks";
import { hookWords } from "../../tree/resource";
import { whyMissing } from "../../tree/values/missing";
import { count } from "../../terminal/table";
import { findCluster, withTree, type ClusterFacts, type OpenedTree } from "../../tree/open";
import { writeOutput, type OutputFile } from "./output";

/** The manifests of one component in one cluster. */
export interface RenderedComponent {
  component: string;
  resources: { resource: Resource; document: KubernetesObject }[];
  hooks: HookFact[];
}

/** What could not be rendered; `failed` will not be deployed by Argo CD either. */
export interface Unrendered {
  component: string;
  reason: string;
  failed: boolean;
  /** True for an ApplicationSet instead of a component. */
  isSet: boolean;
}

/** Prints or writes the manifests of a cluster; returns 1 when a part of it could not be rendered. */
export function render(input: Input, context: Context): Promise<number> {
  const [name, component] = input.operands as [string, string | undefined];
  const { io } = context;
  return withTree(context, input, async (opened) => {
    const cluster = findCluster(opened.tree, name);
    const { components, unrendered, notes } = await renderCluster(opened, cluster, component);
    const directory = input.text("output-dir");
    if (directory !== undefined) {
      const files = components.flatMap((rendered) => outputFiles(name, rendered));
      const owned = component === undefined ? name : `${name}/${component}`;
      // Which components a failing set would make is not known.
      const keep = unrendered.map((item) => (item.isSet ? name : `${name}/${item.component}`));
      const result = writeOutput({ directory, cwd: io.cwd, files, owned, keep });
      if (input.flag("json")) io.out(json({ cluster: name, ...result, unrendered }));
      else
        io.out(
          `${directory}: ${count(result.written.length, "file")} written, ${result.same} unchanged, ${result.removed.length} removed\n`,
        );
    } else if (input.flag("json")) {
      const manifests = components.map(({ component: of, resources, hooks }) => ({
        component: of,
        manifests: resources.map(({ document }) => document),
        hooks,
      }));
      io.out(json({ cluster: name, components: manifests, unrendered }));
    } else {
      for (const { component: of, resources } of components) {
        for (const { resource, document } of resources) {
          const hook = hookWords(hookOf(document)?.phases);
          io.out(`---\n# ${of}: ${resource.source ?? "an unknown template"}${hook}\n${toYaml(document)}`);
        }
      }
    }
    if (!input.flag("json")) {
      for (const note of notes) io.err(`${note}\n`);
      for (const { component: of, reason, failed, isSet } of unrendered) {
        io.err(
          `${isSet ? "the ApplicationSet " : ""}${of} in ${name} ${failed ? "does not render" : "is not evaluated"}: ${oneLine(reason)}\n`,
        );
      }
    }
    return unrendered.length > 0 ? 1 : 0;
  });
}

/**
 * What Argo CD will apply to a cluster, sorted by component, kind, namespace and name.
 * @throws UserError when the component that was asked for is not in the cluster
 */
async function renderCluster(
  { renderer, tree }: OpenedTree,
  cluster: ClusterFacts,
  component: string | undefined,
): Promise<{ components: RenderedComponent[]; unrendered: Unrendered[]; notes: string[] }> {
  const filter = { clusters: [cluster.name], ...(component === undefined ? {} : { applications: [component] }) };
  if (component !== undefined) {
    const expansion = await renderer.expand(tree, { clusters: [cluster.name] });
    if (!expansion.applications.some((application) => application.name === component)) {
      throw failure(whyMissing(tree, expansion, cluster, component));
    }
  }
  const rendering = await renderer.render(tree, filter);
  const documents = await renderer.documents(
    rendering.manifests.flatMap(({ resources }) => resources.map(({ id }) => id)),
  );
  const components = rendering.manifests
    .map((made) => ({
      component: made.application,
      hooks: hooksOf(made, documents),
      resources: [...made.resources]
        .sort(compareResources)
        .map((resource) => ({ resource, document: documents.get(resource.id)! })),
    }))
    .sort((a, b) => compareText(a.component, b.component));
  return { components, unrendered: unrenderedOf(rendering), notes: rendering.manifests.flatMap(notesOf) };
}

/** What the manifests themselves do not show: that they change at each render, or depend on an empty answer. */
function notesOf({
  application,
  unapplied = [],
  dropped = [],
  repeated = [],
  unsteady = [],
  lookups = [],
}: Rendering["manifests"][number]): string[] {
  return [
    ...unapplied.map(
      ({ kind, name, source }) =>
        `${application}: ${kind} ${name} (${source}) is left out: Argo CD never applies this hook`,
    ),
    ...dropped.map(
      ({ kind, name, source, hook }) =>
        `${application}: ${kind} ${name} (${source}) is left out: Helm does not know the hook "${hook}"`,
    ),
    ...repeated.map(
      ({ kind, name, sources }) =>
        `${application}: ${kind} ${name} is made ${sources.length} times, and the last one, of ${sources.at(-1)}, counts`,
    ),
    ...unsteady.map(
      ({ template, functions }) =>
        `${application}: ${template} makes something else each time (${functions.join(", ")})`,
    ),
    ...lookups.map((lookup) => {
      const [template, what] = lookup.split(": ", 2);
      return `${application}: ${template} looks up ${what}, which Argo CD answers with nothing`;
    }),
  ];
}

function unrenderedOf({ failed, notEvaluated, setErrors, setsUnknown }: Rendering): Unrendered[] {
  const all = [
    ...failed.map(({ application, reason }) => ({ component: application, reason, failed: true, isSet: false })),
    ...notEvaluated.map(({ application, reason }) => ({ component: application, reason, failed: false, isSet: false })),
    ...setErrors.map(({ set, reason }) => ({ component: set, reason, failed: true, isSet: true })),
    ...setsUnknown.map(({ set, reason }) => ({ component: set, reason, failed: false, isSet: true })),
  ];
  return all.sort((a, b) => compareText(a.component, b.component));
}

function compareResources(a: Resource, b: Resource): number {
  const keys = ({ kind, apiVersion, namespace = "", name }: Resource) => [kind, apiVersion, namespace, name];
  const [left, right] = [keys(a), keys(b)];
  for (const [index, key] of left.entries()) {
    const order = compareText(key, right[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** One file per object, named so that a diff of two commits reads well. */
function outputFiles(cluster: string, { component, resources }: RenderedComponent): OutputFile[] {
  const taken = new Set<string>();
  return resources.map(({ resource, document }) => {
    const { kind, namespace, name } = resource;
    const home = document.metadata.namespace ?? namespace;
    const base = fileName(`${kind.toLowerCase()}-${home === undefined ? "" : `${home}-`}${name}`);
    let path = `${cluster}/${component}/${base}.yaml`;
    for (let number = 2; taken.has(path); number++) path = `${cluster}/${component}/${base}-${number}.yaml`;
    taken.add(path);
    return { path, content: toYaml(document) };
  });
}

/** RBAC names may contain colons and other characters that some file systems refuse. */
function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, 200);
}

function toYaml(document: KubernetesObject): string {
  const written = new Document(document, { version: "1.1" });
  visit(written, {
    Scalar(_, node) {
      if (typeof node.value === "string" && isDirectional(node.value)) node.type = "QUOTE_DOUBLE";
    },
  });
  return escapeDirectional(written.toString({ lineWidth: 0 }));
}

function json(facts: object): string {
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}
