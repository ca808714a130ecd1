import { inSources } from "../../machine/source-lines";
import { localResources } from "./local-resources";

type Implementation = Record<string, (...args: unknown[]) => unknown>;

/** The implementation of a local resource, as Pulumi's dynamic provider calls it. */
export function implementationOf(name: string): Implementation {
  const load = Object.hasOwn(localResources, name) ? localResources[name] : undefined;
  if (load) return withPlainErrors(load().implementation);
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
