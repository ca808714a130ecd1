import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { Api } from "../../../infra/providers/embedded/runtime/api";
import { clusterPaths, type ClusterPaths } from "../../../infra/providers/embedded/runtime/directory";
import { clusterStatus, readPorts, type Ports } from "../../../infra/providers/embedded/runtime";
import { userRange } from "../../../infra/providers/embedded/runtime/port-claims";
import { Command, type Result } from "./command";

/** A cluster that the runtime alone makes, without Pulumi. */
export class Embedded {
  readonly paths: ClusterPaths;

  constructor(
    readonly root: string,
    readonly name: string,
    /** Of Argo CD. */
    private readonly configMaps: Record<string, Record<string, string>> = {},
  ) {
    this.paths = clusterPaths(name, root);
  }

  /** Begins a start in a process of its own. */
  begin(): Command {
    const script = join(__dirname, "starter.ts");
    const configMaps = JSON.stringify(this.configMaps);
    const child = spawn(process.execPath, ["--require", "tsx/cjs", script, this.root, this.name, configMaps], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    return new Command(`start of ${this.name}`, child);
  }

  /** Starts it to the end, and returns the steps that this took. */
  async start(): Promise<string[]> {
    const result = await this.begin().result();
    if (result.code !== 0) throw new Error(`the start of ${this.name} failed:\n${result.output}`);
    return result.stdout.split("\n").filter(Boolean);
  }

  /** Begins a start and kills the process that does it at the first step that fits. */
  async killAt(fits: (step: string) => Promise<boolean>): Promise<Result> {
    const command = this.begin();
    let done = false;
    command.onLine((line) => {
      void (async () => {
        if (done || !(await fits(line)) || done) return;
        done = true;
        command.signal("SIGKILL");
      })();
    });
    return command.result();
  }

  async ports(): Promise<Ports> {
    return (await readPorts(this.paths))!;
  }

  /** Process name to pid, for those that run and answer. */
  async pids(): Promise<Record<string, number>> {
    const { controlPlane, argocd } = await clusterStatus(this.root, this.name);
    const running = [...controlPlane, ...argocd].filter(({ state }) => state === "running");
    return Object.fromEntries(running.map(({ name, pid }) => [name, pid!]));
  }

  async api(): Promise<Api> {
    return Api.connect(this.paths, (await this.ports())["kube-apiserver"], "admin");
  }

  /** Writes a ConfigMap that says `text`. */
  async remember(text: string): Promise<void> {
    const api = await this.api();
    const metadata = { name: "memory", namespace: "default" };
    await api.apply("/api/v1/namespaces/default/configmaps/memory", {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { text },
    });
    api.close();
  }

  /** What the ConfigMap says; undefined when there is none. */
  async recall(): Promise<string | undefined> {
    const api = await this.api();
    const found = await api.get<{ data: { text: string } }>("/api/v1/namespaces/default/configmaps/memory");
    api.close();
    return found?.data.text;
  }

  /** Claims on ports that are the cluster's. */
  claims(): string[] {
    const { claims } = userRange();
    return readdirSync(claims).filter((name) => readlinkSync(join(claims, name)).includes(`"${this.paths.home}"`));
  }
}

/** Addresses (`ip:port`, in the kernel's hexadecimal) that processes listen on. */
export function listening(pids: readonly number[]): string[] {
  const sockets = new Set(
    pids.flatMap((pid) => readdirSync(`/proc/${pid}/fd`).map((fd) => target(`/proc/${pid}/fd/${fd}`))),
  );
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && sockets.has(`socket:[${inode}]`))
      .map(([, address]) => address!),
  );
}

function target(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
