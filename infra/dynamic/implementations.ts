import { inSources } from "../../machine/source-lines";
import { localResources, type LocalResourceName } from "./local-resources";

type Implementation = Record<string, (...args: unknown[]) => unknown>;

/** The implementation of a local resource, as Pulumi's dynamic provider calls it. */
export function implementationOf(name: LocalResourceName): Implementation {
  if (Object.hasOwn(localResources, name)) return withPlainErrors(localResources[name]().implementation);
  throw new Error(`${name} is not a local resource of this checkout; known: ${Object.keys(localResources).join(", ")}`);
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
