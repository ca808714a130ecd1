import { run } from "../machine/run";
import { parseExport, resourcesOf, type StateResource } from "../model/deployment";
import { checkoutRoot } from "./checkout-root";

/** Gives the resources of a stack's state; `undefined` when they cannot be had. Replaced in tests. */
export type ReadState = (stack: string) => Promise<StateResource[] | undefined>;

let environment: Readonly<Record<string, string | undefined>> = process.env;

/** Runs a program whose Pulumi has variables that this process does not have. Where Pulumi started the process, it has them. */
export async function withPulumi<T>(variables: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  environment = { ...process.env, ...variables };
  try {
    return await work();
  } finally {
    environment = process.env;
  }
}

/**
 * Asks the `pulumi` on PATH for the state of a stack, also while that stack is being updated: what is in it then is what
 * Pulumi has recorded. Backend and passphrase come from the environment of Pulumi.
 */
export const exportedState: ReadState = async (stack) => {
  try {
    const { code, stdout } = await run("pulumi", ["stack", "export", "--stack", stack], {
      cwd: checkoutRoot(),
      env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
      signal: AbortSignal.timeout(60_000),
    });
    return code === 0 ? resourcesOf(parseExport(stdout)) : undefined;
  } catch {
    return undefined;
  }
};
