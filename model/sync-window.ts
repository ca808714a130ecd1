import { lastTime, nextTime, readCron, type Cron } from "./cron";

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
 * What holds syncs back at a time, as Argo CD decides it: a deny window that is open; or, where there are allow windows, that none
 * of them is. Undefined when nothing does.
 */
export function freezeAt(windows: readonly SyncWindow[], now: Date): Freeze | undefined {
  const read = windows.map((window) => ({ window, cron: readCron(window.schedule), length: lengthOf(window) }));
  const holding = holdingAt(read, now.getTime())?.map(({ window }) => window);
  if (holding === undefined) return undefined;
  const until = endOf(read, now.getTime());
  const manual = holding.every(({ manualSync }) => manualSync === true);
  return { windows: holding, manual, ...(until !== undefined && { until: new Date(until) }) };
}

/** `2027-01-02 18:00 Europe/Berlin`: a moment on the clock of a time zone. */
export function timeWords(moment: Date, timeZone = "UTC"): string {
  const local = new Date(moment.getTime() + offsetOf(timeZone, moment.getTime())).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 16)} ${timeZone}`;
}

/** A window whose texts are read: its schedule, a sentence where that is none, and its length in milliseconds. */
interface ReadWindow {
  window: SyncWindow;
  cron: Cron | string;
  length: number;
}

/** The windows that hold syncs back; undefined where they may happen. */
function holdingAt(windows: readonly ReadWindow[], time: number): ReadWindow[] | undefined {
  const denying = windows.filter((read) => read.window.kind === "deny" && isOpen(read, time));
  if (denying.length > 0) return denying;
  const allowing = windows.filter(({ window }) => window.kind === "allow");
  return allowing.length === 0 || allowing.some((read) => isOpen(read, time)) ? undefined : allowing;
}

/** How many windows in a row are looked at for the end of a freeze. */
const mostWindows = 1000;

function endOf(windows: readonly ReadWindow[], from: number): number | undefined {
  let time = from;
  for (let i = 0; i < mostWindows; i++) {
    const holding = holdingAt(windows, time);
    if (holding === undefined) return time;
    const changes =
      holding[0]!.window.kind === "deny"
        ? [Math.max(...holding.map((window) => closes(window, time)))]
        : holding.map((window) => opens(window, time)).filter((next) => next !== undefined);
    if (changes.length === 0) return undefined;
    time = Math.min(...changes);
  }
  return undefined;
}

/** A window is open after its start, and closed when its length is over. */
function isOpen(read: ReadWindow, time: number): boolean {
  const local = time + offsetOf(read.window.timeZone, time);
  const start = nextStart(read, local - read.length);
  return start !== undefined && start < local;
}

/** When an open window closes: the first moment at which no start lies within its length. */
function closes({ window, cron, length }: ReadWindow, time: number): number {
  const local = time + offsetOf(window.timeZone, time);
  // It is open, so its schedule was read and has begun.
  return instantOf(window, lastTime(cron as Cron, local)! + length);
}

/** The first moment at which a closed window is open. */
function opens(read: ReadWindow, time: number): number | undefined {
  const { window } = read;
  const start = nextStart(read, time + offsetOf(window.timeZone, time) - 1);
  return start === undefined ? undefined : instantOf(window, start) + 1;
}

function nextStart({ cron }: ReadWindow, after: number): number | undefined {
  return typeof cron === "string" ? undefined : nextTime(cron, after);
}

/** The moment at which the clock of a window shows a time. */
function instantOf({ timeZone }: SyncWindow, local: number): number {
  return local - offsetOf(timeZone, local - offsetOf(timeZone, local));
}

/** Making one takes far longer than using it, and the end of a freeze asks thousands of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock of a time zone is ahead of UTC, in milliseconds. */
function offsetOf(timeZone = "UTC", time: number): number {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  formats.set(timeZone, format);
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
