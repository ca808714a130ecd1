import { join } from "node:path";
import { directoryWith, searchPath } from "../../../machine/path";
import { sourceRoot } from "../../../model/source-root";
import type { Io } from "../../terminal/io";
import { shellQuoted } from "../../terminal/shell";

/**
 * What a user types to start the tool: its name where PATH has it, else the launcher of the checkout, which the README names too.
 * @param root of the checkout; one that has only a tree is worked on by a tool from elsewhere
 */
export function typedName({ env }: Pick<Io, "env">, root: string): string {
  const name = "onebranch";
  if (directoryWith(name, searchPath(env)) !== undefined) return name;
  return directoryWith(name, [root]) === undefined ? shellQuoted(join(sourceRoot, name)) : `./${name}`;
}
