import type { KubernetesObject } from "../../../tree/renderer";
import type { Step } from "../../../tree/values/yaml";
import type { At } from "../at";
import { sourceOf, type Manifest, type Rendered } from "../evaluation";
import type { Report } from "../rule";
import type { SourceFiles } from "../source/files";

/** What the API server would refuse. */
export interface ManifestFault {
  path: Step[];
  message: string;
  fix: string;
}

/** Whether the API server would have to refuse an object because it has no name at all. */
export function isNameless({ metadata }: KubernetesObject): boolean {
  return !metadata.name && !metadata.generateName;
}

/** Reports a fault of a manifest at the line that writes the field. */
export function reportFault(
  files: SourceFiles,
  report: Report,
  one: Rendered,
  { kind, name, object, source }: Manifest,
  fault: ManifestFault,
): void {
  const at = lineOf(files, sourceOf(files, one, source), fault);
  const called = isNameless(object) ? kind : `${kind} ${name}`;
  report.finding(at, `${called} of ${one.application}: ${fault.message}`, fault.fix);
}

/** The line of a template that writes the field, when only one does. */
function lineOf(files: SourceFiles, at: At, { path }: ManifestFault): At {
  const key = path.findLast((step) => typeof step === "string");
  if (key === undefined || !at.file.includes("/templates/")) return at;
  const lines = files.text(at.file).split("\n");
  const found = lines.flatMap((line, index) =>
    line.trimStart().replace(/^- /, "").startsWith(`${key}:`) ? [index] : [],
  );
  return found.length === 1 ? { ...at, line: found[0]! + 1 } : at;
}
