import { offerNames } from "../../../../model/names";
import { reservedTeams } from "../../../../model/team";
import { bootstrapValues } from "../../../../model/teams";
import { lineAt } from "../../../tree/values/yaml";
import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";

export const unknownTeam: Rule = {
  id: "unknown-team",
  check({ files, inventory, tree }, report) {
    const place = tree.teams.in;
    // Reading the files of the teams finds the others.
    for (const team of tree.teams.names.filter((name) => reservedTeams.includes(name))) {
      const at = { file: bootstrapValues, line: lineAt(files.yaml(bootstrapValues), ["teams", team]) ?? 1 };
      report.finding(
        at,
        `no team can be called "${team}": its AppProject is not a team's`,
        "give the team another name",
      );
    }
    const teams = tree.teams.names.filter((name) => !reservedTeams.includes(name));
    for (const component of [...inventory.components.values(), ...inventory.twins]) {
      for (const { path, pin } of component.group === "apps" ? pinsOf(component) : []) {
        if (pin?.team === undefined || teams.includes(pin.team)) continue;
        const at = { file: path, line: lineAt(files.yaml(path), ["team"]) ?? 1 };
        const add = place === bootstrapValues ? `add the team to teams in ${place}` : `onebranch new team ${pin.team}`;
        const fix = teams.length === 0 ? add : offerNames(pin.team, teams);
        report.finding(at, `"${pin.team}" is not one of the teams in ${place}`, fix);
      }
    }
  },
};
