import { compareText } from "../../../model/findings";
import type { Mapping } from "../../../model/mapping";
import { allOf } from "../../terminal/table";
import type { ClusterInput, RendererTree } from "../../tree/renderer";
import { mappingAt } from "../../tree/values/yaml";
import { stepAt, stepName } from "../../tree/step";
import { ringsOf } from "../../tree/rings";
import type { OwnWords } from "./group";
import type { PlanCluster } from "./types";

/** The clusters of both sides in the order of stages and rings, then by name; the first tree that has one decides its stage. */
export function clustersOf(trees: readonly RendererTree[], only?: readonly string[]): PlanCluster[] {
  const found = new Map<string, PlanCluster>();
  for (const { clusters } of trees) {
    for (const cluster of clusters) {
      if ((only === undefined || only.includes(cluster.name)) && !found.has(cluster.name)) {
        const ring = label(cluster, "ring");
        found.set(cluster.name, {
          name: cluster.name,
          stage: label(cluster, "stage"),
          ...(ring !== "" && { ring }),
          region: label(cluster, "region"),
        });
      }
    }
  }
  const order = stageOrder(...trees);
  const ringOrder = ringOrderIn(trees);
  return [...found.values()].sort(
    (a, b) =>
      order(a.stage) - order(b.stage) ||
      compareText(a.stage, b.stage) ||
      ringOrder(a) - ringOrder(b) ||
      compareText(a.name, b.name),
  );
}

/** The names of each cluster and of where it runs, by the meaning of the word. */
export function ownWords(trees: readonly RendererTree[]): (cluster: string) => OwnWords {
  const clusters = new Map<string, { input: ClusterInput; tree: RendererTree }>();
  for (const tree of trees) {
    for (const input of tree.clusters) if (!clusters.has(input.name)) clusters.set(input.name, { input, tree });
  }
  const regions = new Map<string, OwnWords>();
  const known = new Map<string, OwnWords>();
  return (cluster) => {
    const found = clusters.get(cluster);
    if (found === undefined) return {};
    let words = known.get(cluster);
    if (words === undefined) {
      const region = label(found.input, "region");
      let facts = regions.get(region);
      if (facts === undefined)
        regions.set(region, (facts = textsOf(mappingAt(found.tree.files, `gitops/regions/${region}.yaml`))));
      const domain = found.input.secrets[0]?.annotations?.domain ?? "";
      const ring = label(found.input, "ring");
      words = {
        ...facts,
        region,
        stage: label(found.input, "stage"),
        ...(ring !== "" && { ring }),
        domain,
        name: cluster,
      };
      known.set(cluster, words);
    }
    return words;
  };
}

function textsOf(region: Mapping): OwnWords {
  return Object.fromEntries(Object.entries(region).filter(([, inner]) => typeof inner === "string")) as OwnWords;
}

/** `prod-eu`, `a, b and c`, or by stage and ring: `all 70 of prod, 3 of 20 in staging`, `all 5 of prod/canary`. */
export function stageWords(clusters: readonly string[], all: readonly PlanCluster[]): string {
  if (clusters.includes("*")) return "all clusters";
  if (clusters.length <= 3) return allOf(clusters);
  const wanted = new Set(clusters);
  const stages = [...new Set(all.map(({ stage }) => stage))];
  const parts = stages.flatMap((stage) => {
    const of = all.filter((cluster) => cluster.stage === stage);
    const rings = [...new Set(of.map(({ ring }) => ring))];
    if (rings.length < 2 || of.every(({ name }) => wanted.has(name))) return placeWords(stage, of, wanted);
    return rings.flatMap((ring) =>
      placeWords(
        stepName(stepAt(stage, ring)),
        of.filter((cluster) => cluster.ring === ring),
        wanted,
      ),
    );
  });
  return parts.join(", ");
}

/** How many clusters of a stage or a ring are wanted, in words; nothing when none is. */
function placeWords(place: string, of: readonly PlanCluster[], wanted: ReadonlySet<string>): string[] {
  const here = of.filter(({ name }) => wanted.has(name));
  if (here.length === 0) return [];
  if (here.length === of.length) return [of.length === 1 ? place : `all ${of.length} of ${place}`];
  const names = here.length <= 2 ? ` (${here.map(({ name }) => name).join(", ")})` : "";
  return [`${here.length} of ${of.length} in ${place}${names}`];
}

function label({ secrets }: ClusterInput, name: string): string {
  return secrets[0]?.labels[name] ?? "";
}

/** The position of a cluster's ring in the order of its stage; a ring that no file lists comes first. */
function ringOrderIn(trees: readonly RendererTree[]): (cluster: PlanCluster) => number {
  const known = new Map<string, string[]>();
  return ({ stage, ring }) => {
    if (ring === undefined) return -1;
    let rings = known.get(stage);
    if (rings === undefined) {
      const lists = trees.map(({ files }) => ringsOf(files, stage));
      known.set(stage, (rings = lists.find((list) => list.length > 0) ?? []));
    }
    return rings.indexOf(ring);
  };
}

/** The position of a stage in the order of promotion; a stage without a file comes first. */
export function stageOrder(...trees: RendererTree[]): (stage: string) => number {
  const known = new Map<string, number>();
  return (stage) => {
    let order = known.get(stage);
    if (order === undefined) {
      const found = trees.map(({ files }) => mappingAt(files, `gitops/stages/${stage}.yaml`).order);
      order = found.find((value) => typeof value === "number") ?? 0;
      known.set(stage, order);
    }
    return order;
  };
}
