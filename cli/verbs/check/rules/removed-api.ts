import { nearestName } from "../../../../model/names";
import { sourceOf } from "../evaluation";
import { isBuiltIn, placesOf } from "../kubernetes/api";
import { versionedManifests } from "../kubernetes/versions";
import type { Rule } from "../rule";
import { lineOfText } from "../source/files";

export const removedApi: Rule = {
  id: "removed-api",
  needs: "manifests",
  async check(input, report) {
    for (const { api, one, manifest } of await versionedManifests(input, report)) {
      const { apiVersion, kind, name, source } = manifest;
      const place = `${apiVersion} ${kind}`;
      if (api.kinds[place] !== undefined || !isBuiltIn(api, apiVersion)) continue;
      const at = sourceOf(input.files, one, source);
      if (apiVersion === "") {
        // Helm and Argo CD pass such an object on.
        const known = placesOf(api, kind)[0]?.split(" ")[0];
        const fix = known === undefined ? "add it" : `add apiVersion: ${known}`;
        report.finding(at, `${kind} ${name} of ${one.application} has no apiVersion`, fix);
        continue;
      }
      const replacement = api.deprecated[place]?.replacement ?? placesOf(api, kind)[0];
      const near = nearestName(kind, kindsOf(Object.keys(api.kinds), apiVersion));
      const fix =
        replacement !== undefined ? `use ${replacement}` : near !== undefined ? `did you mean ${near}?` : "remove it";
      const message = `Kubernetes ${api.version} has no ${place} (${name} of ${one.application})`;
      report.finding(lineOfText(input.files, at, `apiVersion: ${apiVersion}`), message, fix);
    }
  },
};

function kindsOf(places: readonly string[], apiVersion: string): string[] {
  return places.filter((place) => place.startsWith(`${apiVersion} `)).map((place) => place.split(" ")[1]!);
}
