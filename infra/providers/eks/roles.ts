import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import { roleName, type RolePurpose } from "./names";
import type { Policy } from "./policies";
import type { Scope } from "./scope";

/** A role, and what has to be attached to it before it is used. */
export interface MadeRole {
  role: Role;
  attached: RolePolicyAttachment[];
}

/** Makes a role of the cluster with policies that AWS keeps. */
export function makeRole(scope: Scope, purpose: RolePurpose, trust: Policy, policies: readonly string[]): MadeRole {
  const { stack, place, options, tags, checked } = scope;
  const name = `role-${purpose}`;
  const role = new Role(
    name,
    {
      name: checked(roleName(stack, place.region, purpose)),
      assumeRolePolicy: JSON.stringify(trust),
      tags: tags(name),
    },
    options,
  );
  const attached = policies.map(
    (policy) =>
      new RolePolicyAttachment(
        `${name}-${policy.split("/").at(-1)}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        options,
      ),
  );
  return { role, attached };
}
