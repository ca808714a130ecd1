import type { FieldChange, ResourceChange } from "../../tree/renderer";
import { showValue } from "../../tree/values/explained";
import { maskFields } from "../../tree/mask";
import { isImage, resourceName } from "../../tree/resource";

/** The changed fields with what looks like a secret hidden. */
export function maskedFields({ kind, fields = [] }: ResourceChange): FieldChange[] {
  return maskFields(kind, fields);
}

/** `spec.replicas: 3 -> 5`; a side that has no such field is `-`. */
export function fieldLine(field: FieldChange): string {
  const side = (value: unknown) => (value === undefined ? "-" : showValue(value, 60));
  return `${field.path}: ${side(field.from)} -> ${side(field.to)}`;
}

/** Images that the objects of a change run, before and after. */
export function imagesOf(resources: readonly ResourceChange[]): { from?: unknown; to?: unknown }[] {
  const images = resources.flatMap(({ fields = [] }) => fields.filter(isImage));
  const unique = new Map(images.map(({ from, to }) => [JSON.stringify([from, to]), { from, to }]));
  return [...unique.values()];
}

/** The lines of one changed object; at most `limit` fields, and how many were left out. */
export function resourceLines(
  resource: ResourceChange,
  limit: number,
  words: Record<ResourceChange["change"], string>,
): string[] {
  const fields = resource.change === "change" ? maskedFields(resource) : [];
  const shown = fields.slice(0, limit).map((field) => `    ${fieldLine(field)}`);
  const rest = fields.length - shown.length;
  return [
    `  ${words[resource.change]} ${resourceName(resource)}`,
    ...shown,
    ...(rest > 0 ? [`    and ${rest} more`] : []),
  ];
}
