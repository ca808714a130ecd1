import { sourceOf } from "../evaluation";
import { versionedManifests } from "../kubernetes/versions";
import type { Rule } from "../rule";
import { lineOfText } from "../source/files";

export const deprecatedApi: Rule = {
  id: "deprecated-api",
  needs: "manifests",
  async check(input, report) {
    for (const { api, one, manifest } of await versionedManifests(input, report)) {
      const { apiVersion, kind, name, source } = manifest;
      const place = `${apiVersion} ${kind}`;
      const found = api.deprecated[place];
      if (!found || api.kinds[place] === undefined || isBefore(api.version, found.since)) continue;
      const end = found.removed === undefined ? "" : ` and gone in ${found.removed}`;
      const message = `${place} is deprecated since Kubernetes ${found.since}${end} (${name} of ${one.application})`;
      const fix = found.replacement === undefined ? "look for what takes its place" : `use ${found.replacement}`;
      const at = sourceOf(input.files, one, source);
      report.finding(lineOfText(input.files, at, `apiVersion: ${apiVersion}`), message, fix);
    }
  },
};

function isBefore(a: string, b: string): boolean {
  const [x, y] = [a, b].map((version) => Number(version.split(".")[1])) as [number, number];
  return x < y;
}
