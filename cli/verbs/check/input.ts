import { lackingCapabilities } from "../../../model/capabilities";
import { effectiveCapabilities } from "../../../model/providers";
import type { Identity } from "../../../model/identity";
import { layerPaths } from "../../../model/layers";
import type { Pin } from "../../../model/pin";
import type { Stage } from "../../../model/stage";
import type { Tree } from "../../../model/tree";
import type { Changes, Evaluation } from "./evaluation";
import type { KubernetesApi } from "./kubernetes/api";
import { isMissing, type Missing } from "./missing";
import type { Base } from "./source/base";
import type { SourceFiles } from "./source/files";
import { Inventory, type Component } from "./source/inventory";

export interface CheckInputOptions {
  files: SourceFiles;
  tree: Tree;
  /** Day on which exceptions are judged, YYYY-MM-DD. */
  today: string;
  base: Base | Missing;
  /** What Argo CD would make of the tree. */
  evaluation: Evaluation | Missing;
  /** How many Applications one change may remove from a production cluster. */
  maxRemovals: number;
  /** How many objects one change may delete in a production cluster, with their Applications or without. */
  maxObjectRemovals: number;
  /** The API of a Kubernetes minor version. */
  kubernetes(version: string): Promise<KubernetesApi | Missing>;
}

/** One component in one cluster, with the files that its chart gets as values. */
export interface Deployment {
  cluster: Identity;
  component: Component;
  /** The stage's pin, overlaid with those of the cluster's ring and of the cluster. */
  pin: Pin;
  /** The file of the stage's pin, or of its ring's. */
  pinPath: string;
  /** The value files that exist, in layer order: later ones win. */
  layers: string[];
}

/** Everything that rules read. */
export class CheckInput {
  readonly files: SourceFiles;
  readonly tree: Tree;
  readonly today: string;
  readonly inventory: Inventory;
  readonly base: Base | Missing;
  readonly evaluation: Evaluation | Missing;
  readonly maxRemovals: number;
  readonly maxObjectRemovals: number;
  private readonly loadKubernetes: CheckInputOptions["kubernetes"];
  private readonly apis = new Map<string, Promise<KubernetesApi | Missing>>();
  private found: Deployment[] | undefined;
  private inventoryBefore: Inventory | undefined;

  constructor(options: CheckInputOptions) {
    this.files = options.files;
    this.tree = options.tree;
    this.today = options.today;
    this.base = options.base;
    this.evaluation = options.evaluation;
    this.maxRemovals = options.maxRemovals;
    this.maxObjectRemovals = options.maxObjectRemovals;
    this.loadKubernetes = options.kubernetes;
    this.inventory = new Inventory(options.files);
  }

  /** The last stage: what runs there serves users. Undefined when no stage is valid. */
  get production(): Stage | undefined {
    return [...this.tree.stages.values()].at(-1);
  }

  /** Whether a stage lists a ring. */
  isRing(stage: string, ring: string): boolean {
    return this.tree.stages.get(stage)?.rings.includes(ring) ?? false;
  }

  /** The clusters of a stage. */
  clustersOf(stage: string): Identity[] {
    return [...this.tree.clusters.values()].filter((cluster) => cluster.stage === stage);
  }

  /** The files of the merge base and their roles; only for rules that need "base". */
  get baseTree(): Base & { inventory: Inventory } {
    if (isMissing(this.base)) throw new Error("a rule reads the base without needing it");
    this.inventoryBefore ??= new Inventory(this.base.files, false);
    return { ...this.base, inventory: this.inventoryBefore };
  }

  /** What Argo CD would make of the tree; only for rules that need it. */
  get evaluated(): Evaluation {
    if (isMissing(this.evaluation)) throw new Error("a rule asks the renderer without needing it");
    return this.evaluation;
  }

  /** What the change alters in the clusters; only for rules that need it. */
  async changes(): Promise<Pick<Changes, "changes" | "documents" | "notEvaluated" | "failed" | "sets">> {
    const { changed } = this.baseTree;
    const nothing = { changes: [], documents: new Map<string, never>(), notEvaluated: [], failed: [], sets: [] };
    return changed.size === 0 ? nothing : this.evaluated.changes();
  }

  /** The API of a Kubernetes minor version; read once. */
  kubernetes(version: string): Promise<KubernetesApi | Missing> {
    const known = this.apis.get(version) ?? this.loadKubernetes(version);
    this.apis.set(version, known);
    return known;
  }

  /** What is deployed where, by the contract of the tree: each pin in each cluster of its stage that can run it. */
  get deployments(): readonly Deployment[] {
    return (this.found ??= [...this.deploy()]);
  }

  private *deploy(): Generator<Deployment> {
    const { components, ownPins } = this.inventory;
    for (const cluster of this.tree.clusters.values()) {
      const able = effectiveCapabilities(cluster, cluster.provider);
      for (const component of components.values()) {
        const stagePin = component.pins.get(cluster.stage);
        const ringPin = component.ringPins.get(cluster.stage)?.get(cluster.ring ?? "");
        const found = ringPin?.pin ? ringPin : stagePin;
        if (!found?.pin || lackingCapabilities(found.pin.requires, able).length > 0) continue;
        const pin = { ...stagePin?.pin, ...found.pin };
        const own = ownPins.get(cluster.name)?.get(component.name)?.pin;
        yield {
          cluster,
          component,
          pin: own ? { ...pin, ...own } : pin,
          pinPath: found.path,
          layers: layerPaths(cluster, component, { thirdParty: pin.repo !== undefined }).filter((path) =>
            this.files.has(path),
          ),
        };
      }
    }
  }
}
