import { nearestName } from "../../../../model/names";
import type { Rule } from "../rule";
import type { Stray } from "../../../tree/file-roles";

/** Directories whose entries the model judges when it reads them. */
const judged = ["gitops/clusters", "gitops/regions", "gitops/stages"];

export const unexpectedFile: Rule = {
  id: "unexpected-file",
  check({ inventory }, report) {
    const told = new Set<string>();
    for (const file of inventory.ofRole("stray")) {
      const { path, directory, name } = file;
      if (judged.includes(directory) || told.has(`${directory}/${name}`)) continue;
      told.add(`${directory}/${name}`);
      report.finding({ file: path }, `nothing reads "${name}" in ${directory}`, offer(file));
    }
  },
};

function offer({ name, allowed }: Stray): string {
  const near = nearestName(
    name,
    allowed.filter((candidate) => !candidate.startsWith("<")),
  );
  if (near !== undefined) return `rename it to "${near}" (allowed: ${allowed.join(", ")})`;
  const base = name.replace(/\.[^.]*$/, "");
  const anyName = allowed.find((candidate) => /^<\w+>\.yaml$/.test(candidate));
  if (anyName !== undefined && /\.ya?m?l?$/.test(name)) return `rename it to "${base}.yaml" (allowed: ${anyName})`;
  return `move it out of gitops (allowed: ${allowed.join(", ")})`;
}
