import { nextTime, readCron } from "./cron";

/** A time in which Argo CD may or may not sync, as in an AppProject. */
export interface SyncWindow {
  kind: "allow" | "deny";
  /** Start, in cron form. */
  schedule: string;
  /** Length, such as "8h". */
  duration: string;
  /** IANA time zone of the schedule; default UTC. */
  timeZone?: string;
  /** Whether a person may sync by hand inside a deny window; default false. */
  manualSync?: boolean;
}

/** A time in which a stage's clusters do not sync by themselves. */
export interface Freeze {
  /** When it ends; undefined where no end is in sight. */
  until?: Date;
  /** The windows that make it: deny windows that are open, or allow windows that are all closed. */
  windows: SyncWindow[];
  /** Whether a person may sync by hand all the same. */
  manual: boolean;
}

/** Whether a text names a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * What holds syncs back at a time, as Argo CD decides it: a deny window that is open; or, where there are allow windows, that none of
 * them is. Undefined when nothing does.
 */
export function freezeAt(windows: readonly SyncWindow[], now: Date): Freeze | undefined {
  const holding = holdingAt(windows, now.getTime());
  if (holding === undefined) return undefined;
  const until = endOf(windows, now.getTime());
  const manual = holding.every(({ manualSync }) => manualSync === true);
  return { windows: holding, manual, ...(until !== undefined && { until: new Date(until) }) };
}

/** `2027-01-02 18:00 Europe/Berlin`: a moment on the clock of a time zone. */
export function timeWords(moment: Date, timeZone = "UTC"): string {
  const local = new Date(moment.getTime() + offsetOf(timeZone, moment.getTime())).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 16)} ${timeZone}`;
}

/** The windows that hold syncs back; undefined where they may happen. */
function holdingAt(windows: readonly SyncWindow[], time: number): SyncWindow[] | undefined {
  const denying = windows.filter((window) => window.kind === "deny" && isOpen(window, time));
  if (denying.length > 0) return denying;
  const allowing = windows.filter(({ kind }) => kind === "allow");
  return allowing.length === 0 || allowing.some((window) => isOpen(window, time)) ? undefined : allowing;
}

/** How many windows in a row are looked at for the end of a freeze. */
const mostWindows = 1000;

function endOf(windows: readonly SyncWindow[], from: number): number | undefined {
  let time = from;
  for (let i = 0; i < mostWindows; i++) {
    const holding = holdingAt(windows, time);
    if (holding === undefined) return time;
    const changes =
      holding[0]!.kind === "deny"
        ? [Math.max(...holding.map((window) => closes(window, time)))]
        : holding.map((window) => opens(window, time)).filter((next) => next !== undefined);
    if (changes.length === 0) return undefined;
    time = Math.min(...changes);
  }
  return undefined;
}

/** A window is open after its start, and closed when its length is over. */
function isOpen(window: SyncWindow, time: number): boolean {
  const local = time + offsetOf(window.timeZone, time);
  const start = nextStart(window, local - lengthOf(window));
  return start !== undefined && start < local;
}

/** When an open window closes: the first moment at which no start lies within its length. */
function closes(window: SyncWindow, time: number): number {
  const length = lengthOf(window);
  const local = time + offsetOf(window.timeZone, time);
  let start = nextStart(window, local - length)!;
  for (let i = 0; i < mostWindows; i++) {
    const next = nextStart(window, start);
    if (next === undefined || next >= local) break;
    start = next;
  }
  return instantOf(window, start + length);
}

/** The first moment at which a closed window is open. */
function opens(window: SyncWindow, time: number): number | undefined {
  const start = nextStart(window, time + offsetOf(window.timeZone, time) - 1);
  return start === undefined ? undefined : instantOf(window, start) + 1;
}

function nextStart({ schedule }: SyncWindow, after: number): number | undefined {
  const cron = readCron(schedule);
  return typeof cron === "string" ? undefined : nextTime(cron, after);
}

/** The moment at which the clock of a window shows a time. */
function instantOf({ timeZone }: SyncWindow, local: number): number {
  return local - offsetOf(timeZone, local - offsetOf(timeZone, local));
}

/** What the clock of a time zone is ahead of UTC, in milliseconds. */
function offsetOf(timeZone = "UTC", time: number): number {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes = "0"] = /([+-])(\d\d):?(\d\d)?/.exec(name) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The length of a window in milliseconds. */
function lengthOf({ duration }: SyncWindow): number {
  const [, hours = "0", minutes = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(duration) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}
