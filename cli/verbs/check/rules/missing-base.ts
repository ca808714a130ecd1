import { basePath, overlays } from "../../../../model/overlays";
import { bootstrapValues } from "../../../../model/teams";
import { lineAt } from "../../../tree/values/yaml";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { pinsOf, type Component } from "../source/inventory";

const [stageOverlay] = overlays;

export const missingBase: Rule = {
  id: "missing-base",
  check(input, report) {
    const isOn = kustomizeIsOn(input);
    for (const component of input.inventory.components.values()) {
      const { name, group, directory } = component;
      for (const { path, pin, stage, isOfCluster } of versionsOf(input, component)) {
        const line = (key: string) => ({ file: path, line: lineAt(input.files.yaml(path), [key]) ?? 1 });
        if (!isOn && !isOfCluster) {
          const fix = `write kustomize: true in ${bootstrapValues}`;
          report.finding(line("kustomize"), "nothing makes Applications that Kustomize builds", fix);
        }
        const versions = [...component.bases].sort();
        if (!versions.includes(pin.version)) {
          const known =
            versions.length === 0 ? `add ${basePath(group, name, pin.version)}` : `use one of: ${versions.join(", ")}`;
          report.finding(line("version"), `the base of ${name} has no version ${pin.version}`, known);
        }
        const overlay = `${directory}/${stageOverlay.directory.replace("{stage}", stage)}`;
        if (!isOfCluster && !input.files.paths.some((file) => file.startsWith(`${overlay}/`))) {
          const fix = `add ${overlay}/kustomization.yaml with kind: Component and metadata: { name: ${stage} }`;
          report.finding({ file: path }, `${name} has no overlay of ${stage}`, fix);
        }
      }
    }
  },
};

function kustomizeIsOn({ files, inventory }: CheckInput): boolean {
  return files.has(bootstrapValues) && inventory.valuesOf(bootstrapValues)?.kustomize === true;
}

/** The pins of a component that Kustomize builds, with what clusters have instead. */
function* versionsOf(
  { inventory, tree }: CheckInput,
  component: Component,
): Generator<{ path: string; stage: string; pin: { version: string }; isOfCluster: boolean }> {
  for (const { path, stage, pin } of pinsOf(component))
    if (pin?.kustomize) yield { path, stage, pin, isOfCluster: false };
  for (const [cluster, own] of inventory.ownPins) {
    const stage = tree.clusters.get(cluster)?.stage ?? "";
    const { path, pin } = own.get(component.name) ?? {};
    if (path === undefined || pin?.version === undefined || !component.pins.get(stage)?.pin?.kustomize) continue;
    yield { path, stage, pin: { version: pin.version }, isOfCluster: true };
  }
}
