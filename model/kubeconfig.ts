import { createHash } from "node:crypto";
import { isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { isMapping, type Mapping } from "./mapping";

interface Named {
  name?: unknown;
}

/** Names of the contexts in a kubeconfig, in its order; `undefined` when the text is not a kubeconfig. */
export function contextsOf(text: string): string[] | undefined {
  const config = parsed(text);
  return config && list(config.contexts).map((entry) => String(entry.name));
}

/** The context that is used where none is named; `undefined` when the text names none. */
export function currentContext(text: string): string | undefined {
  const name = parsed(text)?.["current-context"];
  return typeof name === "string" && name !== "" ? name : undefined;
}

/**
 * The part of a kubeconfig that one context needs, as JSON, with the content of the files it names. So the user's other clusters
 * do not get into the state, and the result can be used on another machine.
 * @param directory where relative file names in the kubeconfig start
 * @param read reads a file, by absolute path
 */
export function extractContext(
  text: string,
  context: string,
  directory: string,
  read: (path: string) => Buffer,
): string {
  const config = parsed(text) ?? {};
  const chosen = fields(find(config.contexts, context), "context");
  const cluster = inlined(fields(find(config.clusters, chosen.cluster), "cluster"));
  const user = inlined(fields(find(config.users, chosen.user), "user"));
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    contexts: [{ name: context, context: chosen }],
    clusters: [{ name: chosen.cluster, cluster }],
    users: [{ name: chosen.user, user }],
  });

  function inlined(entry: Mapping): Mapping {
    const result: Mapping = {};
    for (const [key, value] of Object.entries(entry)) {
      if (typeof value === "string" && fileKeys.has(key)) {
        const path = isAbsolute(value) ? value : join(directory, value);
        result[`${key}-data`] = read(path).toString("base64");
      } else {
        result[key] = value;
      }
    }
    return result;
  }
}

const fileKeys = new Set(["certificate-authority", "client-certificate", "client-key"]);

/** The address of the API server that a kubeconfig's current context names. */
export function serverOf(text: string): string {
  return String(currentCluster(text).server ?? "");
}

/**
 * Distinguishes a cluster from one that was recreated under the same name and address: a hash of its certificate authority, or of
 * its address where there is no authority.
 */
export function clusterFingerprint(text: string): string {
  const cluster = currentCluster(text);
  const authority = cluster["certificate-authority-data"] ?? cluster.server ?? "";
  return createHash("sha256").update(String(authority)).digest("hex").slice(0, 16);
}

function currentCluster(text: string): Mapping {
  const config = parsed(text) ?? {};
  const context = fields(find(config.contexts, config["current-context"]), "context");
  return fields(find(config.clusters, context.cluster), "cluster");
}

function parsed(text: string): Mapping | undefined {
  try {
    const value: unknown = parse(text);
    return isMapping(value) && Array.isArray(value.contexts) ? value : undefined;
  } catch {
    return undefined;
  }
}

function find(entries: unknown, name: unknown): Named | undefined {
  return list(entries).find((entry) => entry.name === name);
}

function list(entries: unknown): Named[] {
  return Array.isArray(entries) ? entries.filter(isMapping) : [];
}

function fields(entry: Named | undefined, key: string): Mapping {
  const value = entry && (entry as Mapping)[key];
  return isMapping(value) ? value : {};
}
