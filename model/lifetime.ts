import { outputsOf, type Deployment } from "./deployment";

/** The type of the resource by which the state of an ephemeral stack says what it is, from its first moment on. */
export const lifetimeType = "onebranch:index:Lifetime";

/** What makes a stack ephemeral. */
export interface Lifetime {
  /** The cluster whose identity it takes. */
  from: string;
  /** When its time runs out, as in the setting; absent: never. */
  expires?: string;
}

/** What the state of a stack says of its lifetime; undefined when it is not ephemeral. */
export function lifetimeIn(deployment: Deployment): Lifetime | undefined {
  const resource = deployment.resources?.find(({ type }) => type === lifetimeType);
  // A destroy that was cut off may have removed the resource already, but not the outputs of the program.
  const { from, expires } = resource?.outputs ?? outputsOf(deployment);
  if (typeof from !== "string") return undefined;
  return { from, ...(typeof expires === "string" && { expires }) };
}

/** Reads a moment as RFC 3339 writes it, with seconds and a time zone; undefined when it is not one. */
export function parseMoment(text: string): Date | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  const moment = new Date(text);
  if (match === null || Number.isNaN(moment.getTime())) return undefined;
  // The calendar of JavaScript goes on after the last day of a month.
  const day = new Date(`${match[1]}T00:00:00Z`);
  return day.toISOString().startsWith(match[1] ?? "") ? moment : undefined;
}

/**
 * A moment as somebody wrote it. Pulumi reads one without quotes in a stack's file as a time of YAML, and hands it on as Go prints
 * times: `2026-12-01 18:00:00 +0000 UTC`. Any other text stays as it is.
 */
export function writtenMoment(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?) ([+-]\d{2})(\d{2}) \S+$/.exec(text);
  if (match === null) return text;
  const [, day, time, hours, minutes] = match;
  const zone = `${hours}${minutes}` === "+0000" ? "Z" : `${hours}:${minutes}`;
  return `${day}T${time}${zone}`;
}

/** A moment in the form of the setting, without fractions of a second. */
export function formatMoment(moment: Date): string {
  return moment.toISOString().replace(/\.\d+Z$/, "Z");
}

const minute = 60_000;

/** How long it is until a moment, or how long ago: `in 3 h 12 min`, `2 d 4 h ago`, `in less than a minute`. */
export function distanceTo(moment: Date, now: Date): string {
  const difference = moment.getTime() - now.getTime();
  const minutes = Math.round(Math.abs(difference) / minute);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = [
    { count: days, unit: "d" },
    { count: hours, unit: "h" },
    { count: rest, unit: "min" },
  ].filter(({ count }) => count > 0);
  const length = parts
    .slice(0, 2)
    .map(({ count, unit }) => `${count} ${unit}`)
    .join(" ");
  const words = length === "" ? "less than a minute" : length;
  return difference > 0 ? `in ${words}` : `${words} ago`;
}

/** When the time of a stack runs out, or that it did: `runs out in 4 h (2026-12-01T18:00:00Z)`; undefined when it never does. */
export function endOf(lifetime: Lifetime | undefined, now: Date): string | undefined {
  const moment = momentOf(lifetime);
  if (moment === undefined) return undefined;
  return `${moment > now ? "runs" : "ran"} out ${distanceTo(moment, now)} (${lifetime?.expires})`;
}

/** Whether the time of a stack ran out. */
export function isOver(lifetime: Lifetime | undefined, now: Date): boolean {
  const moment = momentOf(lifetime);
  return moment !== undefined && moment <= now;
}

function momentOf(lifetime: Lifetime | undefined): Date | undefined {
  return lifetime?.expires === undefined ? undefined : parseMoment(lifetime.expires);
}
