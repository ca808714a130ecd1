import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** The variable that marks the processes of a Pulumi run with its stack; together with ONEBRANCH_ROOT it is unique. */
export const stackVariable = "ONEBRANCH_STACK";

/** Programs that Pulumi starts and that outlive it when it is killed. */
const plugin = /^(pulumi-(resource|language)-|terraform-provider-)/;

/**
 * Ends the plugins of a Pulumi that was killed: without it they wait for ever. Only for a stack that no run works on.
 * Returns how many there were; where there is no /proc, none are found.
 */
export function endPlugins(root: string, stack: string): number {
  const pids = processIds().filter((pid) => isPluginOf(pid, root, stack));
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Gone meanwhile.
    }
  }
  return pids.length;
}

function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function isPluginOf(pid: number, root: string, stack: string): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    if (!words.some((word) => plugin.test(basename(word)) || basename(word) === "dynamic-provider")) return false;
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return variables.includes(`ONEBRANCH_ROOT=${root}`) && variables.includes(`${stackVariable}=${stack}`);
  } catch {
    return false;
  }
}
