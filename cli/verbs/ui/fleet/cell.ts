import { baseAt } from "../../../../model/overlays";
import { commitAmong } from "../../../stack/cluster/commits";
import { toApplication, type RawApplication } from "../../../stack/cluster/kubernetes";
import type { Application } from "../../../stack/cluster/reader";
import { reasonsOf } from "../../../stack/cluster/report";
import type { Cell, State } from "../views";
import { sourcesOf, type ApplicationObject } from "./application-object";

/** A longer text is on the page of the Application. */
const longestMessage = 300;

/** An Application object as a cell of the fleet. */
export function toCell(object: ApplicationObject): Cell {
  const application = toApplication(object as RawApplication);
  const { metadata } = object;
  const state = stateOf(application);
  const version = versionOf(object);
  const [message = ""] = state === "good" ? [] : reasonsOf(application);
  return {
    name: application.name,
    component: metadata.labels?.["onebranch.dev/component"] ?? application.name,
    state,
    sync: application.sync,
    health: application.health,
    version,
    revision: commitAmong(application.revisions),
    phase: application.phase ?? "",
    message: message.length > longestMessage ? `${message.slice(0, longestMessage - 3)}...` : message,
    since: sinceOf(object, version),
  };
}

/** When a version came: the first of the last syncs in a row that brought it. What has no version tells its last sync. */
function sinceOf({ metadata, status = {} }: ApplicationObject, version: string): string {
  const history = status.history ?? [];
  if (version === "") return history.at(-1)?.deployedAt ?? "";
  const before = history.findLastIndex((entry) => versionOf({ metadata, spec: entry }) !== version);
  return history[before + 1]?.deployedAt ?? "";
}

/** What a person should think of an Application. A sync that runs may yet mend what is missing; what is Degraded is so now. */
function stateOf({ sync, health, phase, deleting, conditions }: Application): State {
  const hasError = conditions.some(({ type }) => type.endsWith("Error"));
  if (health === "Degraded" || hasError) return "failed";
  if (sync !== "Synced" && (phase === "Failed" || phase === "Error")) return "failed";
  if (deleting || phase === "Running" || health === "Progressing") return "progressing";
  if (health === "Missing") return "failed";
  return sync === "Synced" ? healthState(health) : sync === "OutOfSync" ? "drifted" : "unknown";
}

/** The same for one resource. A resource without a health of its own, such as a ConfigMap, is as good as it can be. */
export function resourceState(sync: string, health: string): State {
  if (health === "Degraded" || health === "Missing") return "failed";
  if (sync === "OutOfSync") return "drifted";
  return health === "" ? "good" : healthState(health);
}

function healthState(health: string): State {
  if (health === "Healthy") return "good";
  if (health === "Degraded" || health === "Missing") return "failed";
  if (health === "Progressing") return "progressing";
  return health === "Suspended" ? "suspended" : "unknown";
}

/** Version of the chart, or of the base that Kustomize builds: of a registry, or of the directory that is named after it. */
export function versionOf(object: ApplicationObject): string {
  for (const { chart, path = "", targetRevision = "" } of sourcesOf(object)) {
    if (chart !== undefined) return targetRevision;
    const inTree = /^gitops\/charts\/[^/]+\/([^/]+)$/.exec(path)?.[1] ?? baseAt(path)?.version;
    if (inTree !== undefined) return inTree;
  }
  return "";
}
