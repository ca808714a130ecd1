import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { Place, requestOf, toolProgram, type HostileTree, type Said } from "./hostile-tree";

/** The tool in one process that serves tree after tree, because starting it takes longer than most trees do. */
export class ToolProcess {
  private child: ChildProcessWithoutNullStreams | undefined;
  private lines: Interface | undefined;
  private said = "";

  constructor(
    private readonly place: Place,
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  /**
   * Runs command lines; those that write come last, one after the other.
   * @throws Error when the process dies of it or does not answer; the next tree has a new one
   */
  async run(
    tree: HostileTree,
    readers: readonly string[],
    writers: readonly string[] = [],
    seconds = 240,
  ): Promise<Said[]> {
    const { child, lines } = this.start();
    const stop = new AbortController();
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.stdin.write(`${JSON.stringify(requestOf(tree.root, readers, writers))}\n`);
    try {
      const answered = once(lines, "line", { signal: stop.signal }).then(([line]) => String(line));
      const ended = once(child, "close", { signal: stop.signal }).then(([code, signal]) => {
        throw new Error(`the tool ended with ${signal ?? code} within ${seconds} s\n${this.said}`);
      });
      return JSON.parse(await Promise.race([answered, ended])) as Said[];
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  close(): void {
    this.child?.stdin.end();
  }

  private start(): { child: ChildProcessWithoutNullStreams; lines: Interface } {
    const { child, lines } = this;
    if (child && lines && child.exitCode === null && child.signalCode === null) return { child, lines };
    this.said = "";
    const started = spawn(process.execPath, toolProgram, {
      cwd: this.place.path,
      env: { ...this.place.env, ...this.env },
    });
    started.stderr.on("data", (data: Buffer) => (this.said += data.toString()));
    started.stdin.on("error", () => undefined);
    this.child = started;
    this.lines = createInterface({ input: started.stdout });
    return { child: started, lines: this.lines };
  }
}

/** A place for hostile trees and the tool in it, for the tests of a suite. */
export function useTool(): { place: Place; tool: ToolProcess } {
  const place = new Place();
  const tool = new ToolProcess(place, { ONEBRANCH_RENDER_SECONDS: "2" });
  before(async function () {
    this.timeout(600_000);
    await place.addRenderer();
  });
  after(() => {
    tool.close();
    place.remove();
  });
  return { place, tool };
}
