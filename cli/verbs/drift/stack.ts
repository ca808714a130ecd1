import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf, parseExport, plainValue, resourcesOf } from "../../../model/deployment";
import { isMapping } from "../../../model/mapping";
import { pulumiManager } from "../../../model/root";
import { isOutside } from "../../stack/refresh";
import { differingInputs } from "./inputs";
import { masked, type Drift, type WantedObject } from "./compare";

/** The objects that Pulumi applied, as its state has them. */
export function appliedObjects(exported: string): WantedObject[] {
  return resourcesOf(parseExport(exported)).flatMap(({ type, inputs }) => {
    if (!isObject(type)) return [];
    const object = plainValue(inputs) as WantedObject["object"];
    if (typeof object.metadata?.name !== "string") return [];
    return [{ object, manager: pulumiManager, by: "stack" as const }];
  });
}

/** Whether a resource is one object of the cluster. A release of Helm is many. */
function isObject(type: string): boolean {
  return type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/");
}

/** What a refresh found of one resource outside the cluster; undefined where all is as Pulumi left it. */
export function driftIn({ resOutputsEvent }: EngineEvent): Drift | undefined {
  const { metadata } = resOutputsEvent ?? {};
  if (metadata === undefined || isObject(metadata.type) || metadata.type.startsWith("pulumi:")) return undefined;
  const { type, urn, op, old, new: now } = metadata;
  const what = {
    ...{ by: "stack" as const, kind: type.slice(type.lastIndexOf(":") + 1), name: nameOf(urn) },
    ...(isOutside(type) && { outside: true as const }),
  };
  if (op === "delete") return { ...what, change: "missing", fields: [] };
  if (op !== "update" && op !== "refresh") return undefined;
  const inputs: unknown = old?.inputs;
  const live: unknown = now?.outputs;
  if (!isMapping(inputs) || !isMapping(live)) return undefined;
  const fields = differingInputs(inputs, live);
  return fields.length === 0 ? undefined : { ...what, change: "changed", fields: masked(what.kind, fields) };
}
