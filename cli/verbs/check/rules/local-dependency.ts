import { posix } from "node:path";
import { isMapping } from "../../../../model/mapping";
import { teamsDirectory } from "../../../../model/teams";
import { lineAt, valueOf } from "../../../tree/values/yaml";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";

const scheme = "file://";
/** Where Helm reads the dependencies of a chart. */
const lists = ["Chart.yaml", "Chart.lock", "requirements.yaml", "requirements.lock"];

export const localDependency: Rule = {
  id: "local-dependency",
  check(input, report) {
    for (const { path, index, repository } of dependencies(input)) {
      const directory = posix.dirname(path);
      const place = repository.slice(scheme.length);
      const to = posix.join(directory, place).replace(/\/$/, "");
      const isOwn = to.startsWith(`${directory}/`);
      const isChart = /^gitops\/charts\/[^/]+\/[^/]+$/.test(to) && to !== directory;
      // The files of the teams are data that charts read: not a chart with versions.
      const isTeams = to === teamsDirectory;
      if (!posix.isAbsolute(place) && (isOwn || isChart || isTeams)) continue;
      const line = lineAt(input.files.yaml(path), ["dependencies", index, "repository"]) ?? 1;
      const where = posix.isAbsolute(place) ? place : to;
      const message = `the dependency ${repository} is ${where}, which is neither in this chart nor a version of a chart of the tree`;
      report.finding(
        { file: path, line },
        message,
        "name a directory gitops/charts/<chart>/<version>, or a chart repository",
      );
    }
  },
};

function* dependencies({
  files,
  inventory,
}: CheckInput): Generator<{ path: string; index: number; repository: string }> {
  for (const { path, inside } of inventory.ofRole("chart", "bootstrap")) {
    if (!lists.includes(inside)) continue;
    const value = valueOf(files.yaml(path));
    const listed = isMapping(value) && Array.isArray(value.dependencies) ? (value.dependencies as unknown[]) : [];
    for (const [index, one] of listed.entries()) {
      const repository = isMapping(one) ? one.repository : undefined;
      if (typeof repository === "string" && repository.startsWith(scheme)) yield { path, index, repository };
    }
  }
}
