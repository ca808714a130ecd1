import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "../../model/deployment";
import { project } from "./paths";

/** The file of a stack in a state directory. */
export function stateFile(state: string, stack: string): string {
  return join(state, ".pulumi", "stacks", project, `${stack}.json`);
}

/** Names of the stacks in a state directory, sorted. */
export function listStacks(state: string): string[] {
  const directory = join(state, ".pulumi", "stacks", project);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/** A stack's deployment from a state directory; undefined when the stack does not exist there. */
export function readDeployment(state: string, stack: string): Deployment | undefined {
  const file = stateFile(state, stack);
  if (!existsSync(file)) return undefined;
  const content = JSON.parse(readFileSync(file, "utf8")) as { checkpoint?: { latest?: Deployment | null } };
  return content.checkpoint?.latest ?? {};
}
