import type { TreeSource } from "../../model/tree-source";
import { mappingAt } from "./values/yaml";

/** The rings that the file of a stage lists, in order, read without judging it; empty where there are none. */
export function ringsOf(files: TreeSource, stage: string): string[] {
  const { rings } = mappingAt(files, `gitops/stages/${stage}.yaml`);
  return Array.isArray(rings) ? rings.filter((ring) => typeof ring === "string") : [];
}
