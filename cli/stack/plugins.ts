import { basename } from "node:path";
import { runningProcesses, sendSignal, type RunningProcess } from "../../machine/processes";

/** The variable that marks the processes of a Pulumi run with its stack; together with ONEBRANCH_ROOT it is unique. */
export const stackVariable = "ONEBRANCH_STACK";

/** Programs that Pulumi starts and that outlive it when it is killed. */
const plugin = /^(pulumi-(resource|language)-|terraform-provider-)/;

/**
 * Ends the plugins of a Pulumi that was killed: without it they wait for ever. Only for a stack that no run works on.
 * Returns how many there were.
 */
export function endPlugins(root: string, stack: string): number {
  const plugins = runningProcesses().filter((each) => isPluginOf(each, root, stack));
  for (const { pid } of plugins) sendSignal(pid, "SIGKILL");
  return plugins.length;
}

function isPluginOf({ command, environment }: RunningProcess, root: string, stack: string): boolean {
  const names = command.map((word) => basename(word));
  return (
    names.some((name) => plugin.test(name) || name === "dynamic-provider") &&
    environment.includes(`ONEBRANCH_ROOT=${root}`) &&
    environment.includes(`${stackVariable}=${stack}`)
  );
}
