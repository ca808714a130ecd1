import { forwardArguments } from "../../../model/access";
import { isFree } from "../../../machine/ports";
import { run } from "../../../machine/run";
import { failure } from "../../terminal/fail";
import type { Io } from "../../terminal/io";

/** What is forwarded, and whom it is told. */
export interface Forward {
  io: Io;
  /** A kubeconfig file whose current context is the cluster. */
  kubeconfig: string;
  port: number;
  signal: AbortSignal;
  /** Called each time when the port answers from now on. */
  ready(): Promise<void>;
}

/** Between the end of a forward that worked and the next try, in milliseconds. */
const pause = 1_000;

/**
 * Lets Argo CD answer at a port of this machine until the signal comes. A forward ends with the pod behind it, so it is begun
 * again; one that never worked is an error.
 */
export async function forward({ io, kubeconfig, port, signal, ready }: Forward): Promise<void> {
  let worked = false;
  while (!signal.aborted) {
    let told: Promise<void> | undefined;
    let printed = "";
    const { stderr, missing } = await run("kubectl", ["--kubeconfig", kubeconfig, ...forwardArguments(port)], {
      env: io.env,
      group: true,
      signal,
      onOutput: (text) => {
        printed += text;
        if (told === undefined && printed.includes("Forwarding from")) told = ready();
      },
    });
    await told;
    if (signal.aborted) return;
    if (missing) throw failure("kubectl is not on PATH, and it is what forwards the port; install it, then try again");
    worked ||= told !== undefined;
    if (!worked) throw failure(`kubectl cannot forward a port to Argo CD: ${reasonIn(stderr)}`);
    io.err("the connection ended; trying again\n");
    await io.sleep(pause);
  }
}

function reasonIn(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return (lines.at(-1) ?? "it gave no reason").replace(/^error: /i, "");
}

/** The port to forward: the one that was asked for, or the wanted one, or one that is free. */
export async function choosePort(asked: number | undefined, wanted: number): Promise<number> {
  if (asked !== undefined) {
    if (await isFree(asked)) return asked;
    throw failure(`port ${asked} is taken by another program; name another one, or leave --port out`);
  }
  for (let port = wanted; port < wanted + 100; port++) if (await isFree(port)) return port;
  throw failure(`the ports ${wanted} to ${wanted + 99} are all taken; name a free one: --port PORT`);
}
