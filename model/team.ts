import { isScalar } from "yaml";
import { describeNode } from "./document";
import { entries, flag, label, list, mapping, optional, required, text, type Fields, type Shape } from "./fields";
import { isDnsLabel } from "./names";
import { owner } from "./owner";
import { registry } from "./region";
import { argoCdNamespace, bootstrapProject, platformProject } from "./root";
import { secretsNamespace } from "./stage-secrets";

/** What a group of people may do with what is a team's; the names are those of Kubernetes' own roles. */
export type TeamRole = "admin" | "edit" | "view";

/** What pods may connect to: a namespace, or a range of addresses. */
export interface Peer {
  namespace?: string;
  cidr?: string;
  /** TCP; without them: all. */
  ports?: number[];
}

export interface TeamNamespace {
  /** Namespaces whose pods may connect to pods here. */
  allowFrom?: string[];
  /** What pods here may connect to, besides DNS and their own namespace. */
  allowTo?: Peer[];
  /** Its pods are in the ambient mesh of Istio. */
  mesh?: boolean;
}

/** One team, from gitops/teams/<team>.yaml. */
export interface Team {
  /** The file's name; also that of its AppProject. */
  name: string;
  description: string;
  /** Who reviews its apps: names that CODEOWNERS takes. */
  owners: string[];
  groups?: Partial<Record<TeamRole, string[]>>;
  contacts?: { slack?: string; email?: string };
  namespaces: Record<string, TeamNamespace>;
  /** Hard limits of each of its namespaces, by stage and resource. */
  quotas?: Record<string, Record<string, string>>;
  /** Where images of its apps may come from; absent: anywhere. */
  repositories?: string[];
}

export type TeamFile = Omit<Team, "name">;

/** AppProjects that are not a team's, and names that Helm would read as files of a chart. The chart team-files refuses the same. */
export const reservedTeams: readonly string[] = [
  platformProject,
  bootstrapProject,
  "default",
  "values",
  "requirements",
];

/** Namespaces that cannot be a team's: Kubernetes' own and Pulumi's. The chart team-files refuses the same. */
export function isReservedNamespace(name: string): boolean {
  return name.startsWith("kube-") || ["default", argoCdNamespace, secretsNamespace].includes(name);
}

// A group that begins with system: is one of Kubernetes' own, such as everybody with a login.
const group = text("a group of the login", (value) => {
  if (value.startsWith("system:")) return "name a group of people: groups of Kubernetes' own have others in them";
  return /^[^\s,"]+$/.test(value) ? undefined : "write it without spaces, commas and quotes";
});

const channel = text("a channel of Slack", (value) =>
  /^[\w.-]+$/.test(value) ? undefined : "write the channel's name without #",
);

const email = text("an email address", (value) =>
  /^[^\s@]+@[\w.-]+$/.test(value) ? undefined : "write an address such as team@example.com",
);

const namespaceName: Shape<string> = text(
  "the name of a namespace",
  (value) => {
    if (isReservedNamespace(value)) return "use a namespace of the team's own";
    return isDnsLabel(value) ? undefined : "use a DNS label";
  },
  "bad-name",
);

const cidr = text("a range of addresses", (value) =>
  /^[0-9a-f.:]+\/\d+$/.test(value) ? undefined : "write a range such as 10.0.0.0/16",
);

const port: Shape<number> = {
  expected: "a port",
  read(file, node, key) {
    const value = isScalar(node) ? Number(node.value) : 0;
    if (isScalar(node) && Number.isInteger(node.value) && value > 0 && value < 65536) return value;
    file.report("wrong-type", node, `${key} is ${describeNode(node)}`, "write a number from 1 to 65535");
    return undefined;
  },
};

const resource = text("a resource such as requests.cpu", (value) =>
  /^[a-z0-9][a-zA-Z0-9./-]*$/.test(value) ? undefined : "use a name that a ResourceQuota has, such as pods",
);

/** A quantity may be a number: it has the same meaning. */
const quantity: Shape<string> = {
  expected: "a quantity such as 10 or 8Gi",
  read(file, node, key) {
    const value = isScalar(node) ? String(node.value) : "";
    if (/^\d+(\.\d+)?([EPTGMK]i?|k|m)?$/.test(value)) return value;
    file.report(
      "wrong-value",
      node,
      `${key} is ${describeNode(node)}`,
      "write a quantity: a number with a unit, such as 10, 500m or 8Gi",
    );
    return undefined;
  },
};

const peerFields: Fields<Peer> = {
  namespace: optional(label, "A namespace."),
  cidr: optional(cidr, "A range of addresses."),
  ports: optional(list(port, { min: 1 }), "TCP ports; without them: all."),
};

const peer: Shape<Peer> = {
  expected: mapping(peerFields).expected,
  read(file, node, key) {
    const value = mapping(peerFields).read(file, node, key);
    if (value === undefined || (value.namespace === undefined) !== (value.cidr === undefined)) return value;
    file.report("wrong-value", node, `${key} has not exactly one of namespace and cidr`, "name one of them");
    return undefined;
  },
};

const namespaceFields: Fields<TeamNamespace> = {
  allowFrom: optional(list(label, { min: 1 }), "Namespaces whose pods may connect to pods here."),
  allowTo: optional(list(peer, { min: 1 }), "What pods here may connect to, besides DNS and their own namespace."),
  mesh: optional(flag, "Whether its pods are in the mesh of Istio, where the cluster has it."),
};

const groupFields: Fields<NonNullable<Team["groups"]>> = {
  admin: optional(list(group, { min: 1 }), "Groups that may do everything but change quotas and the namespace."),
  edit: optional(list(group, { min: 1 }), "Groups that may change workloads and sync Applications."),
  view: optional(list(group, { min: 1 }), "Groups that may look, but not into Secrets."),
};

const contactFields: Fields<NonNullable<Team["contacts"]>> = {
  slack: optional(channel, "Channel that gets the notifications of the team's Applications."),
  email: optional(email, "Whom to write to; an annotation of the namespaces."),
};

/** The keys of a team's file. */
const teamFields: Fields<TeamFile> = {
  description: required(text("a sentence"), "What the team does; the description of its AppProject."),
  owners: required(list(owner, { min: 1 }), "Who reviews its apps, as CODEOWNERS takes it."),
  groups: optional(mapping(groupFields), "What groups of the login may do in its namespaces, and in Argo CD."),
  contacts: optional(mapping(contactFields), "Where the team is told of its Applications."),
  namespaces: required(entries(namespaceName, mapping(namespaceFields)), "Its namespaces, each with its connections."),
  quotas: optional(
    entries(label, entries(resource, quantity)),
    "Hard limits of each of its namespaces, by stage, as in a ResourceQuota; absent: those of the add-on.",
  ),
  repositories: optional(list(registry, { min: 1 }), "Registries, or parts of them, that its images may come from."),
};

export const teamShape = mapping<TeamFile>(teamFields, {
  refused: { name: "remove it: the file's name is the team's" },
});
