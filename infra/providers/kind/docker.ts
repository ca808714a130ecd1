import { run, type RunResult } from "../../../machine/run";

/** A container that is a node of a kind cluster. */
export interface KindNode {
  id: string;
  name: string;
  running: boolean;
  mounts: readonly { source: string; destination: string }[];
}

/** The little we ask of Docker. Replaced in tests. */
export interface Docker {
  /** Why Docker cannot be used, in one line; `undefined` when it can. */
  problem(): Promise<string | undefined>;
  /** The nodes of a kind cluster, running or not; none when Docker cannot be used. */
  nodes(clusterName: string): Promise<KindNode[]>;
  /** Removes containers with their volumes, running or not. */
  remove(ids: readonly string[]): Promise<void>;
}

/** The `docker` on PATH; its daemon is the one kind will use. */
export const docker: Docker = {
  async problem() {
    const { code, stderr, missing } = await ask(["version", "--format", "{{.Server.Version}}"]);
    if (code === 0) return undefined;
    if (missing) return "`docker` is not installed";
    const line = stderr.split("\n").find((part) => part.trim() !== "");
    return `the Docker daemon does not answer (${line?.trim() ?? "no reason given"})`;
  },

  async nodes(clusterName) {
    try {
      const ids = lines(
        await output(["ps", "-aq", "--no-trunc", "--filter", `label=io.x-k8s.kind.cluster=${clusterName}`]),
      );
      return ids.length === 0 ? [] : parseNodes(await output(["inspect", ...ids]));
    } catch {
      return [];
    }
  },

  async remove(ids) {
    if (ids.length > 0) await output(["rm", "--force", "--volumes", ...ids]);
  },
};

interface Inspected {
  Id: string;
  Name: string;
  State?: { Running?: boolean };
  Mounts?: { Source?: string; Destination?: string }[];
}

/** The nodes in the output of `docker inspect`. */
export function parseNodes(inspected: string): KindNode[] {
  return (JSON.parse(inspected) as Inspected[]).map(({ Id, Name, State, Mounts }) => ({
    id: Id,
    name: Name.replace(/^\//, ""),
    running: State?.Running === true,
    mounts: (Mounts ?? []).map(({ Source, Destination }) => ({ source: Source ?? "", destination: Destination ?? "" })),
  }));
}

function ask(args: readonly string[]): Promise<RunResult> {
  return run("docker", args, { signal: AbortSignal.timeout(60_000) });
}

async function output(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ask(args);
  if (code !== 0) throw new Error(`docker ${args[0]}: ${stderr.trim() || "no answer"}`);
  return stdout;
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
