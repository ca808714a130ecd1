import { formatBar, formatProgress, formatSeconds, type BuildProgress } from "../../../../machine/build-progress";
import type { Part } from "./parts";

export type State =
  | "plan"
  | "start"
  | "waiting"
  | "downloading"
  | "unreachable"
  | "fetching"
  | "fetched"
  | "running"
  | "done"
  | "cached"
  | "installed";

/** One event of `ensureToolchain`. */
export interface BuildEvent {
  part: Part;
  /** place of the part among those asked for, from 1 */
  index: number;
  total: number;
  /** parts that have to be built after this one */
  remaining: number;
  elapsedSeconds: number;
  /** how far the build of all parts is */
  progress?: BuildProgress;
  /** bytes of release files that are there, of those that come */
  bytes?: { received: number; all: number };
  state: State;
  /** what serves, what is waited for, what is to be built */
  note?: string;
}

export type Report = (part: Part, state: State, more?: Partial<BuildEvent>) => void;

export function formatBuildEvent(event: BuildEvent): string {
  if (event.state === "plan") return plan(event);
  if (event.state === "unreachable") return event.note ?? "";
  return `[${event.index}/${event.total}] ${event.part}: ${sentence(event)}`;
}

function plan({ note, progress }: BuildEvent): string {
  const packages = progress?.all ?? 0;
  return (
    `building ${note}: up to ${packages.toLocaleString("en")} Go packages, once for all checkouts of this user; ` +
    "how long it takes is said after a few seconds of it"
  );
}

function sentence(event: BuildEvent): string {
  switch (event.state) {
    case "plan":
    case "unreachable":
    case "start":
      return `building${remain(event)}`;
    case "running":
      return (
        (event.note === undefined ? "" : `${event.note}, `) + (event.progress ? formatProgress(event.progress) : "")
      );
    case "done":
      return `built in ${formatSeconds(event.elapsedSeconds)}${remain(event)}`;
    case "cached":
      return "built before, nothing to do";
    case "installed":
      return `${event.note ?? "an installed one"} serves, nothing to build`;
    case "waiting":
      return `waiting for ${event.note ?? "another build"}`;
    case "fetching":
      return `fetching release files, ${megabytes(event)}`;
    case "fetched":
      return `release files fetched and checked in ${formatSeconds(event.elapsedSeconds)}, ${event.note}`;
    case "downloading":
      return `asking the installed pulumi to download ${event.note ?? "the plugin"}`;
  }
}

function megabytes({ bytes, elapsedSeconds }: BuildEvent): string {
  if (bytes === undefined || bytes.all === 0) return formatSeconds(elapsedSeconds);
  const { received, all } = bytes;
  const [there, of] = [received, all].map((each) => (each / 1e6).toFixed(0));
  const left = received === 0 ? "" : `, about ${formatSeconds((elapsedSeconds / received) * (all - received))} left`;
  return `${formatBar(received / all)} ${there} of ${of} MB${left}`;
}

function remain({ remaining }: BuildEvent): string {
  return remaining === 0 ? "; the last one" : `; ${remaining} more to build`;
}

/** Whether the next event takes the place of this one. */
export function isPassing({ state }: BuildEvent): boolean {
  return state === "running" || state === "start" || state === "fetching";
}

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const plainHeartbeatSeconds = 30;

/** Prints events: one line that updates itself on a terminal, otherwise a plain line now and then. */
export function buildEventPrinter(output: Output): (event: BuildEvent) => void {
  return output.isTTY ? terminalPrinter(output) : plainPrinter(output);
}

function terminalPrinter(output: Output): (event: BuildEvent) => void {
  return (event) => {
    const passing = isPassing(event);
    const line = formatBuildEvent(event);
    // A line that wraps could not be taken back.
    const shown = passing ? line.slice(0, (output.columns ?? 80) - 1) : `${line}\n`;
    output.write(`\r\x1b[2K${shown}`);
  };
}

function plainPrinter(output: Output): (event: BuildEvent) => void {
  let printed = 0;
  let timed = false;
  return (event) => {
    if (event.state === "start") printed = 0;
    if (event.state === "running" || event.state === "fetching") {
      // The first line with a time is what everybody waits for.
      const first = !timed && event.progress?.secondsLeft !== undefined;
      if (!first && event.elapsedSeconds - printed < plainHeartbeatSeconds) return;
      timed ||= first;
      printed = event.elapsedSeconds;
    }
    output.write(`${formatBuildEvent(event)}\n`);
  };
}
