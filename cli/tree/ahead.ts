import { compare, valid } from "semver";
import type { Pin } from "../../model/pin";
import type { Step } from "./values/yaml";

/** A version of a pin that is higher than another pin's. */
export interface Ahead {
  key: string;
  /** The higher one, then the lower one. */
  found: [string, string];
  at: Step[];
}

/** Versions of a pin that are higher than those of the one before it; versions that cannot be compared are not judged. */
export function aheadOf(pin: Pin, before: Pin): Ahead[] {
  const found: Ahead[] = [];
  const sameChart = pin.chart === before.chart && pin.repo === before.repo;
  if (sameChart && isHigher(pin.version, before.version)) {
    found.push({ key: "chart version", found: [pin.version, before.version], at: ["version"] });
  }
  const [tag, tagBefore] = [pin.image?.tag, before.image?.tag];
  const sameImage = pin.image?.repository === before.image?.repository;
  if (sameImage && tag !== undefined && tagBefore !== undefined && isHigher(tag, tagBefore)) {
    found.push({ key: "image tag", found: [tag, tagBefore], at: ["image", "tag"] });
  }
  return found;
}

/** Whether a pin in place of another one is a way back: something in it is lower. */
export function takesBack(pin: Pin, before: Pin): boolean {
  return aheadOf(before, pin).length > 0;
}

function isHigher(a: string, b: string): boolean {
  return valid(a) !== null && valid(b) !== null && compare(a, b) > 0;
}
