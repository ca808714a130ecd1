import type { Rule } from "../rule";
import { builtOf, kustomizationIn } from "../source/kustomizations";

/** What the kustomization of a base may have: Kustomize does everything else after the overlays. */
const before = ["apiVersion", "kind", "metadata", "resources", "openapi", "crds"];

export const kustomizeOrder: Rule = {
  id: "kustomize-order",
  check(input, report) {
    for (const { role, directory, files, kustomizations } of builtOf(input)) {
      const path = kustomizationIn(input, directory);
      if (path === undefined) {
        const fix = "add kustomization.yaml, or remove the directory";
        report.finding({ file: files[0]!.path }, `${directory} has no kustomization`, fix);
        continue;
      }
      const root = kustomizations.find((one) => one.path === path);
      if (!root) continue;
      if (role === "base") {
        for (const key of Object.keys(root.value).filter((key) => !before.includes(key))) {
          const message = `Kustomize does ${key} of the base after all overlays, which cannot change it then`;
          const fix = `move it to ${directory}/app/kustomization.yaml with the resources, and write resources: [app] here`;
          report.finding(root.at([key]), message, fix);
        }
      } else if (root.value.kind !== "Component") {
        const is = root.value.kind === undefined ? "missing" : JSON.stringify(root.value.kind);
        const fix = "write apiVersion: kustomize.config.k8s.io/v1alpha1 and kind: Component";
        report.finding(root.at(["kind"]), `kind is ${is}, so this cannot be laid over a base`, fix);
      }
    }
  },
};
