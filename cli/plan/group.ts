import { createHash } from "node:crypto";
import { compareText } from "../../model/findings";
import type { ApplicationChange, InputChange } from "../engine";

/** A digest of something else, such as the settings a pod was started with: it differs wherever that differs. */
const digest = /\b[0-9a-f]{32,64}\b/g;

/**
 * Puts changes together that differ only in digests. Settings differ from stage to stage and so does their checksum in
 * the pod template, but what a person reads is the same change. What goes away is the same whatever it looked like.
 * `renders` then says that more than one stands behind it.
 */
export function groupChanges(changes: readonly ApplicationChange[]): ApplicationChange[] {
  const groups = new Map<string, ApplicationChange>();
  for (const change of changes) {
    const key = change.change === "add" ? `${groups.size}` : fingerprint(change);
    const group = groups.get(key);
    groups.set(key, group === undefined ? change : joined(group, change));
  }
  return [...groups.values()];
}

function fingerprint({ application, spec = [], resources }: ApplicationChange): string {
  const visible = resources.map((resource) => ({
    ...resource,
    before: undefined,
    after: resource.change === "add" ? resource.after : undefined,
  }));
  // The labels of an Application name its cluster.
  const own = spec.filter(({ path }) => !path.startsWith("metadata.labels"));
  const text = JSON.stringify([application, own, visible]);
  // An image's digest is the change itself.
  const plain = text.replace(digest, (found, at: number) =>
    text.slice(Math.max(0, at - 7), at) === "sha256:" ? found : "digest",
  );
  return createHash("sha256").update(plain).digest("hex");
}

function joined(a: ApplicationChange, b: ApplicationChange): ApplicationChange {
  const inputs = new Map<string, InputChange>([...a.inputs, ...b.inputs].map((input) => [input.path, input]));
  return {
    ...a,
    clusters: [...a.clusters, ...b.clusters].sort(compareText),
    inputs: [...inputs.values()].sort((x, y) => compareText(x.path, y.path)),
    renders: a.renders + b.renders,
  };
}
