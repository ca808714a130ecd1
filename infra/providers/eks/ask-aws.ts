import { run, type Run } from "../../../machine/run";
import { UserError } from "../../../model/errors";
import { isMapping, type Mapping } from "../../../model/mapping";

/** Asks AWS one thing, as the words of the command `aws`. Replaced in tests. */
export type AskAws = (...words: string[]) => Promise<Mapping>;

/** Who asks, and where. */
export interface AwsLogin {
  region: string;
  /** Role that is taken on first. */
  assumeRole?: string;
}

/** The command `aws` with the login of the shell, which the provider of Pulumi has too. */
export function awsCommand({ region, assumeRole }: AwsLogin, start: Run = run): AskAws {
  let environment: Promise<NodeJS.ProcessEnv> | undefined;
  const ask = async (words: readonly string[], env: NodeJS.ProcessEnv): Promise<Mapping> => {
    const all = [...words, "--region", region, "--output", "json"];
    const { code, stdout, stderr, missing } = await start("aws", all, { env, signal: AbortSignal.timeout(60_000) });
    if (code !== 0) {
      const why = missing ? "`aws` is not installed" : stderr.trim() || "no reason given";
      throw new UserError(
        `AWS has to be asked what a killed run left, and \`aws ${words.slice(0, 2).join(" ")}\` fails: ${why}; mend that and run the same command again`,
        { exitCode: 1 },
      );
    }
    const answer: unknown = JSON.parse(stdout);
    return isMapping(answer) ? answer : {};
  };
  const login = async (): Promise<NodeJS.ProcessEnv> => {
    if (assumeRole === undefined) return process.env;
    const words = ["sts", "assume-role", "--role-arn", assumeRole, "--role-session-name", "onebranch"];
    const { Credentials: given } = (await ask(words, process.env)) as { Credentials?: Record<string, string> };
    return {
      ...process.env,
      AWS_ACCESS_KEY_ID: given?.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: given?.SecretAccessKey,
      AWS_SESSION_TOKEN: given?.SessionToken,
      AWS_PROFILE: undefined,
    };
  };
  return async (...words) => ask(words, await (environment ??= login()));
}
