import type { Rule } from "../rule";
import { isMapping } from "../../../../model/mapping";
import { lineAt, valueOf } from "../../../tree/values/yaml";

export const chartMetadata: Rule = {
  id: "chart-metadata",
  check({ files, inventory }, report) {
    for (const [chart, versions] of inventory.charts) {
      for (const version of versions) {
        const directory = `gitops/charts/${chart}/${version}`;
        const path = `${directory}/Chart.yaml`;
        if (!files.has(path)) {
          const file = files.paths.find((candidate) => candidate.startsWith(`${directory}/`))!;
          report.finding({ file }, `${directory} has no Chart.yaml`, "add it, or remove the directory");
          continue;
        }
        const document = files.yaml(path);
        const metadata = document.findings.length === 0 ? valueOf(document) : undefined;
        if (!isMapping(metadata)) {
          const fix = `write a mapping with apiVersion: v2, name: ${chart} and version: ${version}`;
          report.finding(
            { file: path, line: document.findings[0]?.line ?? 1 },
            "this is not the metadata of a chart",
            fix,
          );
          continue;
        }
        for (const [key, expected] of [
          ["name", chart],
          ["version", version],
        ] as const) {
          if (metadata[key] === expected) continue;
          const found = metadata[key] === undefined ? "missing" : JSON.stringify(metadata[key]);
          const at = { file: path, line: lineAt(document, [key]) ?? 1 };
          report.finding(at, `${key} is ${found}, but the directory says ${expected}`, `write ${key}: ${expected}`);
        }
      }
    }
  },
};
