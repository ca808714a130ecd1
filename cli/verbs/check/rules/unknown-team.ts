import { offerNames } from "../../../../model/names";
import { isMapping } from "../../../../model/mapping";
import { lineAt } from "../../../tree/values/yaml";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";

const bootstrap = "gitops/bootstrap/values.yaml";
/** AppProjects that are not a team's: of the add-ons, of bootstrap itself, and the one that Argo CD makes. */
const reserved = ["platform", "bootstrap", "default"];

export const unknownTeam: Rule = {
  id: "unknown-team",
  check({ files, inventory }, report) {
    const named = teamsIn({ files, inventory });
    for (const team of named.filter((name) => reserved.includes(name))) {
      const at = { file: bootstrap, line: lineAt(files.yaml(bootstrap), ["teams", team]) ?? 1 };
      report.finding(
        at,
        `no team can be called "${team}": its AppProject is not a team's`,
        "give the team another name",
      );
    }
    const teams = named.filter((name) => !reserved.includes(name));
    for (const component of [...inventory.components.values(), ...inventory.twins]) {
      for (const { path, pin } of component.group === "apps" ? pinsOf(component) : []) {
        if (pin?.team === undefined || teams.includes(pin.team)) continue;
        const at = { file: path, line: lineAt(files.yaml(path), ["team"]) ?? 1 };
        const fix = teams.length === 0 ? `add the team to teams in ${bootstrap}` : offerNames(pin.team, teams);
        report.finding(at, `"${pin.team}" is not one of the teams in ${bootstrap}`, fix);
      }
    }
  },
};

function teamsIn({ files, inventory }: Pick<CheckInput, "files" | "inventory">): string[] {
  const teams = files.has(bootstrap) ? inventory.valuesOf(bootstrap)?.teams : undefined;
  return isMapping(teams) ? Object.keys(teams) : [];
}
