import { createInterface } from "node:readline/promises";

/** Everything outside the process that a verb may use, as one value, so that tests run the whole tool in process. */
export interface Io {
  /** Writes to standard output; the text brings its own line ends. */
  out(text: string): void;
  /** Writes to standard error; the text brings its own line ends. */
  err(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  /** True when a person watches standard error, so that a line may be rewritten in place. */
  live: boolean;
  /** True when standard output is a terminal, so that colours may be used. */
  terminal?: boolean;
  /** Width of the terminal in columns. */
  columns: number;
  /** Asks a yes-or-no question; undefined when there is no terminal to ask on. */
  ask?: (question: string) => Promise<boolean>;
  /** Calls back on each SIGINT or SIGTERM until the returned function is called. */
  onInterrupt(handler: () => void): () => void;
  /** Milliseconds of a clock that never runs backwards. */
  now(): number;
  /** The date and time of day. */
  date(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** The real process. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosed);
  const terminal = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    live: process.stderr.isTTY === true && process.env.TERM !== "dumb" && !process.env.CI,
    terminal: process.stdout.isTTY === true,
    columns: process.stderr.columns ?? process.stdout.columns ?? 80,
    ...(terminal && { ask }),
    onInterrupt(handler) {
      process.on("SIGINT", handler);
      process.on("SIGTERM", handler);
      return () => {
        process.off("SIGINT", handler);
        process.off("SIGTERM", handler);
      };
    },
    now: () => performance.now(),
    date: () => new Date(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

/** A reader that has seen enough (`| head`) is not a failure: the work goes on to its end and keeps its exit code. */
function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

async function ask(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
