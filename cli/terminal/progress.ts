import type { Io } from "./io";
import { formatDuration } from "./table";

/** Shows on standard error what happens: finished things as lines, the running one as a line that changes in place. */
export interface Progress {
  /** Something is finished; its line stays. */
  line(text: string): void;
  /** What is being waited for now. Without a terminal it is printed once it takes long. */
  waiting(text: string): void;
  /** The same with a text of its own, such as a build that shows its time. Without a terminal it is printed now and then. */
  passing(text: string): void;
  /** Removes the changing line. */
  stop(): void;
}

const redrawEvery = 200;
/** Without a terminal, a step that takes less than this, in milliseconds, gets no line of its own. */
const worthShowing = 3000;
/** How often a passing line is printed without a terminal, in milliseconds. */
const passingEvery = 30_000;

/** The progress of one verb. Never give it a secret. */
export function createProgress(io: Io): Progress {
  return io.live ? liveProgress(io) : plainProgress(io);
}

function plainProgress(io: Io): Progress {
  let wanted = "";
  let shown = "";
  let passed = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    timer = undefined;
    if (wanted !== shown) io.err(`waiting for ${wanted}\n`);
    shown = wanted;
  };
  const quiet = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    line(text) {
      io.err(`${text}\n`);
    },
    waiting(text) {
      if (text === wanted) return;
      wanted = text;
      quiet();
      timer = setTimeout(show, worthShowing).unref();
    },
    passing(text) {
      if (io.now() - passed < passingEvery) return;
      passed = io.now();
      io.err(`${text}\n`);
    },
    stop: quiet,
  };
}

function liveProgress(io: Io): Progress {
  let text = "";
  let since = io.now();
  let timer: NodeJS.Timeout | undefined;
  const clear = () => io.err("\r\x1b[K");
  const show = (line: string) => {
    clear();
    io.err(line.length > io.columns - 1 ? `${line.slice(0, io.columns - 4)}...` : line);
  };
  const draw = () => show(`waiting for ${text} (${formatDuration(io.now() - since)})`);
  const stop = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    clear();
  };
  return {
    line(done) {
      clear();
      io.err(`${done}\n`);
      if (timer !== undefined) draw();
    },
    waiting(next) {
      if (next !== text) since = io.now();
      text = next;
      timer ??= setInterval(draw, redrawEvery).unref();
      draw();
    },
    passing(line) {
      stop();
      show(line);
    },
    stop,
  };
}
