/** The labels of an Application name its cluster. */
const ownFields = "metadata.labels";

/** A digest of something else, such as the settings a pod was started with: it differs wherever that differs. */
const digest = "[0-9a-f]{32,128}";

const digests = new RegExp(`\\b${digest}\\b`, "g");
const wholeDigest = new RegExp(`^${digest}$`);

/**
 * What may differ between changes that people call the same one. The renderer is told, so that it hands over 10,000 changes that
 * differ in nothing else as one; what else people call the same, `plan` knows.
 */
export const uncompared = {
  ownFields,
  digest: wholeDigest.source,
  // The verb of a rule means nothing without its resources.
  wholeKinds: "^((Cluster)?Role(Binding)?|CustomResourceDefinition)$",
} as const;

/** The fields of an Application that do not name its cluster. */
export function comparedFields<T extends { path: string }>(fields: readonly T[]): T[] {
  return fields.filter(({ path }) => !path.startsWith(ownFields));
}

export function isDigest(value: unknown): boolean {
  return typeof value === "string" && wholeDigest.test(value);
}

/** A text without digests, except those of images, which are the change itself. */
export function withoutDigests(text: string): string {
  return text.replace(digests, (found, at: number) =>
    text.slice(Math.max(0, at - 7), at) === "sha256:" ? found : "digest",
  );
}
