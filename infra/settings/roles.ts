import { givesRoles, groupLine, rbacFaults } from "../../model/argocd";
import { rbacFile } from "../../model/stage-rbac";
import type { Tree } from "../../model/tree";
import type { SettingDeclarations } from "./declaration";
import type { Faults } from "./faults";
import type { Values } from "./values";

/** Who may do what in Argo CD. */
export const roleSettings = {
  argocdGroups: {
    type: "array",
    default: [],
    description:
      "Groups of the identity provider and the role of each in Argo CD, as <group>=<role>: admin, readonly, or a role that gitops/stages/<stage>.rbac.csv has rules for. A group without a role may do nothing. Default: none, only the groups in that file have roles.",
  },
} as const satisfies SettingDeclarations;

interface Source {
  values: Values<keyof typeof roleSettings | "argocdOidcIssuer">;
  faults: Faults;
  tree: Tree;
  stage: string;
}

/** Argo CD's policy.csv: the file of the stage, and the groups that the stack adds. `undefined` where there is neither. */
export function parseRoles({ values, faults, tree, stage }: Source): string | undefined {
  const own = tree.rbac.get(stage);
  const entries = values.list("argocdGroups");
  const hasSso = values.isSet("argocdOidcIssuer");
  const report = (message: string, fix: string) =>
    faults.setting("argocdGroups", "setting-argocd-groups", { message, fix });
  if (entries.length > 0 && !hasSso) {
    report(
      "argocdGroups is set without argocdOidcIssuer",
      "set both, or neither: only a person who logs in by SSO has groups",
    );
  }
  const lines = entries.flatMap((entry) => {
    // A group may have the form cn=admins,dc=example.
    const [, group = "", role = ""] = /^(.*)=([^=]*)$/s.exec(entry) ?? [];
    if (group.trim() !== "" && /^(role:)?[\w.-]+$/.test(role)) {
      return [groupLine(group.trim(), role.startsWith("role:") ? role : `role:${role}`)];
    }
    report(`argocdGroups has "${entry}"`, "write <group>=<role>, such as platform=admin");
    return [];
  });
  if (hasSso && entries.length === 0 && !givesRoles(own ?? "")) {
    const message = "argocdOidcIssuer is set, and no group has a role: nobody who logs in could see anything";
    faults.setting("argocdOidcIssuer", "setting-argocd-groups", {
      message,
      fix: `name groups: pulumi config set argocdGroups '["<group>=admin"]', or write lines with g into ${rbacFile(stage)}`,
    });
  }
  if (own === undefined && lines.length === 0) return undefined;
  const text = [own?.trimEnd(), ...lines].filter((part) => part !== undefined).join("\n");
  // The faults of the file itself are findings of the tree.
  const first = text.split("\n").length - lines.length + 1;
  for (const { line, message } of rbacFaults(text)) {
    if (line >= first)
      report(`argocdGroups: ${message}`, `use admin or readonly, or write rules for it in ${rbacFile(stage)}`);
  }
  return `${text}\n`;
}
