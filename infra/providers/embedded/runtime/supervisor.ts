import { spawn } from "node:child_process";
import { open, realpath } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { privateDirectory, writeWhole } from "../../../../machine/files";
import { isAlive, startToken, type ProcessRecord } from "../../../../machine/processes";
import { UserError } from "../../../../model/errors";
import { isReleased } from "../toolchain/release/manifest";
import { type ClusterPaths } from "./directory";
import { boundLog, lastLines, logFile } from "./logs";
import { livingProcess, type NamedProcess, pidFile } from "./pid-file";
import { checkPorts, type Ports } from "./ports";
import { areCurrent, digestFile, digestOf, type ProcessSpec } from "./process-spec";
import { processesBelow } from "./process-table";
import type { ReportStep } from "./steps";
import { stopProcesses } from "./stop";

/** A process that was there or was started, as this supervisor last saw it. */
interface Watched {
  spec: ProcessSpec;
  record: ProcessRecord | undefined;
  /** Whether it was there before. */
  kept: boolean;
  /** Set once a process that we started has ended. */
  ended?: { code: number | null; signal: string | null };
  logStart: number;
}

/** The exit code of a process that found its pid file claimed by another one. */
const heldExit = 75;
const poll = 50;

/** Keeps the processes of one cluster as their specs say. Only for the holder of the cluster's lock. */
export class Supervisor {
  private readonly watched = new Map<string, Watched>();
  private orphans: readonly NamedProcess[] | undefined;

  constructor(
    private readonly paths: ClusterPaths,
    private readonly ports: Ports,
    private readonly report: ReportStep,
  ) {}

  /**
   * Makes a process run: leaves it alone, starts it, or restarts it because it was started with other options.
   * @param again restarts it in any case
   */
  async ensure(spec: ProcessSpec, again = false): Promise<void> {
    privateDirectory(this.paths.run);
    privateDirectory(this.paths.logs);
    const record = await this.find(spec.name);
    if (record && !again && (await areCurrent(this.paths.run, [spec]))) {
      this.watched.set(spec.name, { spec, record, kept: true, logStart: 0 });
      return;
    }
    await this.begin(spec, record);
  }

  /** The running process of a name. If its pid file was removed, or is not written yet, it is written. */
  private async find(name: string): Promise<ProcessRecord | undefined> {
    const file = pidFile(this.paths.run, name);
    const record = await livingProcess(file);
    if (record) return record;
    this.orphans ??= processesBelow(this.paths.run);
    const orphan = this.orphans.find((each) => each.name === name)?.record;
    if (!isAlive(orphan)) return undefined;
    writeWhole(file, `${JSON.stringify(orphan)}\n`);
    return orphan;
  }

  private async begin(spec: ProcessSpec, old: ProcessRecord | undefined): Promise<void> {
    this.report({ action: old ? "restart" : "start", subject: spec.name });
    if (old) await stopProcesses([{ name: spec.name, record: old }]);
    await checkPorts(this.paths.name, this.ports, spec.ports);
    await spec.prepare?.();
    // The digest is written before the start. If it came after, a kill in between would make the next run restart a healthy
    // process.
    writeWhole(digestFile(this.paths.run, spec.name), await digestOf(spec));
    const path = logFile(this.paths, spec.name);
    const logStart = await boundLog(path);
    const log = await open(path, "a", 0o600);
    try {
      const child = spawn(spec.binary, spec.args, {
        cwd: this.paths.home,
        env: { ...spec.passed, ...spec.env, ONEBRANCH_PIDFILE: pidFile(this.paths.run, spec.name) },
        // It has a session of its own and no stream of the caller, so that it outlives the caller.
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      });
      const watched: Watched = { spec, record: undefined, kept: false, logStart };
      this.watched.set(spec.name, watched);
      child.once("exit", (code, signal) => (watched.ended = { code, signal }));
      await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
      child.unref();
      if (await isReleased(await realpath(spec.binary))) this.claimFor(spec.name, child.pid!);
    } catch (error) {
      throw new UserError(`${spec.name} cannot be started: ${(error as Error).message}`, { exitCode: 1, cause: error });
    } finally {
      await log.close();
    }
  }

  /**
   * A publisher's program knows nothing of pid files. When a kill comes before this, the process is found by what it was started
   * with; and only the holder of the cluster's lock starts one, so that no second one can take its place.
   */
  private claimFor(name: string, pid: number): void {
    const start = startToken(pid);
    if (start !== undefined) writeWhole(pidFile(this.paths.run, name), `${JSON.stringify({ pid, start })}\n`);
  }

  /**
   * Waits until a process does its work. A process that ran before and does not work is restarted once.
   * @param seconds how long a process may take that was started
   * @param patience how long one may take that was there before, in seconds
   */
  async healthy(name: string, seconds = 60, patience = 10): Promise<void> {
    const watched = this.watched.get(name);
    if (!watched) throw new Error(`${name} was not started by this supervisor`);
    const working = await this.wait(watched, watched.kept ? patience : seconds);
    if (working) return;
    if (!watched.kept) throw await this.failure(watched, `does not answer after ${seconds} s`);
    await this.begin(watched.spec, await this.find(name));
    await this.healthy(name, seconds, patience);
  }

  private async wait(watched: Watched, seconds: number): Promise<boolean> {
    const began = Date.now();
    let reported = 0;
    while (await this.runs(watched)) {
      if (watched.record && (await (watched.spec.healthy?.() ?? true))) return true;
      const waited = (Date.now() - began) / 1000;
      if (waited > seconds) return false;
      if (waited - reported >= 1)
        this.report({ action: "wait", subject: watched.spec.name, seconds: (reported = waited) });
      await sleep(poll);
    }
    return false;
  }

  /** Fails when a process that was started has ended. */
  async checkStarted(): Promise<void> {
    for (const watched of this.watched.values()) await this.runs(watched);
  }

  /** Whether a process runs or is still starting. If we started it and it has ended, this fails with the end of its log. */
  private async runs(watched: Watched): Promise<boolean> {
    const { spec, ended } = watched;
    if (ended?.code === heldExit) {
      // Another process holds its pid file: a killed run had started it already, and that process is as good as ours.
      Object.assign(watched, {
        ended: undefined,
        kept: true,
        record: await livingProcess(pidFile(this.paths.run, spec.name)),
      });
      return watched.record !== undefined;
    }
    if (ended) {
      const how = ended.signal ? `was ended by ${ended.signal}` : `ended with exit code ${ended.code}`;
      throw await this.failure(watched, how);
    }
    watched.record ??= await livingProcess(pidFile(this.paths.run, spec.name));
    return !watched.kept || isAlive(watched.record);
  }

  private async failure({ spec, logStart }: Watched, what: string): Promise<UserError> {
    const path = logFile(this.paths, spec.name);
    const lines = await lastLines(path, logStart);
    const log = lines.length > 0 ? `its log ${path} ends with\n${lines.join("\n")}` : `its log ${path} is empty`;
    return new UserError(`${spec.name} of cluster ${this.paths.name} ${what}; ${log}`, { exitCode: 1 });
  }
}
