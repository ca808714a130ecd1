import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseExport, plainOutput, type Deployment } from "../../../model/deployment";
import { lifetimeIn, type Lifetime } from "../../../model/lifetime";
import { isDnsLabel } from "../../../model/names";
import { isLocal } from "../../../model/providers";
import { loginBackend, stackEnvironment, writeHome, type Backend } from "../../stack/environment";
import type { Home } from "../../stack/paths";
import { knownStacks, readRecord } from "../../stack/record";
import { readDeployment } from "../../stack/state";
import type { StackTask } from "../../stack/task";
import type { Found } from "./judge";

/**
 * Every stack that this checkout can reach: its own ones, and those of the backend that PULUMI_BACKEND_URL or a login names. With
 * PULUMI_BACKEND_URL only that one counts, as for every other verb.
 */
export async function findStacks(task: StackTask): Promise<Found[]> {
  const { io, home } = task;
  const other = loginBackend(io.env);
  const found = new Map<string, Lifetime | undefined>();
  const elsewhere = new Set<string>();
  if (other !== undefined) {
    for (const [stack, state] of await statesIn(task, other)) {
      found.set(stack, lifetimeIn(state));
      const provider = plainOutput(state, "provider");
      if (typeof provider === "string" && isLocal(provider) && !hasTraces(home, stack)) elsewhere.add(stack);
    }
  }
  if (!io.env.PULUMI_BACKEND_URL) {
    for (const stack of knownStacks(home)) {
      const deployment = readDeployment(home.state, stack);
      if (deployment === undefined && found.has(stack)) continue;
      // A first run that was killed early has only its record.
      found.set(stack, (deployment && lifetimeIn(deployment)) ?? readRecord(home, stack)?.lifetime);
    }
  }
  const inTree = (stack: string) => existsSync(join(home.root, "gitops", "clusters", stack));
  return [...found]
    .map(([stack, lifetime]) => ({ stack, lifetime, inTree: inTree(stack), elsewhere: elsewhere.has(stack) }))
    .sort((a, b) => (a.stack < b.stack ? -1 : 1));
}

/** Whether this checkout has anything of a stack: its cluster, a kubeconfig, or a work directory. */
function hasTraces(home: Home, stack: string): boolean {
  if (!existsSync(home.directory)) return false;
  return readdirSync(home.directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(home.directory, name)))
    .some((name) => name === stack || name.startsWith(`${stack}.`));
}

/** The stacks of a backend with what Pulumi has recorded of them. Names that no stack of ours can have are left out. */
async function statesIn(
  { io, services, home, progress, stop }: StackTask,
  backend: Backend,
): Promise<[string, Deployment][]> {
  const pulumi = services.pulumi();
  progress.waiting("the list of stacks");
  const { path: toolPath } = await pulumi.prepare({
    root: home.root,
    provider: undefined,
    env: io.env,
    signal: stop.signal,
    report: (line, passing) => (passing ? progress.passing(line) : progress.line(line)),
  });
  writeHome(home);
  const env = stackEnvironment(home, backend, toolPath, io.env);
  const states: [string, Deployment][] = [];
  for (const stack of await pulumi.list({ workDir: home.root, env })) {
    if (!isDnsLabel(stack)) continue;
    stop.signal.throwIfAborted();
    progress.waiting(`the state of ${stack}`);
    const opened = await pulumi.open({ root: home.root, stack, workDir: home.root, env, known: true });
    states.push([stack, parseExport(await opened.exportState())]);
  }
  return states;
}
