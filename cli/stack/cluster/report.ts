import { formatTable } from "../../terminal/table";
import { commitAmong, shortCommit } from "./commits";
import { causesOf } from "./causes";
import type { Application } from "./reader";

/** One component of one cluster, as the JSON of `status` shows it. */
export interface ComponentStatus {
  name: string;
  sync: string;
  health: string;
  /** Commit that it was last compared at; empty while it was not. */
  revision: string;
  /** Why it is not Synced and Healthy; empty when it is. */
  message: string;
}

/** An Application as a line of a report. */
function componentStatus(application: Application): ComponentStatus {
  const { name, sync, health, revisions } = application;
  const fine = sync === "Synced" && health === "Healthy";
  return {
    name,
    sync,
    health,
    revision: commitAmong(revisions),
    message: fine ? "" : (reasonsOf(application)[0] ?? ""),
  };
}

/** The components of a cluster, sorted by name. */
export function componentStatuses(applications: readonly Application[]): ComponentStatus[] {
  return applications.map(componentStatus).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The table that `up` ends with. */
export function componentTable(components: readonly ComponentStatus[]): string {
  return formatTable(
    ["NAME", "SYNC", "HEALTH", "COMMIT", "MESSAGE"],
    components.map(({ name, sync, health, revision, message }) => [
      name,
      sync,
      health,
      shortCommit(revision),
      oneLine(message),
    ]),
  );
}

/** Every reason that an Application gives for not being as it should be, the clearest first. */
export function reasonsOf(application: Application): string[] {
  const { conditions, phase, message, healthMessage, troubles } = application;
  const reasons = [
    ...causesOf(application),
    ...conditions.map((condition) => `${condition.type}: ${withoutCalls(condition.message)}`),
    ...(phase !== undefined && phase !== "Succeeded" && message !== ""
      ? [`sync ${phase.toLowerCase()}: ${message}`]
      : []),
    ...(healthMessage === "" ? [] : [healthMessage]),
    ...troubles.map(({ kind, name, sync, health, message: detail }) => {
      const state = [sync, health].filter((word) => word !== "Synced" && word !== "Healthy").join(", ");
      return `${kind} ${name} is ${state}${detail === "" ? "" : `: ${detail}`}`;
    }),
  ];
  return [...new Set(reasons)];
}

/**
 * Which process asked which, and with which words, comes first in an error of repo-server, and would be all that fits into a table.
 */
function withoutCalls(message: string): string {
  return message
    .replace(/^.*rpc error: code = \w+ desc = /s, "")
    .replace(/^.*`(?:helm|kustomize) [^`]*` failed exit status \d+: /s, "");
}

const widestMessage = 100;

/** A message that fits into a table. */
export function oneLine(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return line.length > widestMessage ? `${line.slice(0, widestMessage - 3)}...` : line;
}
