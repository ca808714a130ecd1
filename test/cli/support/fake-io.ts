import { join } from "node:path";
import type { Io } from "../../../cli/terminal/io";

/** An Io that keeps what is printed; its clock moves only when somebody sleeps. */
export class FakeIo implements Io {
  stdout = "";
  stderr = "";
  env: Record<string, string | undefined>;
  cwd: string;
  live = false;
  columns = 80;
  ask?: (question: string) => Promise<boolean>;
  /** Questions that were asked. */
  questions: string[] = [];
  /** Called at every sleep, to let something happen meanwhile. */
  whileAsleep: (elapsed: number) => void = () => undefined;
  private elapsed = 0;
  private readonly handlers = new Set<() => void>();

  constructor(cwd: string) {
    this.cwd = cwd;
    // A home without a Pulumi login, whatever the machine has.
    this.env = { PATH: "/usr/bin", HOME: join(cwd, "home") };
  }

  out = (text: string): void => void (this.stdout += text);
  err = (text: string): void => void (this.stderr += text);
  now = (): number => this.elapsed;
  today = new Date("2026-03-04T05:06:07.890Z");
  date = (): Date => this.today;

  sleep = async (milliseconds: number): Promise<void> => {
    this.elapsed += milliseconds;
    this.whileAsleep(this.elapsed);
    await new Promise((resolve) => setImmediate(resolve));
  };

  onInterrupt = (handler: () => void): (() => void) => {
    this.handlers.add(handler);
    return () => void this.handlers.delete(handler);
  };

  /** Makes `ask` answer. */
  answers(answer: boolean): void {
    this.ask = async (question) => {
      this.questions.push(question);
      return answer;
    };
  }

  /** Presses Ctrl-C; returns how many listened. */
  interrupt(): number {
    for (const handler of this.handlers) handler();
    return this.handlers.size;
  }
}
