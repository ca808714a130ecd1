import { reservedTeams, teamShape, type TeamFile, type TeamRole } from "../../../model/team";
import { bootstrapValues, teamFile, teamsChart, teamsDirectory } from "../../../model/teams";
import { readTree } from "../../../model/tree";
import type { TreeSource } from "../../../model/tree-source";
import type { Input } from "../../command";
import { failure, usageError } from "../../terminal/fail";
import { toYaml } from "../../tree/yaml-edit";
import { refuse, type Changes } from "./changes";

const roles: readonly TeamRole[] = ["admin", "edit", "view"];

/** A new team: its one file. */
export function newTeam({
  tree,
  name,
  input,
  changes,
}: {
  tree: TreeSource;
  name: string;
  input: Input;
  changes: Changes;
}): void {
  if (changes.read(teamsChart) === undefined) {
    throw failure(
      `this tree has no ${teamsChart}, so bootstrap does not read ${teamsDirectory}; add the team to teams in ${bootstrapValues}, or move them as docs/teams.md says`,
    );
  }
  const { teams } = readTree(tree);
  if (teams.names.includes(name)) throw failure(`the team ${name} is there already; nothing was written`);
  if (reservedTeams.includes(name)) throw usageError(`no team can be called ${name}; give it another name`);
  const namespace = input.text("namespace") ?? name;
  const owned = teams.namespaces.find((one) => one.namespace === namespace);
  if (owned) throw failure(`the namespace ${namespace} is in ${owned.file}; give another one with --namespace`);
  const [slack, email] = [input.text("slack"), input.text("email")];
  const groups = groupsOf(input.all("group"));
  const team: TeamFile = {
    description: needed(input.text("description"), "--description SENTENCE", "what the team does"),
    owners: [...input.all("reviewer")],
    ...(groups !== undefined && { groups }),
    ...((slack ?? email) !== undefined && {
      contacts: { ...(slack !== undefined && { slack }), ...(email !== undefined && { email }) },
    }),
    namespaces: { [namespace]: {} },
  };
  if (team.owners.length === 0) needed(undefined, "--reviewer NAME", "who reviews its apps, such as @org/team");
  const text = toYaml(team);
  refuse(teamFile(name), text, teamShape);
  changes.add(teamFile(name), text);
}

function groupsOf(said: readonly string[]): TeamFile["groups"] {
  const found: Partial<Record<TeamRole, string[]>> = {};
  for (const word of said) {
    const [, role = "", group = ""] = /^([^=]*)=(.+)$/.exec(word) ?? [];
    const known = roles.find((one) => one === role);
    if (known === undefined)
      throw usageError(`--group takes ROLE=GROUP with one of ${roles.join(", ")}, found "${word}"`);
    (found[known] ??= []).push(group);
  }
  return said.length === 0 ? undefined : found;
}

function needed(value: string | undefined, option: string, why: string): string {
  if (value === undefined) throw usageError(`this needs ${option}: ${why}`);
  return value;
}
