import { UserError } from "../../model/errors";
import { failure } from "../terminal/fail";
import { count } from "../terminal/table";
import type { Backend } from "./environment";
import { plain } from "./events";
import type { Home } from "./paths";

/** What a message needs to know about the stack it is about. */
export interface StackSubject {
  stack: string;
  home: Home;
  backend: Backend;
}

/** The error of Pulumi as a sentence with what to do; `reported` are the errors that its events already named. */
export function translate(error: unknown, subject: StackSubject, verb: string, reported: readonly string[]): Error {
  if (error instanceof UserError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/incorrect passphrase/.test(text)) return wrongPassphrase(subject, error);
  if (/passphrase must be set|unable to read PULUMI_CONFIG_PASSPHRASE_FILE/.test(text)) {
    return new UserError(
      `stack ${subject.stack} needs its passphrase; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE`,
      { cause: error },
    );
  }
  if (isLocked(error)) return failure(lockedElsewhere(text, subject, verb), error);
  const details = reported.length > 0 ? reported : [errorLines(text)];
  return failure([`${verb} ${subject.stack} failed:`, ...details.map(indent)].join("\n"), error);
}

/** Whether Pulumi refused because another run works on the stack. */
export function isLocked(error: unknown): boolean {
  return error instanceof Error && /currently locked by|Another update is currently in progress/.test(error.message);
}

/** A lock of a backend that is not a directory of ours; Pulumi's own message says who holds it, if the backend knows. */
function lockedElsewhere(text: string, { stack }: StackSubject, verb: string): string {
  const again = `run \`onebranch ${verb} ${stack}\` again`;
  const [, who, host, pid, since] = /created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/.exec(text) ?? [];
  if (who === undefined) {
    return `stack ${stack} is locked by another run that has just started; wait for it and ${again}`;
  }
  return (
    `stack ${stack} is locked by process ${pid} of ${who} on ${host} since ${since}; wait until it is done, then ${again}. ` +
    `If that process cannot exist any more, run \`pulumi cancel ${stack}\` with the same backend`
  );
}

function wrongPassphrase({ stack, home, backend }: StackSubject, cause: unknown): UserError {
  const remedy = backend.own
    ? `put the one it was made with back into ${home.passphrase} (or set PULUMI_CONFIG_PASSPHRASE)`
    : "set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one it was made with";
  return new UserError(`the passphrase does not open the secrets of stack ${stack}; ${remedy}`, { cause });
}

/** The refusal to change where a cluster comes from. */
export function otherProvider(stack: string, made: string, asked: string, resources: number): UserError {
  return new UserError(
    `stack ${stack} was made with provider ${made} (${count(resources, "resource")}), and ${asked} is asked for; ` +
      `run \`onebranch destroy ${stack}\` first, or go on with --provider ${made}`,
  );
}

/** The lines that matter in what the CLI printed. */
function errorLines(text: string): string {
  const lines = plain(text)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors : lines.slice(-5)).join("\n");
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
