import { isMapping } from "../../../../model/mapping";
import { bootstrapValues, teamFile, type OwnedNamespace } from "../../../../model/teams";
import type { Team } from "../../../../model/team";
import { lineAt } from "../../../tree/values/yaml";
import type { At } from "../at";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";

export const teamCollision: Rule = {
  id: "team-collision",
  check(input, report) {
    const { names } = input.tree.teams;
    for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index))) {
      const message = `the team ${name} is also in teams of ${bootstrapValues}`;
      report.finding({ file: teamFile(name) }, message, "keep it here, and remove it there");
    }
    for (const [owned, other] of collisions(input)) {
      const { team, namespace, file, line } = owned;
      const message = `the namespace "${namespace}" of the team ${team} is also ${other.text} (${other.file}:${other.line})`;
      report.finding({ file, line }, message, "keep it in one of them");
    }
    for (const { at, message, fix } of groupsTwice([...input.tree.teams.known.values()], input))
      report.finding(at, message, fix);
  },
};

function* collisions({ files, inventory, tree }: CheckInput) {
  const platform = files.has(bootstrapValues) ? inventory.valuesOf(bootstrapValues)?.platform : undefined;
  const shared = isMapping(platform) && isMapping(platform.namespaces) ? Object.keys(platform.namespaces) : [];
  const owners = new Map<string, OwnedNamespace>();
  for (const owned of tree.teams.namespaces) {
    const { namespace, team } = owned;
    if (shared.includes(namespace)) {
      const line = lineAt(files.yaml(bootstrapValues), ["platform", "namespaces", namespace]) ?? 1;
      yield [owned, { text: "the platform's", file: bootstrapValues, line }] as const;
    }
    const first = owners.get(namespace);
    if (first === undefined) owners.set(namespace, owned);
    else if (first.team !== team || first.file !== owned.file)
      yield [owned, { ...first, text: `the team ${first.team}'s` }] as const;
  }
}

/** Groups that may change what two teams have, or that have two roles in one team. To look at several teams is common. */
function* groupsTwice(
  teams: readonly Team[],
  { files }: CheckInput,
): Generator<{ at: At; message: string; fix: string }> {
  const working = new Map<string, string>();
  for (const { name, groups = {} } of teams) {
    const roles = new Map<string, string>();
    for (const [role, members] of Object.entries(groups)) {
      for (const [index, group] of members.entries()) {
        const file = teamFile(name);
        const at = { file, line: lineAt(files.yaml(file), ["groups", role, index]) ?? 1 };
        const first = roles.get(group);
        if (first !== undefined)
          yield {
            at,
            message: `the group "${group}" of the team ${name} is ${first} and ${role}`,
            fix: `keep ${first}`,
          };
        roles.set(group, first ?? role);
        if (role === "view") continue;
        const other = working.get(group);
        if (other !== undefined && other !== name) {
          const message = `the group "${group}" may change what the teams ${other} and ${name} have`;
          yield { at, message, fix: `give each team a group of its own; ${other} has it in ${teamFile(other)}` };
        }
        working.set(group, other ?? name);
      }
    }
  }
}
