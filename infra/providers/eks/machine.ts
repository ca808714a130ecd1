import { run, type Run } from "../../../machine/run";
import { UserError } from "../../../model/errors";

/**
 * Looks whether this machine can log in to a cluster on AWS.
 * @throws UserError before any resource exists
 */
export async function checkAws(start: Run = run): Promise<void> {
  const { code, missing } = await start("aws", ["--version"], { signal: AbortSignal.timeout(60_000) });
  if (code === 0) return;
  throw new UserError(
    `the provider eks logs in to clusters with the command \`aws\`, ${missing ? "which is not installed" : "which does not run"}; install the AWS CLI, version 2`,
    { exitCode: 1 },
  );
}
