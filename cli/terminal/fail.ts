import { UserError } from "../../model/errors";

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
