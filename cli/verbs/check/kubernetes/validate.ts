import { nearestName } from "../../../../model/names";
import { formatPath, type Step } from "../../../tree/values/yaml";
import type { Schema } from "./api";
import type { ManifestFault } from "./fault";

/** How many faults of one manifest are reported before the rest is left out. */
const maxFaults = 20;

/**
 * Checks a manifest against a schema as strictly as server-side apply does: unknown fields are refused.
 * @param definitions the schemas that references point to
 */
export function validateManifest(
  object: unknown,
  schema: Schema,
  definitions: Readonly<Record<string, Schema>>,
): ManifestFault[] {
  const faults: ManifestFault[] = [];
  const say = (path: Step[], message: string, fix: string) => void faults.push({ path, message, fix });

  const visit = (value: unknown, given: Schema | undefined, path: Step[]): void => {
    if (faults.length >= maxFaults || value === null || value === undefined) return;
    const found = given?.$ref === undefined ? given : definitions[given.$ref];
    if (!found) return;
    if (found["x-kubernetes-int-or-string"]) {
      if (typeof value !== "string" && typeof value !== "number") wrong(path, value, "text or a number");
      return;
    }
    const type = found.type ?? (found.properties ? "object" : undefined);
    if (type !== undefined && !isA(type, value)) return wrong(path, value, typeName(type));
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, found.items, [...path, index]));
    else if (typeof value === "object") visitObject(value as Record<string, unknown>, found, path);
    else visitScalar(value, found, path);
  };

  const visitObject = (value: Record<string, unknown>, found: Schema, path: Step[]): void => {
    const { properties, additionalProperties, required = [] } = found;
    for (const name of required) {
      if (value[name] === undefined || value[name] === null) {
        say([...path, name], `${formatPath([...path, name])} is missing`, "add it: the API asks for it");
      }
    }
    const open = found["x-kubernetes-preserve-unknown-fields"] === true || !properties || additionalProperties === true;
    for (const [name, item] of Object.entries(value)) {
      const inner = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (inner) visit(item, inner, [...path, name]);
      else if (typeof additionalProperties === "object") visit(item, additionalProperties, [...path, name]);
      else if (!open && item !== null) unknown(path, name, Object.keys(properties));
    }
  };

  const unknown = (path: Step[], name: string, known: readonly string[]): void => {
    const near = nearestName(name, known);
    const fix = near === undefined ? "remove it: the API does not know this field here" : `did you mean "${near}"?`;
    say([...path, name], `there is no field ${formatPath([...path, name])}`, fix);
  };

  const visitScalar = (value: unknown, found: Schema, path: Step[]): void => {
    const { enum: allowed, pattern, minimum, maximum, minLength, maxLength } = found;
    const is = `${formatPath(path)} is ${show(value)}`;
    if (allowed && !allowed.includes(value)) say(path, is, `use one of: ${allowed.map(String).join(", ")}`);
    if (typeof value === "number") {
      if (minimum !== undefined && value < minimum) say(path, is, `use at least ${minimum}`);
      if (maximum !== undefined && value > maximum) say(path, is, `use at most ${maximum}`);
    }
    if (typeof value !== "string") return;
    if (minLength !== undefined && [...value].length < minLength) say(path, is, `use at least ${minLength} characters`);
    if (maxLength !== undefined && [...value].length > maxLength) say(path, is, `use at most ${maxLength} characters`);
    if (pattern !== undefined && matches(pattern, value) === false) say(path, is, `it must match ${pattern}`);
  };

  const wrong = (path: Step[], value: unknown, expected: string): void =>
    say(path, `${formatPath(path)} is ${show(value)}`, `write ${expected}`);

  visit(object, schema, []);
  return faults;
}

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case "object":
      return typeof value === "object" && !Array.isArray(value);
    case "array":
      return Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    default:
      return true;
  }
}

/** Undefined for a pattern that JavaScript reads differently from Go. */
function matches(pattern: string, value: string): boolean | undefined {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return undefined;
  }
}

function typeName(type: string): string {
  const names: Record<string, string> = {
    object: "a mapping",
    array: "a list",
    integer: "a whole number",
    number: "a number",
    string: "text",
    boolean: "true or false",
  };
  return names[type] ?? type;
}

/** The value, shortened to fit in a line. */
function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  return typeof value === "string" && value.length > 40 ? "text" : JSON.stringify(value);
}
