import { nearestName } from "../../../../model/names";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { lineAt } from "../../../tree/values/yaml";

const nobody =
  /^(-+|\?+|n[/-]?a|none|null|nil|nobody|no[- ]one|unknown|undefined|tb[ad]|todo|fixme|xxx+|placeholder|changeme|owner|someone|somebody|anyone|everyone|me|us)$/i;

export const ownerlessException: Rule = {
  id: "ownerless-exception",
  check(input, report) {
    const { files, inventory } = input;
    const teams = teamsOf(input);
    for (const [cluster, { path, entries }] of inventory.exceptions) {
      for (const [index, { component, owner }] of (entries ?? []).entries()) {
        const fix = nobody.test(owner.trim())
          ? "name the team or person who answers for it"
          : unknownTeam(owner, teams);
        if (fix === undefined) continue;
        const line = lineAt(files.yaml(path), [index, "owner"]) ?? 1;
        report.finding(
          { file: path, line },
          `"${owner}" does not own the exception of ${cluster} for ${component}`,
          fix,
        );
      }
    }
  },
};

/** Owners from the teams of the tree, such as `team-commerce`; empty when it has none. */
function teamsOf({ tree }: CheckInput): string[] {
  const { names } = tree.teams;
  return names.length === 0 ? [] : [...names, "platform"].map((team) => `team-${team}`);
}

/** What to write instead of a team that does not exist; persons are not known here. */
function unknownTeam(owner: string, teams: readonly string[]): string | undefined {
  if (!owner.startsWith("team-") || teams.length === 0 || teams.includes(owner)) return undefined;
  const near = nearestName(owner, teams);
  return near === undefined
    ? `this team does not exist; use one of: ${teams.join(", ")}`
    : `this team does not exist: did you mean "${near}"?`;
}
