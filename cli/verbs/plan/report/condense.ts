import type { PlanField, PlanResource } from "../types";

/** A field that changes alike in many resources, such as the label with the version of a chart. */
export interface CommonField extends PlanField {
  /** How often it changes. */
  places: number;
}

export interface Condensed {
  common: CommonField[];
  /** Resources with what is left of their fields. */
  resources: PlanResource[];
  /** Resources in which nothing else changes. */
  alike: PlanResource[];
}

/** A field that changes alike in at least this many places is shown once. */
const enough = 4;

/** Removes from the resources what changes alike in many of them, so that what matters is visible. */
export function condense(resources: readonly PlanResource[]): Condensed {
  const groups = new Map<string, CommonField>();
  for (const { fields = [] } of resources) {
    for (const field of fields) {
      const path = labelPath(field.path);
      if (path === undefined || field.masked) continue;
      const key = JSON.stringify([path, field.from, field.to]);
      const group = groups.get(key);
      if (group) group.places++;
      else groups.set(key, { ...field, path, places: 1 });
    }
  }
  for (const [key, { places }] of groups) if (places < enough) groups.delete(key);
  const isCommon = ({ path, from, to, masked }: PlanField) =>
    !masked && groups.has(JSON.stringify([labelPath(path), from, to]));
  const left = resources.map((resource) =>
    resource.fields === undefined
      ? resource
      : { ...resource, fields: resource.fields.filter((field) => !isCommon(field)) },
  );
  const isAlike = ({ fields }: PlanResource, index: number) =>
    fields?.length === 0 && !resources[index]?.refused && (resources[index]?.fields?.length ?? 0) > 0;
  return {
    common: [...groups.values()],
    resources: left.filter((resource, index) => !isAlike(resource, index)),
    alike: left.filter(isAlike),
  };
}

/** Labels repeat in every resource and every pod template, so their place does not matter. */
function labelPath(path: string): string | undefined {
  return /(?:^|\.)(metadata\.labels(?:\.|\[).+)$/.exec(path)?.[1];
}
