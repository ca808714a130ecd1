import { posix } from "node:path";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { builtOf, kustomizationIn, type Built } from "../source/kustomizations";

export const unnamedManifest: Rule = {
  id: "unnamed-manifest",
  check(input, report) {
    for (const built of builtOf(input)) {
      const root = kustomizationIn(input, built.directory);
      // Without one, kustomize-order says so.
      if (root === undefined) continue;
      const named = namedFrom(input, built, root);
      for (const { path } of built.files) {
        if (named.has(path) || /(^|\/)README\.md$/.test(path)) continue;
        const fix = `name it in ${root}, or in a kustomization that is named there; or remove it`;
        report.finding({ file: path }, "no kustomization names this file", fix);
      }
    }
  },
};

/** All files that a kustomization names, and those that it names name. */
function namedFrom(input: CheckInput, { kustomizations }: Built, root: string): Set<string> {
  const named = new Set<string>();
  const add = (path: string): void => {
    if (named.has(path)) return;
    named.add(path);
    const kustomization = kustomizations.find((one) => one.path === path);
    for (const { name } of kustomization?.references ?? []) {
      const target = posix.join(kustomization!.directory, name);
      add(kustomizationIn(input, target) ?? target);
    }
  };
  add(root);
  return named;
}
