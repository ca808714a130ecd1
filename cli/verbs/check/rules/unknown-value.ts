import { nearestName } from "../../../../model/names";
import { allOf } from "../../../terminal/table";
import type { ExpandedApplication, UnknownValue } from "../../../tree/renderer";
import { formatPath } from "../../../tree/values/yaml";
import type { At } from "../at";
import { originOf } from "../evaluation";
import type { Report, Rule } from "../rule";
import { lineOfText } from "../source/files";

export const unknownValue: Rule = {
  id: "unknown-value",
  needs: "applications",
  async check({ evaluated, files }, report) {
    const uses = usesOf((await evaluated.applications()).applications);
    const answers = await evaluated.unknownValues(uses);
    const places = new Map<string, Place>();
    for (const [index, { unknown, reason }] of answers.entries()) {
      const use = uses[index]!;
      // render-failure says that the chart is not at hand.
      if (reason !== undefined) continue;
      for (const { file, values } of unknown) {
        for (const value of values) {
          const at = file === undefined ? lineOfText(files, use.pin, value.path.join(".")) : { file, line: value.line };
          const key = JSON.stringify([at.file, value.path]);
          const place = places.get(key) ?? { at, value, charts: [] };
          place.charts.push(use);
          places.set(key, place);
        }
      }
    }
    const known = uses.filter((_, index) => answers[index]!.reason === undefined);
    for (const place of places.values()) tell(place, known, report);
  },
};

/** A third-party chart with everything that sets values for it. */
interface Use {
  repoURL: string;
  chart: string;
  version: string;
  files: string[];
  parameters: string[];
  /** The file in which the parameters are. */
  pin: At;
}

/** A key in a file, with the charts that get it and do not read it. */
interface Place {
  at: At;
  value: UnknownValue;
  charts: Use[];
}

/** Each version of each chart once, whatever Applications it is in. */
function usesOf(applications: readonly ExpandedApplication[]): Use[] {
  const uses = new Map<string, Use>();
  for (const one of applications) {
    const { source, sources = [] } = one.application.spec;
    for (const { repoURL, chart, targetRevision: version = "", helm } of source ? [source] : sources) {
      if (chart === undefined) continue;
      const key = JSON.stringify([repoURL, chart, version, one.name]);
      const use = uses.get(key) ?? { repoURL, chart, version, files: [], parameters: [], pin: originOf(one) };
      uses.set(key, use);
      for (const { path, exists } of one.valueFiles) if (exists && !use.files.includes(path)) use.files.push(path);
      for (const { name } of helm?.parameters ?? []) {
        if (name !== undefined && !use.parameters.includes(name)) use.parameters.push(name);
      }
    }
  }
  return [...uses.values()];
}

/** Reports a key, unless another version of the chart that gets it too, such as that of the next stage, reads it. */
function tell({ at, value, charts }: Place, uses: readonly Use[], report: Report): void {
  const getting = uses.filter(({ files, pin }) => files.includes(at.file) || pin.file === at.file);
  if (getting.some((use) => !charts.includes(use))) return;
  const { path, known } = value;
  const names = allOf([...new Set(charts.map(({ chart, version }) => `${chart} ${version}`))].sort());
  const near = nearestName(
    path.at(-1)!,
    known.map(({ key }) => key),
  );
  const meant = known.find(({ key }) => key === near);
  const offered = known.length <= 20 ? ` (the chart has ${allOf(known.map(({ key }) => key))} there)` : "";
  const fix =
    meant === undefined
      ? `remove it${offered}`
      : `did you mean "${formatPath([...path.slice(0, -1), meant.key])}" (${meant.file}:${meant.line})?`;
  report.finding(at, `no template of ${names} reads "${formatPath(path)}", and its defaults do not have it`, fix);
}
