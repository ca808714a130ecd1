import type { ApplicationChange } from "../renderer";

/** Whether nothing differs except where value files lie: the last step of a component that is new in its stage. */
export function isPathOnly({ change, spec = [], resources }: ApplicationChange): boolean {
  return (
    change === "change" &&
    resources.length === 0 &&
    spec.length > 0 &&
    spec.every(({ path }) => /valueFiles/.test(path))
  );
}
