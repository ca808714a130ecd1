import { helmHookAnnotation, helmOnlyHooks, helmTests, hookAnnotation } from "../../../../model/argocd";
import { sourceOf } from "../evaluation";
import type { Rule } from "../rule";
import { lineOfText } from "../source/files";

export const unsupportedHook: Rule = {
  id: "unsupported-hook",
  needs: "manifests",
  async check({ files, evaluated }, report) {
    for (const one of (await evaluated.manifests()).rendered) {
      for (const { kind, name, source, object } of one.unapplied) {
        const { [hookAnnotation]: argo, [helmHookAnnotation]: helm = "" } = object.metadata.annotations ?? {};
        const hooks = helm.split(",").map((hook) => hook.trim());
        const unsupported = hooks.filter((hook) => helmOnlyHooks.includes(hook));
        if (argo !== undefined || unsupported.length === 0 || hooks.some((hook) => helmTests.includes(hook))) continue;
        const at = lineOfText(files, sourceOf(files, one, source), helm);
        const message = `${kind} ${name} of ${one.application} is a ${unsupported.join(" and ")} hook, which Argo CD never runs`;
        report.finding(at, message, "use an Argo CD hook, or do by hand what this one would do");
      }
    }
  },
};
