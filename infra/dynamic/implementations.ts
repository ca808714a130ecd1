import { inSources } from "../../machine/source-lines";
import { kinds, type Kind } from "./kinds";

type Implementation = Record<string, (...args: unknown[]) => unknown>;

/** The implementation of a kind, as Pulumi's dynamic provider calls it. */
export function implementationOf(kind: Kind): Implementation {
  if (Object.hasOwn(kinds, kind)) return withPlainErrors(kinds[kind]().implementation);
  throw new Error(`${kind} is no local resource of this checkout; known: ${Object.keys(kinds).join(", ")}`);
}

/** Pulumi's plugin prints the stack of an error beside its message; a mistake of the user needs the message only. */
function withPlainErrors(implementation: object): Implementation {
  return Object.fromEntries(
    Object.entries(implementation).map(([name, method]: [string, (...args: unknown[]) => unknown]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await method.apply(implementation, args);
        } catch (error) {
          if (error instanceof Error) error.stack = error.name === "UserError" ? "" : inSources(error.stack ?? "");
          throw error;
        }
      },
    ]),
  );
}
