import { YamlFile } from "./document";
import { label, list, mapping, oneOf, optional, readRoot, required, text, type Fields } from "./fields";
import type { Checked } from "./pin";

/** Why one cluster may differ from its stage, and until when; from gitops/clusters/<cluster>/exceptions.yaml. */
export interface Exception {
  component: string;
  /** Dotted keys that clusters/<cluster>/values/<component>.yaml may set. */
  keys?: string[];
  /** What clusters/<cluster>/pins/<component>.yaml is: a version ahead of the stage, or one held back. */
  pin?: "canary" | "hold";
  owner: string;
  reason: string;
  ticket: string;
  /** Last day on which the exception holds, YYYY-MM-DD. */
  expires: string;
}

/** The keys of one entry of exceptions.yaml. */
const exceptionFields: Fields<Exception> = {
  component: required(label, "The component that differs in this cluster."),
  keys: optional(list(text("a dotted key"), { min: 1 }), "Keys that the cluster's values file may set."),
  pin: optional(oneOf(["canary", "hold"]), "What the cluster's own pin is."),
  owner: required(label, "Who answers for it."),
  reason: required(text("a sentence"), "Why the stage's values do not fit this cluster."),
  ticket: required(text("a ticket"), "Where the way back is tracked."),
  expires: required(
    text("a day such as 2030-12-31", (day) =>
      isDay(day) ? undefined : "use a day of the calendar such as 2030-12-31",
    ),
    "Last day on which it holds.",
  ),
};

const shape = list(mapping<Exception>(exceptionFields));

/** Reads and checks one cluster's exceptions.yaml; `isExpired` says whether one has expired. */
export function parseExceptions(path: string, content: string): Checked<Exception[]> {
  return readExceptions(new YamlFile(path, content));
}

/** The same for a file that is parsed already. */
export function readExceptions(file: YamlFile): Checked<Exception[]> {
  const value = readRoot(file, shape);
  for (const [index, entry] of (value ?? []).entries()) {
    const at = file.item(index);
    if ((entry.keys === undefined) === (entry.pin === undefined)) {
      const message = `the exception for "${entry.component}" has ${entry.keys ? "both keys and pin" : "neither keys nor pin"}`;
      file.report("missing-key", at, message, "name either the keys or the pin; write one entry for each");
    }
    const what = (other: Exception) => other.component === entry.component && !other.pin === !entry.pin;
    if (value?.findIndex(what) !== index) {
      const message = `a second exception for the ${entry.pin ? "pin" : "keys"} of "${entry.component}"`;
      file.report("duplicate-entry", at, message, "merge it into the first");
    }
  }
  return value && file.findings.length === 0 ? { value, findings: [] } : { findings: file.findings };
}

/** The day on which exceptions are judged, YYYY-MM-DD. It is the day in UTC, so that it is the same everywhere. */
export function todayOf(now = new Date()): string {
  return now.toISOString().slice(0, 10);
}

/** Whether an exception no longer holds on a day (YYYY-MM-DD). It still holds on its last day. */
export function isExpired(exception: Pick<Exception, "expires">, today: string): boolean {
  return exception.expires < today;
}

/** Days until an exception ends: 0 on its last day, negative after that. */
export function daysLeftOf(exception: Pick<Exception, "expires">, today: string): number {
  return Math.round((Date.parse(`${exception.expires}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
}

function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
