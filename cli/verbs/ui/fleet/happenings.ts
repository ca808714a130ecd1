import { commitAmong, shortCommit } from "../../../stack/cluster/commits";
import type { Cell, Happening } from "../views";
import { initiatorOf, revisionsOf, type ApplicationObject } from "./application-object";
import { versionOf } from "./cell";

/** How many of them are kept. */
const kept = 500;

/** What happened lately, at most so much that memory stays bounded. */
export class Happenings {
  private list: Happening[] = [];

  add(...more: Happening[]): void {
    this.list.push(...more);
    if (this.list.length > 2 * kept) this.list = this.newest();
  }

  /** Newest first. */
  newest(): Happening[] {
    // Times of the same precision: Argo CD's have seconds, our own milliseconds.
    return this.list.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, kept);
  }
}

/** The syncs that an Application remembers. */
export function pastOf(cluster: string, { metadata, status = {} }: ApplicationObject): Happening[] {
  return (status.history ?? []).map((entry) => {
    const version = versionOf({ metadata, spec: entry });
    const what = [version, shortCommit(commitAmong(revisionsOf(entry)))].filter(Boolean).join(" at ");
    const by = initiatorOf(entry.initiatedBy);
    const text = `synced${what === "" ? "" : ` ${what}`}${by === "" ? "" : `, by ${by}`}`;
    return { at: entry.deployedAt, cluster, application: metadata.name, state: "good", what: text };
  });
}

/** What an Application that became another one tells; empty when nothing that a person asks for has changed. */
export function changeBetween(before: Cell | undefined, after: Cell): string {
  if (before === undefined) return "appeared";
  const parts = [
    ...(["sync", "health"] as const)
      .filter((key) => before[key] !== after[key])
      .map((key) => `${before[key]} → ${after[key]}`),
    ...(before.version === after.version ? [] : [`version ${before.version || "none"} → ${after.version || "none"}`]),
    ...(before.revision === after.revision || after.revision === "" ? [] : [`at ${shortCommit(after.revision)}`]),
    ...(before.phase === after.phase || !["Failed", "Error"].includes(after.phase)
      ? []
      : [`sync ${after.phase.toLowerCase()}`]),
  ];
  return parts.join(", ");
}
