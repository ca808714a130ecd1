import { sourceOf } from "../evaluation";
import type { Rule } from "../rule";

export const repeatedResource: Rule = {
  id: "repeated-resource",
  needs: "manifests",
  async check(input, report) {
    for (const one of (await input.evaluated.manifests()).rendered) {
      for (const { kind, namespace, name, sources } of one.repeated) {
        const what = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
        const [first, last] = [sources[0], sources.at(-1)];
        const by = new Set(sources).size === 1 ? `by ${first}` : `by ${[...new Set(sources)].join(" and ")}`;
        const message = `${one.application} makes ${what} ${sources.length} times (${by}), and only the last one, of ${last}, is applied`;
        report.finding(sourceOf(input.files, one, first), message, "let one template make it, or give it two names");
      }
    }
  },
};
