import type { Part } from "./parts";

export type State = "start" | "waiting" | "downloading" | "running" | "done" | "cached" | "installed";

/** Packages compiled, of those that have to be. */
export interface Progress {
  compiled: number;
  all: number;
  /** what the rest takes at the speed so far */
  secondsLeft: number;
}

/** One event of `ensureToolchain`. */
export interface BuildEvent {
  part: Part;
  /** place of the part among those asked for, from 1 */
  index: number;
  total: number;
  /** parts that have to be built after this one */
  remaining: number;
  /** what the part takes on two cores with empty caches */
  expectedSeconds: number;
  elapsedSeconds: number;
  /** how far it is, as soon as that can be told */
  progress?: Progress;
  state: State;
  /** what serves, or what is waited for */
  note?: string;
}

export function formatBuildEvent(event: BuildEvent): string {
  return `[${event.index}/${event.total}] ${event.part}: ${sentence(event)}`;
}

function sentence(event: BuildEvent): string {
  const about = `about ${formatSeconds(event.expectedSeconds)} on two cores`;
  switch (event.state) {
    case "start":
      return `building, ${about}${remain(event)}`;
    case "running":
      if (event.progress) return `${compiled(event.progress)}${remain(event)}`;
      return `building for ${formatSeconds(event.elapsedSeconds)}, ${about}${remain(event)}`;
    case "done":
      return `built in ${formatSeconds(event.elapsedSeconds)}${remain(event)}`;
    case "cached":
      return "built before, nothing to do";
    case "installed":
      return `${event.note ?? "an installed one"} serves, nothing to build`;
    case "waiting":
      return `waiting for ${event.note ?? "another build"}`;
    case "downloading":
      return `asking the installed pulumi to download ${event.note ?? "the plugin"}`;
  }
}

function compiled({ compiled, all, secondsLeft }: Progress): string {
  const [done, of] = [compiled, all].map((packages) => packages.toLocaleString("en"));
  return `${done} of ${of} packages compiled, about ${formatSeconds(secondsLeft)} left`;
}

function remain({ remaining }: BuildEvent): string {
  return remaining === 0 ? "; the last one" : `; ${remaining} more to build`;
}

export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

const plainHeartbeatSeconds = 30;

/** Prints events: one line that updates itself on a terminal, otherwise a plain line now and then. */
export function buildEventPrinter(output: Output): (event: BuildEvent) => void {
  return output.isTTY ? terminalPrinter(output) : plainPrinter(output);
}

function terminalPrinter(output: Output): (event: BuildEvent) => void {
  return (event) => {
    const passing = event.state === "running" || event.state === "start";
    output.write(`\r\x1b[2K${formatBuildEvent(event)}${passing ? "" : "\n"}`);
  };
}

function plainPrinter(output: Output): (event: BuildEvent) => void {
  let printed = 0;
  return (event) => {
    if (event.state === "start") printed = 0;
    if (event.state === "running") {
      if (event.elapsedSeconds - printed < plainHeartbeatSeconds) return;
      printed = event.elapsedSeconds;
    }
    output.write(`${formatBuildEvent(event)}\n`);
  };
}
