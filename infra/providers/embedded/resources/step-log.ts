import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { checkoutRoot } from "../../../checkout-root";
import { clusterPaths, formatStep, type ReportStep } from "../runtime";

/**
 * Writes each step into the cluster's `logs/runtime.log`: what a plugin prints is shown by Pulumi as a diagnostic, which
 * belongs to trouble only.
 */
export function stepLog(name: string): ReportStep {
  const path = join(clusterPaths(name, checkoutRoot()).logs, "runtime.log");
  return (event) => {
    try {
      appendFileSync(path, `${new Date().toISOString()} ${formatStep(event)}\n`, { mode: 0o600 });
    } catch {
      // Before the directory is there, and after it is gone, there is nowhere to write to.
    }
  };
}
