import { posix } from "node:path";
import type { CheckInput } from "../input";
import type { Report, Rule } from "../rule";
import { builtOf, kustomizationIn, type Built, type Kustomization, type Reference } from "../source/kustomizations";

export const kustomizeReach: Rule = {
  id: "kustomize-reach",
  check(input, report) {
    for (const built of builtOf(input)) {
      for (const kustomization of built.kustomizations) {
        judgeFields(kustomization, report);
        for (const reference of kustomization.references) judge(input, built, kustomization, reference, report);
      }
    }
  },
};

/** Fields that bring in what no list of files shows, or that a cluster builds otherwise than the tool. */
const refused: Record<string, [what: string, fix: string]> = Object.fromEntries([
  ...["helmCharts", "helmChartInflationGenerator", "helmGlobals"].map((key) => [
    key,
    [
      "a chart inside a kustomization, which Argo CD does not render",
      "use a pin with chart, or put what the chart makes into the base",
    ],
  ]),
  ...["generators", "transformers", "validators"].map((key) => [
    key,
    [
      "a plugin, which may read files and run programs",
      "use the fields of a kustomization, such as patches, replacements or labels",
    ],
  ]),
  [
    "buildMetadata",
    [
      "annotations about where and by which version something was built, which differ from machine to machine",
      "remove it; Argo CD marks what it applies",
    ],
  ],
]);

function judgeFields({ value, at }: Kustomization, report: Report): void {
  for (const [key, [what, fix]] of Object.entries(refused)) {
    if (value[key] !== undefined) report.finding(at([key]), `${key} is ${what}`, fix);
  }
}

function judge(
  input: CheckInput,
  { directory: root, role }: Built,
  { directory }: Kustomization,
  { at, name, mayBeDirectory }: Reference,
  report: Report,
): void {
  const where = role === "base" ? "this version of the base" : "this overlay";
  if (isRemote(name)) {
    report.finding(at, `"${name}" is on another machine`, `commit what it is into ${root}, and name that`);
    return;
  }
  const path = posix.isAbsolute(name) ? name : posix.join(directory, name);
  if (path !== root && !path.startsWith(`${root}/`)) {
    const fix = `put what is meant into ${root}; the overlays of a component are laid over its base without being named`;
    report.finding(at, `"${name}" is not in ${where}`, fix);
  } else if (!input.files.has(path) && !(mayBeDirectory && kustomizationIn(input, path) !== undefined)) {
    const what = mayBeDirectory ? "a file or the directory of a kustomization" : "a file";
    report.finding(at, `"${name}" is not there`, `name ${what} in ${directory}`);
  }
}

/** What Kustomize would fetch. */
function isRemote(name: string): boolean {
  return /:\/\/|^(git@|git::|gh:|github\.com[/:])|\.git($|[/?])|_git\/|\?(ref|version)=|^[^/]+@[^/]+:/i.test(name);
}
