import type { Thing } from "../ledger";
import { AwsError, type Reference, type Rule, type Rules, type Scene } from "../rule";
import { textsAt, type Properties } from "../values";
import { clusterRules, type ControlPlanes } from "./cluster";
import { eksRules } from "./eks";
import { iamRules } from "./iam";
import { networkRules } from "./network";

export type { ControlPlanes };

/** How AWS treats everything that the fake knows. */
export function rulesWith(planes?: ControlPlanes): Rules {
  return { ...networkRules, ...iamRules, ...eksRules, ...clusterRules(planes) };
}

/** What a field that names a thing holds. */
function keyOf({ id, inputs, outputs }: Thing, by: Reference["by"]): unknown {
  return by === undefined ? id : (outputs[by] ?? inputs[by]);
}

/** @throws AwsError when something that the inputs name does not exist */
export function requireReferences({ references = [] }: Rule, inputs: Properties, { ledger }: Scene): void {
  for (const { field, type, by } of references) {
    for (const value of textsAt(inputs, field)) {
      if (ledger.all(type).some((other) => keyOf(other, by) === value)) continue;
      throw new AwsError(`ResourceNotFoundException: ${field} ${value} does not exist`);
    }
  }
}

/** @throws AwsError when other things hold this one */
export function refuseHeld(rules: Rules, held: Thing, { ledger }: Scene): void {
  for (const other of ledger.all()) {
    for (const { field, type, by, hold, code = "DependencyViolation" } of rules[other.type]?.references ?? []) {
      if (type !== held.type || hold === undefined) continue;
      if (!textsAt(other.inputs, field).includes(String(keyOf(held, by)))) continue;
      if (hold === "refuse") throw new AwsError(`${code}: ${held.id} is used by ${other.id}`);
      ledger.careless(`${held.id} deleted while ${other.id} uses it`);
    }
    const isInside = other.madeBy !== undefined && [other.inputs.subnetId, other.inputs.vpcId].includes(held.id);
    if (isInside) throw new AwsError(`DependencyViolation: ${held.id} has ${other.id} and cannot be deleted`);
  }
}
