import { argoCdManager } from "../../../model/argocd";
import { rootSet } from "../../../model/root";
import { allOf } from "../../terminal/table";
import type { Application } from "../../stack/cluster/reader";
import { commitAmong, shortCommit } from "../../stack/cluster/commits";
import type { Renderer } from "../../tree/renderer";
import type { NotCompared, WantedObject } from "./compare";

/** What Argo CD applies to a cluster, and of which components that is not known. */
export interface TreeObjects {
  objects: WantedObject[];
  notCompared: NotCompared[];
}

/**
 * What the Applications of a cluster were made from, each at the commit that Argo CD has synced. The tree is rendered as the
 * cluster that lends the identity; bootstrap is left out, since it is rendered with what Pulumi tells it.
 */
export async function treeObjects(
  renderer: Renderer,
  cluster: string,
  applications: readonly Application[],
): Promise<TreeObjects> {
  const found: TreeObjects = { objects: [], notCompared: [] };
  const byCommit = new Map<string, string[]>();
  for (const application of applications) {
    const { name, madeBy, revisions } = application;
    const commit = commitAmong(revisions);
    if (madeBy === rootSet) continue;
    if (commit === "") found.notCompared.push({ what: name, why: "Argo CD has not synced it yet" });
    else byCommit.set(commit, [...(byCommit.get(commit) ?? []), name]);
  }
  for (const [commit, names] of byCommit) await addCommit(renderer, { cluster, commit, names }, found);
  return found;
}

interface Rendered {
  cluster: string;
  commit: string;
  names: readonly string[];
}

async function addCommit(renderer: Renderer, { cluster, commit, names }: Rendered, found: TreeObjects): Promise<void> {
  const tree = await renderer.tree(commit).catch((error: Error) => error);
  if (tree instanceof Error) {
    const why = `the commit ${shortCommit(commit)} cannot be read in this checkout (${tree.message}); fetch it`;
    found.notCompared.push({ what: allOf(names), why });
    return;
  }
  const rendering = await renderer.render(tree, { clusters: [cluster], applications: names });
  const manifests = rendering.manifests.filter(({ application }) => names.includes(application));
  const documents = await renderer.documents(manifests.flatMap(({ resources }) => resources.map(({ id }) => id)));
  for (const { application, resources } of manifests) {
    for (const { id, namespace } of resources) {
      const document = documents.get(id)!;
      const metadata = { ...(namespace !== undefined && { namespace }), ...document.metadata };
      const object = { ...document, metadata } as WantedObject["object"];
      found.objects.push({ object, manager: argoCdManager, by: "tree", component: application });
    }
  }
  for (const { application, reason } of [...rendering.failed, ...rendering.notEvaluated]) {
    if (names.includes(application)) found.notCompared.push({ what: application, why: reason });
  }
  const known = new Set([
    ...manifests.map(({ application }) => application),
    ...found.notCompared.map(({ what }) => what),
  ]);
  for (const name of names.filter((each) => !known.has(each))) {
    found.notCompared.push({ what: name, why: `${cluster} does not have it at the commit ${shortCommit(commit)}` });
  }
}
