import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { rendererBinary } from "../../cli/tree/renderer/binary";
import type { Plan } from "../../cli/verbs/plan/types";
import { run, type Run, type RunOptions } from "./measure";
import { inCheckout } from "../support/paths";

const program = inCheckout("bin/onebranch.js");

/** The tool as somebody calls it, with a cache of its own that can be emptied. */
export class Tool {
  private constructor(
    private readonly renderer: string,
    private readonly cache: string,
  ) {}

  /** Builds the renderer where that was not done yet. */
  static async open(workspace: string, progress: (text: string) => void): Promise<Tool> {
    const tool = new Tool(dirname(await rendererBinary({ env: process.env, progress })), join(workspace, "cache"));
    tool.emptyCache();
    return tool;
  }

  /** Removes everything that is kept between runs but the renderer's program. */
  emptyCache(): void {
    rmSync(this.cache, { recursive: true, force: true });
    mkdirSync(this.cache);
    symlinkSync(this.renderer, join(this.cache, basename(this.renderer)));
  }

  /** Runs the whole command, Node's start included. */
  run(args: readonly string[], tree: string, options: Pick<RunOptions, "memory"> = {}): Promise<Run> {
    return run([process.execPath, program, ...args, "--tree", tree], {
      ...options,
      env: { ...process.env, ONEBRANCH_CACHE: this.cache, NO_COLOR: "1" },
    });
  }

  /** Seconds of each round: with an empty cache, and of the run after it. */
  async times(args: readonly string[], tree: string, rounds: number): Promise<{ cold: number[]; warm: number[] }> {
    const [cold, warm]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      this.emptyCache();
      cold.push((await this.run(args, tree)).seconds);
      warm.push((await this.run(args, tree)).seconds);
    }
    return { cold, warm };
  }

  /** The memory that a command takes, where that can be seen. */
  async memory(args: readonly string[], tree: string): Promise<{ stdout: string; memory?: number }> {
    const { stdout, peak } = await this.run(args, tree, { memory: true });
    return { stdout, ...(peak === undefined ? {} : { memory: peak }) };
  }

  /** A plan of the working tree: how many Applications differ, and the memory it took. Its time is not a measurement. */
  async plan(tree: string): Promise<{ changed: number; memory?: number }> {
    const { stdout, memory } = await this.memory(["plan", "--offline", "--json"], tree);
    const { changes, failed, notEvaluated } = JSON.parse(stdout) as Plan;
    if (failed.length + notEvaluated.length > 0)
      throw new Error(`the fleet in ${tree} does not render: ${JSON.stringify([...failed, ...notEvaluated][0])}`);
    const changed = changes.reduce((sum, { clusters }) => sum + clusters.length, 0);
    return { changed, ...(memory === undefined ? {} : { memory }) };
  }
}
