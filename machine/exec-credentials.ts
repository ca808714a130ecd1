import type { RequestOptions } from "node:https";
import { UserError } from "../model/errors";
import { run } from "./run";

/** The command of a kubeconfig that gives credentials, as kubectl knows it. */
export interface ExecPlugin {
  apiVersion?: string;
  command?: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  interactiveMode?: string;
  provideClusterInfo?: boolean;
  installHint?: string;
}

/** How long a plugin may take: one that waits for a person would let its cluster hang, in milliseconds. */
const patience = 30_000;
/** A token is renewed so long before it ends, in milliseconds. */
const margin = 10_000;

interface ExecCredential {
  status?: {
    token?: string;
    clientCertificateData?: string;
    clientKeyData?: string;
    expirationTimestamp?: string;
  };
}

/**
 * What a plugin gives for a request: a token or a certificate. It runs again when what it gave ends.
 * @param cluster the fields of the kubeconfig's cluster, for a plugin that asks for them
 */
export function execCredentials(
  plugin: ExecPlugin,
  cluster: Readonly<Record<string, unknown>>,
): () => Promise<RequestOptions> {
  const { command } = plugin;
  if (typeof command !== "string" || command === "") {
    throw new UserError("the kubeconfig gets its credentials from a command (exec) and does not name it", {
      exitCode: 1,
    });
  }
  if (plugin.interactiveMode === "Always") {
    throw fault(command, "asks a person for each login (interactiveMode: Always), which cannot be done here");
  }
  let known: { options: RequestOptions; ends: number } | undefined;
  let running: Promise<RequestOptions> | undefined;
  const renew = async () => {
    const { status = {} } = await ask(plugin, command, cluster);
    const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp = "" } = status;
    if (token === undefined && (cert === undefined || key === undefined)) {
      throw fault(command, "gave neither a token nor a certificate");
    }
    const options: RequestOptions = {
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      ...(cert !== undefined && key !== undefined && { cert, key }),
    };
    const ends = Date.parse(expirationTimestamp);
    known = { options, ends: Number.isNaN(ends) ? Infinity : ends - margin };
    return options;
  };
  return () => {
    if (known !== undefined && known.ends > Date.now()) return Promise.resolve(known.options);
    running ??= renew().finally(() => (running = undefined));
    return running;
  };
}

async function ask(
  { apiVersion, args, env, provideClusterInfo, installHint }: ExecPlugin,
  command: string,
  cluster: Readonly<Record<string, unknown>>,
): Promise<ExecCredential> {
  const kind = "ExecCredential";
  const spec = { interactive: false, ...(provideClusterInfo === true && { cluster }) };
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), patience);
  try {
    const { code, stdout, stderr, missing } = await run(command, args ?? [], {
      env: { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion, kind, spec }), ...own },
      group: true,
      kill: timeout.signal,
    });
    if (missing) {
      const hint = installHint === undefined ? "" : `: ${installHint.trim().split("\n", 1)[0]}`;
      throw fault(command, `is not on PATH${hint}`);
    }
    if (timeout.signal.aborted) throw fault(command, `gave none within ${patience / 1000} s; does it ask a person?`);
    if (code !== 0) throw fault(command, `failed: ${lastLine(stderr) || `exit code ${code}`}`);
    return parsed(command, stdout);
  } finally {
    clearTimeout(timer);
  }
}

function parsed(command: string, stdout: string): ExecCredential {
  try {
    const found: unknown = JSON.parse(stdout);
    if (typeof found === "object" && found !== null) return found;
  } catch {
    // What it printed may be half a secret, so it is not repeated.
  }
  throw fault(command, "printed something that is not an ExecCredential");
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

function fault(command: string, what: string): UserError {
  return new UserError(`the kubeconfig gets its credentials from the command ${command}, and it ${what}`, {
    exitCode: 1,
  });
}
