import { request } from "node:https";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { privateDirectory, writeWhole } from "../../../machine/files";
import { firstPasswordCommand, firstUser } from "../../../model/access";
import { reachOf, unfinished, type Reach } from "../../stack/reach";
import type { StackTask } from "../../stack/task";
import { failure } from "../../terminal/fail";
import { oneLine } from "../../stack/cluster/report";
import { startBrowser } from "./browser";
import { choosePort, forward } from "./forward";

/** What `open` was asked to do. */
export interface OpenRequest {
  port: number | undefined;
  browser: boolean;
  json: boolean;
}

/** Shows a person the way to the Argo CD of a stack; returns the exit code. */
export async function openArgoCd(task: StackTask, request: OpenRequest): Promise<number> {
  const { io, stack, progress } = task;
  const reach = await reachOf(task);
  const { argocdURL: url, argocdAccess: access } = reach.outputs;
  if (typeof url !== "string") throw unfinished(stack);
  progress.waiting("the login of Argo CD");
  const login = await loginOf(task, reach);
  progress.stop();
  switch (access) {
    case "published":
      return openAddress(task, request, url, login);
    case "forwarded":
      return forwardAndOpen(task, request, reach, url, login);
    case "api":
      print(task, request, { url, login });
      io.err(
        `the Argo CD of ${stack} is built without its web page: what answers at ${url} is its API, for the command argocd; ` +
          `\`onebranch kubeconfig ${stack} --merge\` leads kubectl there, \`onebranch status ${stack}\` shows what is synced\n`,
      );
      return 1;
    default:
      throw unfinished(stack);
  }
}

interface Login {
  user: string;
  /** Undefined: the Secret with the first password was deleted. */
  password?: string;
  /** Why the cluster was not asked with success. */
  problem?: string;
}

/** People log in by their identity provider, and Argo CD's own user is switched off. */
interface Sso {
  /** In words. */
  sso: string;
}

async function loginOf({ services }: StackTask, { outputs, kubeconfig, context }: Reach): Promise<Login | Sso> {
  if (outputs.argocdSso === true) return { sso: String(outputs.argocdLogin) };
  try {
    const password = await services.cluster(kubeconfig, context).firstPassword();
    return { user: firstUser, ...(password !== undefined && { password }) };
  } catch (error) {
    return { user: firstUser, problem: oneLine(error instanceof Error ? error.message : String(error)) };
  }
}

function print(
  { io, stack }: StackTask,
  { json }: OpenRequest,
  { url, login }: { url: string; login: Login | Sso },
): void {
  if ("sso" in login) {
    const { sso } = login;
    if (json) io.out(`${JSON.stringify({ stack, argocdURL: url, sso }, undefined, 2)}\n`);
    else io.out(`Argo CD   ${url}\nlog in    ${sso}\n`);
    return;
  }
  const { user, password, problem } = login;
  if (json) {
    io.out(
      `${JSON.stringify({ stack, argocdURL: url, user, ...(password !== undefined && { password }) }, undefined, 2)}\n`,
    );
    return;
  }
  const known =
    password ??
    (problem === undefined
      ? "the one you have set: the first one was deleted"
      : `not known (${problem}): ${firstPasswordCommand}`);
  io.out(`Argo CD   ${url}\nuser      ${user}\npassword  ${known}\n`);
}

async function openAddress(task: StackTask, request: OpenRequest, url: string, login: Login | Sso): Promise<number> {
  const problem = await problemAt(url);
  if (problem !== undefined) {
    throw failure(`nothing answers at ${url} (${problem}); look at the cluster: \`onebranch status ${task.stack}\``);
  }
  print(task, request, { url, login });
  if (request.browser) await showIn(task, url);
  return 0;
}

async function showIn({ io }: StackTask, url: string): Promise<void> {
  if (!(await startBrowser(url, io.env))) io.err("there is no browser here; open the address in one\n");
}

/** Forwards a port until Ctrl-C, which is the ordinary end. */
async function forwardAndOpen(
  task: StackTask,
  request: OpenRequest,
  { kubeconfig }: Reach,
  expected: string,
  login: Login | Sso,
): Promise<number> {
  const { io, home, stop } = task;
  const wanted = Number(new URL(expected).port || "443");
  const port = await choosePort(request.port, wanted);
  const url = `https://localhost:${port}`;
  const file = join(privateDirectory(home.tmp), `open-${process.pid}.kubeconfig`);
  writeWhole(file, kubeconfig);
  let shown = false;
  const ready = async () => {
    if (shown) return;
    shown = true;
    print(task, request, { url, login });
    io.err("Ctrl-C ends this\n");
    if (request.browser) await showIn(task, url);
  };
  try {
    await forward({ io, kubeconfig: file, port, signal: stop.signal, ready });
    return 0;
  } finally {
    rmSync(file, { force: true });
  }
}

/** How long an address may take to answer, in milliseconds. */
const patience = 5_000;

/** Why nothing answers at an address; undefined when something does, with whatever certificate. */
function problemAt(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const sent = request(url, { method: "HEAD", rejectUnauthorized: false, timeout: patience }, (response) => {
      response.resume();
      resolve(undefined);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${patience / 1000} s`)));
    sent.on("error", (error) => resolve(error.message));
    sent.end();
  });
}
