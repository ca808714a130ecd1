import { rbacFaults } from "./argocd";
import type { TreeFiles } from "./files";
import { offerNames } from "./names";
import type { TreeSource } from "./tree-source";

/** The end of the names of the files that say who may do what in the Argo CD of a stage's clusters. */
export const rbacEnding = ".rbac.csv";

/** Where such a file of a stage is. */
export const rbacFile = (stage: string) => `gitops/stages/${stage}${rbacEnding}`;

/** The policy.csv of each stage that has one. Faults become findings. */
export function readRbac(source: TreeSource, files: TreeFiles, stages: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { kind, name, path } of files.list("gitops/stages")) {
    if (kind !== "file" || !name.endsWith(rbacEnding)) continue;
    const stage = name.slice(0, -rbacEnding.length);
    if (!stages.includes(stage)) {
      files.report("unexpected-file", path, `there is no stage ${stage}`, offerNames(stage, stages));
      continue;
    }
    const text = source.text(path) ?? "";
    for (const { line, message, fix } of rbacFaults(text)) {
      files.findings.push({ rule: "rbac-policy", severity: "error", file: path, line, message, fix });
    }
    found.set(stage, text);
  }
  return found;
}
