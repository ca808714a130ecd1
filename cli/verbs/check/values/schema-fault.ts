import { nearestName, offerNames } from "../../../../model/names";
import type { ErrorObject } from "./schema";
import { formatPath, type Step } from "../../../tree/values/yaml";

/** One thing that a chart's schema refuses. */
export interface SchemaFault {
  /** The value it is about; for one that is missing or unknown, the value itself and not the mapping around it. */
  path: Step[];
  /** True when there is nothing at the path, so that a finding can only point to the mapping around it. */
  absent: boolean;
  message: string;
  fix: string;
}

/** Keywords whose errors repeat what the errors below them say. */
const repeating = new Set(["if", "allOf", "$ref", "$dynamicRef", "propertyNames"]);

/** What a schema refuses, in the words of a finding. @param chart name and version, as people write them */
export function describeErrors(errors: readonly ErrorObject[], chart: string): SchemaFault[] {
  const choices = errors.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  return errors
    .filter(({ keyword }) => !repeating.has(keyword))
    .filter((error) => !choices.some((choice) => choice !== error && error.schemaPath.startsWith(choice.schemaPath)))
    .map((error) => describe(error, chart));
}

function describe(error: ErrorObject, chart: string): SchemaFault {
  const path = stepsOf(error);
  const { keyword, params, message = "does not fit" } = error as ErrorObject & { params: Record<string, unknown> };
  const asks = `the schema of ${chart} says it ${message}`;
  switch (keyword) {
    case "additionalProperties":
    case "unevaluatedProperties": {
      const name = String(params.additionalProperty ?? params.unevaluatedProperty);
      const full = [...path, name];
      const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
      const near = nearestName(name, known);
      const allowed = known.length > 0 && known.length <= 20 ? ` (allowed: ${known.join(", ")})` : "";
      const fix = near === undefined ? `remove it${allowed}` : `did you mean "${near}"?`;
      return { path: full, absent: false, message: `${chart} has no value "${formatPath(full)}"`, fix };
    }
    case "required": {
      const full = [...path, String(params.missingProperty)];
      const name = formatPath(full);
      return { path: full, absent: true, message: `the value "${name}" of ${chart} is missing`, fix: `set ${name}` };
    }
    case "type":
      return say(path, error.data, `write ${[params.type].flat().map(typeName).join(" or ")}`);
    case "enum": {
      const allowed = (params.allowedValues as unknown[]).map((value) => show(value, false));
      return say(path, error.data, offerNames(show(error.data, false), allowed));
    }
    case "const":
      return say(path, error.data, `write ${show(params.allowedValue)}`);
    default:
      return say(path, error.data, asks);
  }
}

function say(path: Step[], data: unknown, fix: string): SchemaFault {
  const name = path.length === 0 ? "the values" : formatPath(path);
  return { path, absent: false, message: `${name} is ${show(data)}`, fix };
}

/** The JSON pointer of the value. A step into a list is an index, any other is a key. */
function stepsOf({ instancePath }: ErrorObject): Step[] {
  return instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    string: 'text (in quotes: "...")',
    integer: "a whole number",
    number: "a number",
    boolean: "true or false",
    object: "a mapping",
    array: "a list",
    null: "nothing",
  };
  return names[String(type)] ?? String(type);
}

/** The value, shortened to fit in a line. */
function show(value: unknown, quoted = true): string {
  if (value === undefined) return "missing";
  if (typeof value === "string" && !quoted) return value;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}..."`;
}
