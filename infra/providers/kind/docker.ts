import { execFile } from "node:child_process";
import { promisify } from "node:util";

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
    try {
      await run(["version", "--format", "{{.Server.Version}}"]);
      return undefined;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return "`docker` is not installed";
      const text = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
      const line = text.split("\n").find((part) => part.trim() !== "");
      return `the Docker daemon does not answer (${line?.trim() ?? "no reason given"})`;
    }
  },

  async nodes(clusterName) {
    try {
      const ids = lines(
        await run(["ps", "-aq", "--no-trunc", "--filter", `label=io.x-k8s.kind.cluster=${clusterName}`]),
      );
      return ids.length === 0 ? [] : parseNodes(await run(["inspect", ...ids]));
    } catch {
      return [];
    }
  },

  async remove(ids) {
    if (ids.length > 0) await run(["rm", "--force", "--volumes", ...ids]);
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

async function run(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", args, { timeout: 60_000 });
  return stdout;
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
