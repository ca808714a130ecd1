import { offerNames } from "../../../../model/names";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import type { FileRole } from "../../../tree/file-roles";

export const unknownLayer: Rule = {
  id: "unknown-layer",
  check(input, report) {
    const told = new Set<string>();
    for (const file of input.inventory.entries) {
      const unknown = unknownName(input, file);
      if (!unknown || told.has(`${unknown.what} ${unknown.name} ${unknown.owner}`)) continue;
      told.add(`${unknown.what} ${unknown.name} ${unknown.owner}`);
      const { what, name, known } = unknown;
      const fix = known.length === 0 ? `add the ${what} first` : `${offerNames(name, known)}, or add the ${what}`;
      report.finding({ file: file.path }, `${what} "${name}" does not exist`, fix);
    }
  },
};

interface UnknownName {
  what: "stage" | "ring" | "region" | "component";
  name: string;
  known: string[];
  /** What the layer belongs to: one finding for each owner. */
  owner: string;
}

function unknownName({ inventory, tree }: CheckInput, file: FileRole): UnknownName | undefined {
  const missing = (what: UnknownName["what"], name: string, known: Iterable<string>, owner: string) => {
    const names = [...known];
    return names.includes(name) ? undefined : { what, name, known: names, owner };
  };
  if (file.role === "pin" || file.role === "stage-values" || file.role === "stage-overlay") {
    return missing("stage", file.stage, inventory.stages, file.component);
  }
  if (file.role === "ring-pin" || file.role === "ring-values" || file.role === "ring-overlay") {
    const rings = tree.stages.get(file.stage)?.rings;
    return (
      missing("stage", file.stage, inventory.stages, file.component) ??
      (rings && missing("ring", file.ring, rings, `${file.component} ${file.stage}`))
    );
  }
  if (file.role === "region-values" || file.role === "region-overlay")
    return missing("region", file.region, inventory.regions, file.component);
  if (file.role === "cluster-values" || file.role === "cluster-pin") {
    return missing("component", file.component, inventory.components.keys(), file.cluster);
  }
  return undefined;
}
