import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { plainOutput } from "../../model/deployment";
import { UserError } from "../../model/errors";
import { unknownName } from "../terminal/fail";
import { chooseBackend, hasOtherBackend, loginBackend, ownBackend, type Backend } from "./environment";
import { workDirOf, type Home } from "./paths";
import { knownStacks, readRecord } from "./record";
import type { RunTarget } from "./run";
import { readDeployment } from "./state";
import type { StackTask } from "./task";
import { collectSettings } from "./work-dir";

/**
 * Where a stack is; undefined when there is none that can be reached from here. In a backend that is not a directory it may be
 * missing all the same.
 * @throws UserError when nothing here has the name, and no other backend could have it
 */
export async function locate(task: StackTask): Promise<Pick<RunTarget, "provider" | "backend"> | undefined> {
  const { io, home, stack } = task;
  const mayBeElsewhere = hasOtherBackend(io.env);
  if (!mayBeElsewhere) refuseUnknown(home, stack);
  const isKnown = readDeployment(home.state, stack) !== undefined || existsSync(workDirOf(home, stack));
  if (!isKnown && !mayBeElsewhere) return undefined;
  const provider = await providerOf(task);
  const backend = backendOf(task, provider);
  return backend === undefined || isGone(backend, stack) ? undefined : { provider, backend };
}

/** A name is known when it has a cluster in the tree, settings, or a state here. */
function refuseUnknown(home: Home, stack: string): void {
  const inTree = readdirSync(join(home.root, "gitops", "clusters"));
  const names = [...inTree, ...knownStacks(home)];
  const hasSettings = existsSync(join(home.root, `Pulumi.${stack}.yaml`));
  if (names.includes(stack) || hasSettings || existsSync(workDirOf(home, stack))) return;
  throw unknownName("stack", stack, names, { where: ", neither in gitops/clusters nor in the state" });
}

/** The provider that the stack was made with; if none was recorded, the one in its settings, if they can be read. */
async function providerOf({ home, stack, services }: StackTask): Promise<string | undefined> {
  const deployment = readDeployment(home.state, stack);
  const recorded = readRecord(home, stack)?.provider ?? (deployment && plainOutput(deployment, "provider"));
  if (typeof recorded === "string") return recorded;
  const { config } = collectSettings(home, stack, {});
  if (config.provider) return config.provider;
  try {
    return (await services.pulumi().check({ root: home.root, stack, config })).provider;
  } catch (error) {
    // A stack can be destroyed even when the tree is broken.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The stack's backend; undefined when the stack would be in a backend that needs a login, and there is none. */
function backendOf({ home, stack, io }: StackTask, provider: string | undefined): Backend | undefined {
  if (!io.env.PULUMI_BACKEND_URL && readDeployment(home.state, stack) !== undefined) return ownBackend(home);
  // Nothing here knows the stack, for example in a fresh checkout of CI: it is where somebody else made it.
  if (provider === undefined && !existsSync(workDirOf(home, stack))) return loginBackend(io.env);
  try {
    return chooseBackend(home, provider, io.env);
  } catch (error) {
    if (readRecord(home, stack) === undefined && error instanceof UserError) return undefined;
    throw error;
  }
}

function isGone(backend: Backend, stack: string): boolean {
  return backend.directory !== undefined && readDeployment(backend.directory, stack) === undefined;
}
