import type { ChildProcess } from "node:child_process";

/** How a finished command went. */
export interface Result {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** stdout and stderr as they came. */
  output: string;
}

/** A command that runs, with its output as lines while it does. */
export class Command {
  private stdout = "";
  private stderr = "";
  private output = "";
  private readonly ended: Promise<Result>;
  private listeners: ((line: string) => void)[] = [];
  private rest = "";

  constructor(
    readonly title: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout!.on("data", (data: Buffer) => {
      this.stdout += data.toString();
      this.take(data.toString());
    });
    child.stderr!.on("data", (data: Buffer) => {
      this.stderr += data.toString();
      this.take(data.toString());
    });
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) =>
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr, output: this.output }),
      );
    });
  }

  private take(text: string): void {
    this.output += text;
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) for (const listener of this.listeners) listener(line);
  }

  /** Calls back for every whole line the command prints from now on. */
  onLine(listener: (line: string) => void): void {
    this.listeners.push(listener);
  }

  /** Sends a signal to the command and everything in its process group. */
  signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.child.pid!, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  result(): Promise<Result> {
    return this.ended;
  }
}
