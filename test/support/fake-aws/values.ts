import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties of a resource as plain JavaScript. */
export type Properties = Record<string, unknown>;

/** What the engine puts in the place of a value that only an update will know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function fromStruct(struct: Struct | undefined): Properties {
  return struct ? (struct.toJavaScript() as Properties) : {};
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as never);
}

export function hasUnknown(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(hasUnknown);
  return value === unknownValue;
}

/** The value at a path such as `storageConfig.blockStorage.enabled`. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce((found: unknown, key) => (found as Properties | undefined)?.[key], value);
}

/** The texts at a path such as `vpcConfig.subnetIds`, also those inside lists. */
export function textsAt(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => textsAt(entry, path));
  const [head = "", ...rest] = path.split(".");
  const next = (value as Properties | null | undefined)?.[head];
  if (rest.length > 0) return typeof next === "object" ? textsAt(next, rest.join(".")) : [];
  return [next].flat().filter((entry) => typeof entry === "string");
}

/** The text at a path; empty where there is none. */
export function textAt(value: unknown, path: string): string {
  return textsAt(value, path)[0] ?? "";
}

/** The paths at which two values differ. */
export function differences(old: unknown, next: unknown, path = ""): string[] {
  if (JSON.stringify(old) === JSON.stringify(next)) return [];
  const isMap = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMap(old) || !isMap(next)) return [path];
  const keys = new Set([...Object.keys(old as object), ...Object.keys(next as object)]);
  return [...keys].flatMap((key) =>
    differences((old as Properties)[key], (next as Properties)[key], path === "" ? key : `${path}.${key}`),
  );
}
