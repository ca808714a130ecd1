import { text, type Shape } from "./fields";
import { isDnsLabel } from "./names";

/** Whether CODEOWNERS takes this name: a user, a team or an email address. */
export function isOwner(name: string): boolean {
  return /^(@[\w.-]+(\/[\w.-]+)*|[^\s@#]+@[\w.-]+)$/.test(name);
}

/** Who reviews files. */
export const owner: Shape<string> = text("a name such as @org/team", (value) =>
  isOwner(value) ? undefined : "write @user, @org/team or an email address",
);

/** Who approves a promotion: an owner, who gets lines in CODEOWNERS too, or a name that only the commit's message carries. */
export const approver: Shape<string> = text("a name such as @org/team or team-a", (value) =>
  isOwner(value) || isDnsLabel(value)
    ? undefined
    : "write @user, @org/team, an email address, or a name such as team-a",
);
