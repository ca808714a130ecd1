import { posix } from "node:path";
import type { Identity } from "../../../../model/identity";
import { layerPaths } from "../../../../model/layers";
import { baseDirectory, overlayNames } from "../../../../model/overlays";
import type { Pin } from "../../../../model/pin";
import { overlaysOf } from "../../../tree/overlays";
import type { CheckInput } from "../input";
import { isMissing } from "../missing";
import type { Rule } from "../rule";
import { pinsOf, type Component } from "../source/inventory";
import { unsatisfied } from "../source/unsatisfied";
import { roleOf, wholeOf } from "../../../tree/file-roles";
import { stepWords } from "../../../tree/ring-steps";
import { kustomizationIn, overlayRoles } from "../source/kustomizations";

export const unreadValues: Rule = {
  id: "unread-values",
  also: "applications",
  async check(input, report) {
    const read = new Set([...(await readFiles(input)), ...waitingFiles(input)]);
    const { inventory } = input;
    const layers = inventory.ofRole(
      "component-values",
      "stage-values",
      "ring-values",
      "region-values",
      "cluster-values",
    );
    for (const file of [...layers, ...inventory.ofRole("ring-pin", "cluster-pin"), ...overlayFiles(input)]) {
      const component = inventory.components.get(file.component);
      // Names that do not exist are found by unknown-layer.
      if (read.has("inside" in file ? posix.dirname(file.path) : file.path) || !component) continue;
      if ("ring" in file) {
        if (!input.isRing(file.stage, file.ring)) continue;
      } else if ("stage" in file && !inventory.stages.has(file.stage)) continue;
      if ("region" in file && !inventory.regions.has(file.region)) continue;
      report.finding({ file: file.path }, "no Application reads this file", reason(input, file.path, component.pins));
    }
  },
};

/** The kustomization of each overlay, which stands for the whole directory. */
function overlayFiles(input: CheckInput) {
  return input.inventory
    .ofRole(...overlayRoles)
    .filter((file) => kustomizationIn(input, wholeOf(file.path, file)) === file.path);
}

/** Files, and the directories of overlays. */
async function readFiles(input: CheckInput): Promise<Set<string>> {
  const read = new Set<string>();
  const made = isMissing(input.evaluation) ? undefined : await input.evaluation.applications();
  // Where bootstrap does not render there are no Applications, which is reported once and not for every file.
  if (made?.errors.length === 0) {
    for (const application of made.applications) {
      for (const path of application.origins) read.add(path);
      for (const { path, exists } of application.valueFiles) if (exists) read.add(path);
      for (const directory of overlaysOf(application)) read.add(directory);
    }
    return read;
  }
  for (const { layers, cluster, component, pin } of input.deployments) {
    for (const path of layers) read.add(path);
    for (const directory of pin.kustomize ? overlayDirectories(component, pin, cluster) : []) read.add(directory);
    read.add(`gitops/clusters/${cluster.name}/pins/${component.name}.yaml`);
  }
  return read;
}

/** The overlays that a component may have in a cluster. */
function overlayDirectories(component: Component, { version }: Pick<Pin, "version">, cluster: Identity): string[] {
  return overlayNames(cluster).map((name) => posix.join(component.directory, baseDirectory, version, name));
}

/** The files of pins that no cluster can run: unsatisfied-capability reports those, and one cause is one finding. */
function* waitingFiles(input: CheckInput): Generator<string> {
  for (const component of input.inventory.components.values()) {
    for (const found of pinsOf(component)) {
      const thirdParty = found.pin?.repo !== undefined;
      for (const cluster of unsatisfied(input, found)?.clusters ?? []) {
        yield* layerPaths(cluster, component, { thirdParty });
        if (found.pin?.kustomize) yield* overlayDirectories(component, found.pin, cluster);
      }
    }
  }
}

function reason({ tree }: CheckInput, path: string, pins: ReadonlyMap<string, unknown>): string {
  const file = roleOf(path);
  if (pins.size === 0) return "add a pin for the stage it is meant for, or remove it";
  if ("ring" in file) {
    const isThere = [...tree.clusters.values()].some(({ stage, ring }) => stage === file.stage && ring === file.ring);
    if (!isThere) return `no cluster is in ${stepWords(file)}: promote past it, or remove it`;
  }
  const stages = `it is pinned in ${[...pins.keys()].join(", ")}`;
  if ((file.role === "stage-values" || file.role === "stage-overlay") && !pins.has(file.stage)) {
    return `add a pin.yaml beside it (${stages}), or remove it`;
  }
  if (file.role === "cluster-values" || file.role === "cluster-pin") {
    const stage = tree.clusters.get(file.cluster)?.stage;
    if (stage !== undefined && !pins.has(stage)) {
      return `pin the component in ${stage}, the stage of this cluster (${stages}), or remove it`;
    }
  }
  return `deploy the component to a cluster that has this layer (${stages}), or remove it`;
}
