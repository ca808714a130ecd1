import { hiddenPath, type IgnoredDifference } from "../../../../model/ignore-differences";
import { lineAt, type Step } from "../../../tree/values/yaml";
import type { Rule } from "../rule";
import { pinsOf } from "../source/inventory";

export const hiddenDrift: Rule = {
  id: "hidden-drift",
  check(input, report) {
    for (const component of input.inventory.components.values()) {
      for (const { path, pin } of pinsOf(component)) {
        for (const [index, entry] of (pin?.ignoreDifferences ?? []).entries()) {
          for (const { at, is, fix } of tooMuch(entry)) {
            const line = lineAt(input.files.yaml(path), ["ignoreDifferences", index, ...at]) ?? 1;
            report.finding({ file: path, line }, `ignoreDifferences ${is}`, fix);
          }
        }
      }
    }
  },
};

interface TooMuch {
  at: Step[];
  is: string;
  fix: string;
}

const pods = ["template", "jobTemplate", "containers", "initContainers", "securityContext"];

/** Fields of webhook configurations that their controllers fill in. */
const filledIn = ["webhooks failurePolicy", "webhooks clientConfig caBundle"];

/** Whether a path hides an object, or what an object runs. */
function isBroad([top, ...rest]: string[]): boolean {
  return rest.length === 0 || (top === "spec" && rest.every((key) => key === "spec" || pods.includes(key)));
}

function* tooMuch(entry: IgnoredDifference): Generator<TooMuch> {
  const { kind, group, jsonPointers = [], jqPathExpressions = [], managedFieldsManagers = [] } = entry;
  if (group === "rbac.authorization.k8s.io") {
    const fix = "remove the entry, and have the chart write what the controller writes";
    yield {
      at: ["kind"],
      is: `hides changes of ${kind}: rights that somebody adds would stay, and no one would see them`,
      fix,
    };
    return;
  }
  for (const [index, manager] of managedFieldsManagers.entries()) {
    if (!manager.startsWith("argocd-")) continue;
    const is = `hides what ${manager} writes, which is all that comes from Git`;
    yield { at: ["managedFieldsManagers", index], is, fix: "name the controller that writes the field" };
  }
  const isAdmission = group === "admissionregistration.k8s.io";
  if (isAdmission && managedFieldsManagers.length > 0) {
    const is = `hides what others write into a ${kind}, which decides what the API server asks`;
    yield { at: ["managedFieldsManagers"], is, fix: "name the one field with jqPathExpressions" };
  }
  const paths = [
    ...jsonPointers.map((written, index) => ({ way: "jsonPointers" as const, written, index })),
    ...jqPathExpressions.map((written, index) => ({ way: "jqPathExpressions" as const, written, index })),
  ];
  for (const { way, written, index } of paths) {
    const keys = hiddenPath(way, written);
    const at = [way, index];
    if (isAdmission && !filledIn.includes(keys.join(" "))) {
      const is = `hides ${written} of ${kind}, which decides what the API server asks, and whom`;
      yield {
        at,
        is,
        fix: "only failurePolicy and clientConfig.caBundle of webhooks may be hidden: controllers fill them in",
      };
    } else if (!isAdmission && isBroad(keys)) {
      const is = `hides ${written} of ${kind}: Argo CD would neither see nor undo a change of it`;
      yield { at, is, fix: "name the one field that a controller changes" };
    }
  }
}
