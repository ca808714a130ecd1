import type { DangerId } from "../../../model/rules";
import type { ResourceChange } from "../renderer";
import { resourceName } from "../resource";

/** What a rule reports about a change, before it is known which clusters share it. */
export interface Observation<Id extends DangerId = DangerId> {
  id: Id;
  /** The sentence, with the place where it holds, such as ` in dev`. */
  say: (at: string) => string;
  /** The resources it is about, `Kind namespace/name`. */
  resources: string[];
  /** Set when these are not all clusters of the change. */
  clusters?: readonly string[];
}

/** One observation; when the message is a plain text, the place is appended to it. */
export function observe<Id extends DangerId>(
  id: Id,
  message: string | Observation["say"],
  resources: readonly ResourceChange[] = [],
  clusters?: readonly string[],
): Observation<Id> {
  const say = typeof message === "string" ? (at: string) => message + at : message;
  return { id, say, resources: resources.map(resourceName), ...(clusters === undefined ? {} : { clusters }) };
}
