import type { Conditions, Policy, Statement } from "../../../infra/providers/eks/policies";

/** What somebody asks of AWS. */
export interface Question {
  /** ARN of a role or user, or the name of a service. */
  principal: string;
  action: string;
  resource: string;
  /** Condition keys of the request, as AWS would fill them in. */
  context?: Readonly<Record<string, string | readonly string[]>>;
}

/** The policies that matter to a question. */
export interface Policies {
  /** Of the role that asks. */
  identity?: readonly Policy[];
  /** Of what is asked for: a key, or a role to be taken on. */
  resource?: Policy;
}

/**
 * Whether AWS would allow a request, as its documentation describes the evaluation inside one account, without boundaries and
 * service control policies. Where the thing has a policy of its own that must agree (a key, a role), it decides, or leaves the
 * decision to the account. What this does not know is an error: an answer must never be a guess.
 */
export function isAllowed(question: Question, { identity = [], resource }: Policies): boolean {
  const own = identity.flatMap(({ Statement }) => Statement).filter((each) => matches(each, question, "identity"));
  const theirs = (resource?.Statement ?? []).filter((each) => matches(each, question, "resource"));
  if ([...own, ...theirs].some(({ Effect }) => Effect === "Deny")) return false;
  const isAllowedByOwn = own.length > 0;
  if (resource === undefined) return isAllowedByOwn;
  return theirs.some((each) => !leavesToAccount(each)) || (theirs.length > 0 && isAllowedByOwn);
}

function matches(statement: Statement, question: Question, side: "identity" | "resource"): boolean {
  const { Principal, Action, Resource, Condition = {} } = statement;
  for (const key of Object.keys(statement)) {
    if (!["Sid", "Effect", "Principal", "Action", "Resource", "Condition"].includes(key))
      throw new Error(`unknown: ${key}`);
  }
  if ((Principal !== undefined) !== (side === "resource")) throw new Error(`Principal in a policy of a ${side}`);
  if (Resource === undefined && side === "identity") throw new Error("a policy of a role without Resource");
  return (
    (Principal === undefined || isFor(Principal, question.principal)) &&
    Action.some((pattern) => like(pattern.toLowerCase(), question.action.toLowerCase())) &&
    (Resource === undefined || Resource.some((pattern) => likeArn(pattern, question.resource))) &&
    holds(Condition, question.context ?? {})
  );
}

function isFor(principal: NonNullable<Statement["Principal"]>, asking: string): boolean {
  if ("Service" in principal) return principal.Service === asking;
  const account = /^arn:aws:iam::(\d+):root$/.exec(principal.AWS)?.[1];
  return account === undefined ? principal.AWS === asking : asking.startsWith(`arn:aws:iam::${account}:`);
}

function leavesToAccount({ Principal }: Statement): boolean {
  return Principal !== undefined && "AWS" in Principal && Principal.AWS.endsWith(":root");
}

type Test = (asked: readonly string[], allowed: readonly string[]) => boolean;

const any =
  (test: (pattern: string, value: string) => boolean): Test =>
  (asked, allowed) =>
    asked.some((value) => allowed.some((pattern) => test(pattern, value)));

const equal = (a: string, b: string) => a === b;

const operators: Readonly<Record<string, Test>> = {
  StringEquals: any(equal),
  StringLike: any(like),
  ArnEquals: any(likeArn),
  ArnLike: any(likeArn),
  // True also where the request has no such key.
  "ForAllValues:StringEquals": (asked, allowed) => asked.every((value) => allowed.includes(value)),
};

function holds(conditions: Conditions, context: NonNullable<Question["context"]>): boolean {
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  return Object.entries(conditions).every(([operator, keys]) => {
    const test = operators[operator];
    if (test === undefined) throw new Error(`unknown condition operator: ${operator}`);
    return Object.entries(keys).every(([key, allowed]) => test(known.get(key.toLowerCase()) ?? [], allowed));
  });
}

/** A wildcard of one part of an ARN does not reach into the next part; the last part may contain colons. */
function likeArn(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const [parts, asked] = [split(pattern), split(arn)];
  return parts.length === asked.length && parts.every((part, index) => like(part, asked[index]!));
}

function split(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function like(pattern: string, text: string): boolean {
  if (/\$\{/.test(pattern)) throw new Error(`unknown: a variable in ${pattern}`);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
