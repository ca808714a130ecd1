import type { DangerId } from "../../../model/rules";
import type { ResourceChange } from "../renderer";
import { resourceName } from "../resource";

/** What a rule says of a change, before it is known in how many clusters it is the same. */
export interface Observation<Id extends DangerId = DangerId> {
  id: Id;
  /** The sentence, with the place where it holds, such as ` in dev`. */
  say: (at: string) => string;
  /** The resources it is about, `Kind namespace/name`. */
  resources: string[];
  /** Where these are not all clusters of the change. */
  clusters?: readonly string[];
}

/** One observation; a message that is no function gets the place at its end. */
export function observe<Id extends DangerId>(
  id: Id,
  message: string | Observation["say"],
  resources: readonly ResourceChange[] = [],
  clusters?: readonly string[],
): Observation<Id> {
  const say = typeof message === "string" ? (at: string) => message + at : message;
  return { id, say, resources: resources.map(resourceName), ...(clusters === undefined ? {} : { clusters }) };
}
