import { createHash } from "node:crypto";
import { readFile, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import type { PortName } from "./ports";

/** One process of a cluster: how it is started and how one sees that it works. */
export interface ProcessSpec {
  /** Name of its log and pid file. */
  name: string;
  binary: string;
  args: string[];
  /** What it must see in its environment; a change restarts it. */
  env: Record<string, string>;
  /** What it may see of the caller's environment; a change does not restart it, because two terminals differ. */
  passed?: Record<string, string>;
  /** Files it reads once, when it starts; a change of their content restarts it. */
  files?: string[];
  /** Ports it listens on. */
  ports: PortName[];
  /** Whether it does its work. Where this is absent, a running process counts as working. */
  healthy?: () => Promise<boolean>;
  /** Called right before it starts. */
  prepare?: () => Promise<void>;
}

/**
 * Changes when the process would have to be started again to be as the spec says. It is a hash because the environment holds
 * passwords.
 */
export async function digestOf(spec: ProcessSpec): Promise<string> {
  const files = await Promise.all((spec.files ?? []).map((file) => readFile(file, "utf8").catch(() => "")));
  // The same program may be reached through different directories of links.
  const binary = await realpath(spec.binary).catch(() => spec.binary);
  const env = Object.entries(spec.env).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([binary, basename(spec.binary), spec.args, env, files]);
  return createHash("sha256").update(text).digest("hex");
}

/** The file that records what a process was started with. */
export function digestFile(run: string, name: string): string {
  return join(run, `${name}.digest`);
}

/** Whether every process was last started as its spec says now. */
export async function areCurrent(run: string, specs: readonly ProcessSpec[]): Promise<boolean> {
  const same = await Promise.all(
    specs.map(async (spec) => {
      const known = await readFile(digestFile(run, spec.name), "utf8").catch(() => "");
      return known === (await digestOf(spec));
    }),
  );
  return same.every(Boolean);
}
