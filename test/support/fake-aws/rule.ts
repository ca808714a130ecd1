import type { Ledger, Thing } from "./ledger";
import type { Properties } from "./values";

/** The account that is faked, and who is logged in to it. */
export const account = "111122223333";
export const caller = `arn:aws:iam::${account}:role/deployer`;

/** An answer of AWS that refuses. */
export class AwsError extends Error {}

/** What a rule sees. */
export interface Scene {
  ledger: Ledger;
  region: string;
  /** Hexadecimal digits that no other thing has. */
  fresh: string;
}

/** A field that names another thing. */
export interface Reference {
  field: string;
  type: string;
  /** The output of the other thing that the field holds. Default: its id. */
  by?: "arn" | "name";
  /** What happens when the other thing is to be deleted while this one is there. Default: nothing. */
  hold?: "refuse" | "careless";
  code?: string;
}

/** How AWS treats the things of one type. */
export interface Rule {
  id(inputs: Properties, scene: Scene): string;
  /** The property with the thing's name; Pulumi fills it in where the program gives neither it nor a prefix. */
  name?: string;
  /** Whether AWS has one by itself, so that making it is taking it over. */
  isThere?: boolean;
  /** Fields whose change makes another thing of it. */
  replace: readonly string[];
  outputs?(inputs: Properties, id: string, scene: Scene): Properties;
  references?: readonly Reference[];
  /** @throws AwsError when AWS would refuse to make it */
  check?(inputs: Properties, scene: Scene): void;
  /** @throws AwsError when AWS would refuse to change it */
  changing?(old: Thing, inputs: Properties, scene: Scene): void;
  created?(thing: Thing, scene: Scene): void | Promise<void>;
  /** @throws AwsError when AWS would refuse to delete it */
  deleting?(thing: Thing, scene: Scene): void;
  deleted?(thing: Thing, scene: Scene): void | Promise<void>;
}

export type Rules = Readonly<Record<string, Rule>>;

export function random(prefix: string): Rule["id"] {
  return (_, { fresh }) => `${prefix}-${fresh}`;
}

/** The ARN of a thing that EC2 keeps. */
export function ec2Arn(kind: string): NonNullable<Rule["outputs"]> {
  return (_, id, { region }) => ({ arn: `arn:aws:ec2:${region}:${account}:${kind}/${id}`, ownerId: account });
}

/** Things of a type that a fresh account may have in a region. */
export function quota(type: string, most: number, code: string): NonNullable<Rule["check"]> {
  return (_, { ledger, region }) => {
    const there = ledger.all(type).filter((thing) => thing.region === region);
    if (there.length >= most) throw new AwsError(`${code}: the limit of ${most} is reached`);
  };
}
