import type { ApplicationSource } from "../engine";
import { readSource, type Sourced } from "./source";

type Helm = NonNullable<ApplicationSource["helm"]>;

/** Values that an Application itself carries, in Helm's order; the tree's policy refuses them for everything but bootstrap. */
export function inlineLayers(helm: Helm): { name: string; root: Sourced }[] {
  const layers: { name: string; root: Sourced }[] = [];
  if (typeof helm.values === "string") {
    const { root } = readSource("values", Buffer.from(helm.values));
    if (root) layers.push({ name: "inline values", root });
  }
  if (typeof helm.valuesObject === "object" && helm.valuesObject !== null) {
    layers.push({ name: "inline values", root: sourced(helm.valuesObject) });
  }
  for (const { name = "", value = "", forceString } of helm.parameters ?? []) {
    layers.push({ name: "parameter", root: nested(steps(name), forceString === true ? value : typed(value)) });
  }
  return layers;
}

function sourced(value: unknown): Sourced {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { value, line: 1 };
  return { value, line: 1, children: new Map(Object.entries(value).map(([key, child]) => [key, sourced(child)])) };
}

function nested([step, ...rest]: string[], value: unknown): Sourced {
  if (step === undefined) return { value, line: 1 };
  const child = nested(rest, value);
  return { value: { [step]: child.value }, line: 1, children: new Map([[step, child]]) };
}

/** The steps of a name as in `helm --set`: dots part, a backslash keeps one. */
function steps(name: string): string[] {
  return (name.match(/(?:\\.|[^.\\])+/g) ?? [name]).map((step) => step.replace(/\\(.)/g, "$1"));
}

/** What `helm --set` makes of a text. */
function typed(value: string): unknown {
  if (/^\{.*\}$/s.test(value)) return value === "{}" ? [] : value.slice(1, -1).split(",").map(typed);
  if (value === "true" || value === "false") return value === "true";
  if (value === "null") return null;
  return /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}
