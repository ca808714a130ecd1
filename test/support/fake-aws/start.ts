import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "./faults";
import { accountFiles, type Thing } from "./ledger";

/** An account of AWS that is faked, served in a process of its own: it outlives a Pulumi that is killed, as AWS does. */
export interface FakeAws {
  /** For the environment of Pulumi: this is the plugin `aws`. */
  env: { PULUMI_DEBUG_PROVIDERS: string };
  files: Omit<ReturnType<typeof accountFiles>, "faults" | "ledger">;
  /** What goes wrong from now on. */
  setFaults(faults: readonly Fault[]): void;
  stop(): Promise<void>;
}

/**
 * @param there what is in the account before
 * @param kubeconfig of the control plane that every cluster of the account gets; without it nothing answers
 */
export async function startAws(directory: string, there: readonly Thing[] = [], kubeconfig?: string): Promise<FakeAws> {
  mkdirSync(directory, { recursive: true });
  writeFileSync(accountFiles(directory).ledger, JSON.stringify(there));
  const child = spawn(process.execPath, ["--require", "tsx/cjs", join(__dirname, "main.ts")], {
    env: {
      ...process.env,
      FAKE_AWS_DIRECTORY: directory,
      ...(kubeconfig !== undefined && { FAKE_AWS_KUBECONFIG: kubeconfig }),
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const files = accountFiles(directory);
  return {
    env: { PULUMI_DEBUG_PROVIDERS: `aws:${port.toString().trim()}` },
    files,
    setFaults: (faults) => writeFileSync(files.faults, JSON.stringify(faults)),
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
