import { UserError } from "../../model/errors";
import { nearestName } from "../../model/names";

/** The error for a command line that cannot be understood: exit code 2. */
export function usageError(message: string): UserError {
  return new UserError(message, { exitCode: 2 });
}

/** The error for work that was understood and failed: exit code 1. */
export function failure(message: string, cause?: unknown): UserError {
  return new UserError(message, { exitCode: 1, cause });
}

/** `one, two or three`, for the values that a sentence offers. */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** How many names a sentence lists. */
const listed = 12;

/**
 * The error for an unknown name: it offers the nearest one, or lists all that exist in their order.
 * @param where the place that was searched, printed after the name
 * @param none the offer when there are no names at all
 */
export function unknownName(
  what: string,
  name: string,
  known: readonly string[],
  { where = "", none = `there is no ${what} yet` } = {},
): UserError {
  const names = [...new Set(known)];
  const near = nearestName(name, names);
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  const all = names.length === 0 ? none : `there are ${names.slice(0, listed).join(", ")}${more}`;
  return usageError(`there is no ${what} ${name}${where}; ${near === undefined ? all : `did you mean ${near}?`}`);
}
