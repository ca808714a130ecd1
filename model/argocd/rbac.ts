/** One thing that is wrong in a policy.csv of Argo CD. */
export interface RbacFault {
  /** From 1. */
  line: number;
  message: string;
  fix: string;
}

/** The roles that Argo CD brings along. */
export const builtInRoles = ["role:admin", "role:readonly"];

const all = ["create", "get", "update", "delete"];

/** What a rule may name: the actions of each resource. */
const actions: Readonly<Record<string, readonly string[]>> = {
  accounts: ["create", "get", "update"],
  applications: [...all, "sync", "rollback", "override", "action"],
  applicationsets: all,
  certificates: ["create", "get", "update", "delete"],
  clusters: all,
  exec: ["create"],
  extensions: ["invoke"],
  gpgkeys: ["create", "get", "delete"],
  logs: ["get"],
  projects: all,
  repositories: all,
  "write-repositories": all,
};

/** Actions on Applications that may go on with a path, such as action/apps/Deployment/restart. */
const withPath = ["update", "delete", "action"];

/** Resources whose objects are `<project>/<name>`. */
const inProjects = ["applications", "applicationsets", "exec", "logs"];

const isPattern = (text: string) => /[*?[{]/.test(text);

interface Rule {
  line: number;
  fields: string[];
}

/**
 * Everything that is wrong in a policy.csv. For some of it Argo CD refuses the whole file; the rest it takes, and the rule allows
 * nothing.
 */
export function rbacFaults(text: string): RbacFault[] {
  const faults: RbacFault[] = [];
  const rules: Rule[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const trimmed = raw.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const line = index + 1;
    const fields = csvFields(trimmed);
    const fault = fields === undefined ? badQuotes : faultOf(fields);
    if (fault) faults.push({ line, ...fault });
    else if (fields) rules.push({ line, fields });
  }
  return [...faults, ...emptyRoles(rules)].sort((a, b) => a.line - b.line);
}

/** Whether a policy.csv gives anybody a role. */
export function givesRoles(text: string): boolean {
  return text.split("\n").some((line) => csvFields(line.trim())?.[0] === "g");
}

/** The line that gives a group, as the identity provider names it, a role. */
export function groupLine(group: string, role: string): string {
  return ["g", group, role].map((field) => (/[",]|^\s|\s$/.test(field) ? quoted(field) : field)).join(", ");
}

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}

type Fault = Omit<RbacFault, "line">;

const badQuotes: Fault = {
  message: "the quotes of this line do not match",
  fix: 'write "..." around a whole field, and "" for a quote inside it',
};

function faultOf([kind = "", ...fields]: string[]): Fault | undefined {
  if (kind === "g") return grantFault(fields);
  if (kind === "p") return ruleFault(fields);
  return { message: `a line begins with "${kind}"`, fix: "begin it with p for a rule, or g for a role of a group" };
}

function grantFault(fields: string[]): Fault | undefined {
  if (fields.length === 2 && !fields.includes("")) return undefined;
  const message = `a line with g has ${fields.length} fields after it${fields.includes("") ? ", one of them empty" : ""}`;
  return { message, fix: "write: g, <group>, <role>" };
}

function ruleFault(fields: string[]): Fault | undefined {
  if (fields.length !== 5 || fields.includes("")) {
    const message = `a line with p has ${fields.length} fields after it${fields.includes("") ? ", one of them empty" : ""}`;
    return { message, fix: "write: p, <role or group>, <resource>, <action>, <object>, allow or deny" };
  }
  const [, resource = "", action = "", object = "", effect = ""] = fields;
  if (effect !== "allow" && effect !== "deny") {
    return { message: `the effect is "${effect}", and the rule counts as neither`, fix: "write allow or deny" };
  }
  if (isPattern(resource)) return undefined;
  const known = actions[resource];
  if (!known) {
    return { message: `"${resource}" is not a resource of Argo CD`, fix: `use ${Object.keys(actions).join(", ")}` };
  }
  const [verb = "", path] = action.split(/\/(.*)/s);
  const mayHavePath = resource === "applications" && withPath.includes(verb);
  if (!isPattern(verb) && !(known.includes(verb) && (path === undefined || mayHavePath))) {
    return { message: `"${action}" is not an action on ${resource}`, fix: `use ${known.join(", ")}, or *` };
  }
  if (inProjects.includes(resource) && !object.includes("/") && !isPattern(object)) {
    return {
      message: `"${object}" is not an object of ${resource}, which lie in projects`,
      fix: `write <project>/${object}`,
    };
  }
  return undefined;
}

/** Roles that are given to somebody and allow nothing: misspelt, as a rule. */
function emptyRoles(rules: readonly Rule[]): RbacFault[] {
  const known = new Set(builtInRoles);
  for (const { fields } of rules) if (fields[0] === "p") known.add(fields[1] ?? "");
  // A role may have its rights from another role.
  const grants = rules.filter(({ fields }) => fields[0] === "g");
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const { fields } of grants) if (known.has(fields[2] ?? "")) known.add(fields[1] ?? "");
  }
  const roles = [...known].filter((name) => name.startsWith("role:")).sort();
  return grants
    .filter(({ fields }) => !known.has(fields[2] ?? ""))
    .map(({ line, fields }) => ({
      line,
      message: `no rule gives "${fields[2]}" any right`,
      fix: `write rules for it (p, ${fields[2]}, ...), or use ${roles.join(", ")}`,
    }));
}

/** The fields of one line as Go's CSV reader takes them; undefined when its quotes do not match. */
function csvFields(line: string): string[] | undefined {
  const fields: string[] = [];
  for (let rest: string | undefined = line; rest !== undefined;) {
    const start: string = rest.trimStart();
    const [whole, inside, plain] = /^(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/s.exec(start) ?? [];
    if (whole === undefined) return undefined;
    fields.push(inside?.replaceAll('""', '"') ?? plain ?? "");
    rest = start.length > whole.length ? start.slice(whole.length + 1) : undefined;
  }
  return fields;
}
