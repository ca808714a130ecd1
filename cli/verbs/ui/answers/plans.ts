import { join } from "node:path";
import { run } from "../../../../machine/run";
import { sourceRoot } from "../../../../model/source-root";
import type { Io } from "../../../terminal/io";
import type { Plan } from "../../plan/types";
import type { PlanAnswer } from "../views";
import type { ChartSettings } from "./values";

/** What `promote --json` prints, as far as the page shows it. */
interface Promoted {
  from: string;
  to: string;
  promoted: object[];
  absent: string[];
  plan?: Plan;
  unplanned?: string;
}

/**
 * Plans, made by the verbs that print them. Each runs in a process of its own: a plan of a large tree takes the processor for a second,
 * and the page goes on showing what happens meanwhile.
 */
export class Plans {
  private readonly running = new Map<string, Promise<PlanAnswer>>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly root: string,
    private readonly io: Pick<Io, "env">,
    private readonly settings: ChartSettings,
    private readonly signal: AbortSignal,
  ) {}

  /** What the working tree changes, of one component or of all. */
  working(component?: string): Promise<PlanAnswer> {
    const words = component === undefined ? [] : ["--component", component];
    return this.answer(["plan", ...words], (facts) => ({ plan: facts as Plan }));
  }

  /** What the next promotion to a stage changes, of one component or of all. */
  promotion(stage: string, component?: string): Promise<PlanAnswer> {
    const words = ["promote", component ?? "--all", "--to", stage, "--dry-run"];
    return this.answer(words, (facts) => {
      const { from, to, promoted, absent, plan, unplanned } = facts as Promoted;
      const rest = absent.length === 0 ? {} : { absent };
      if (promoted.length === 0)
        return { ...rest, note: `there is nothing to promote: ${from} and ${to} have the same` };
      return { ...rest, ...(plan !== undefined && { plan }), ...(unplanned !== undefined && { note: unplanned }) };
    });
  }

  /** One after another: two plans at a time would both take twice as long. */
  private answer(words: readonly string[], read: (facts: unknown) => Partial<PlanAnswer>): Promise<PlanAnswer> {
    const key = words.join(" ");
    const found = this.running.get(key);
    if (found !== undefined) return found;
    const made = this.last.then(() => this.make(words, read)).finally(() => this.running.delete(key));
    this.running.set(key, made);
    this.last = made.catch(() => undefined);
    return made;
  }

  private async make(words: readonly string[], read: (facts: unknown) => Partial<PlanAnswer>): Promise<PlanAnswer> {
    const { charts, offline } = this.settings;
    const more = [...(charts === undefined ? [] : ["--charts", charts]), ...(offline ? ["--offline"] : [])];
    const program = join(sourceRoot, "bin", "onebranch.js");
    const { code, stdout, stderr } = await run(
      process.execPath,
      [program, ...words, ...more, "--tree", this.root, "--json"],
      { cwd: this.root, env: this.io.env, group: true, signal: this.signal },
    );
    const head = { at: new Date().toISOString(), command: `onebranch ${words.join(" ")}` };
    if (code === 0) return { ...head, ...read(JSON.parse(stdout)) };
    const said = stderr.trim().split("\n").slice(-5).join("\n");
    return { ...head, note: said || "it was stopped" };
  }
}
