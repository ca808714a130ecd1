import { run } from "../machine/run";

/** One resource of a stack's exported state, as far as we read it. */
export interface StateResource {
  type: string;
  urn: string;
  inputs?: Readonly<Record<string, unknown>>;
}

/** Gives the resources of a stack's state; `undefined` when they cannot be had. Replaced in tests. */
export type ReadState = (stack: string) => Promise<StateResource[] | undefined>;

/** The resources in the JSON of `pulumi stack export`; secrets stay encrypted. A pending operation is no resource. */
export function resourcesOf(exported: string): StateResource[] {
  const { deployment } = JSON.parse(exported) as { deployment?: { resources?: StateResource[] } };
  return deployment?.resources ?? [];
}

/**
 * Asks the `pulumi` on PATH for the state of a stack, also while that stack is being updated: what is in it then is what the
 * engine has recorded. Backend and passphrase come from the environment that Pulumi gave this process.
 */
export const exportedState: ReadState = async (stack) => {
  try {
    const { code, stdout } = await run("pulumi", ["stack", "export", "--stack", stack], {
      cwd: process.env.ONEBRANCH_ROOT || process.cwd(),
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
      signal: AbortSignal.timeout(60_000),
    });
    return code === 0 ? resourcesOf(stdout) : undefined;
  } catch {
    return undefined;
  }
};
