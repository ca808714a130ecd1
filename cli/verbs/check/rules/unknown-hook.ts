import {
  argoHooks,
  helmHookAnnotation,
  helmHooks,
  helmOnlyHooks,
  helmTests,
  hookAnnotation,
} from "../../../../model/argocd";
import { nearestName } from "../../../../model/names";
import { sourceOf } from "../evaluation";
import type { Rule } from "../rule";
import { lineOfText } from "../source/files";

const known: Readonly<Record<string, readonly string[]>> = {
  [hookAnnotation]: argoHooks,
  [helmHookAnnotation]: [...helmHooks, ...helmTests, ...helmOnlyHooks],
};
/** The hooks that have an effect. */
const offered: Readonly<Record<string, readonly string[]>> = {
  [hookAnnotation]: argoHooks,
  [helmHookAnnotation]: helmHooks,
};

export const unknownHook: Rule = {
  id: "unknown-hook",
  needs: "manifests",
  async check({ files, evaluated }, report) {
    for (const one of (await evaluated.manifests()).rendered) {
      const left = new Set(one.unapplied);
      for (const manifest of [...one.unapplied, ...one.manifests]) {
        const { kind, name, source, object } = manifest;
        const annotations = object.metadata.annotations ?? {};
        for (const [annotation, names] of Object.entries(known)) {
          for (const hook of unknownIn(annotations[annotation], names)) {
            const what = `${kind} ${name} of ${one.application} has the hook "${hook}", which Argo CD does not know`;
            const effect = left.has(manifest) ? "so that it is never applied" : "and only the others count";
            const at = lineOfText(files, sourceOf(files, one, source), hook === "" ? annotation : hook);
            report.finding(at, `${what}, ${effect}`, offer(hook, offered[annotation]!));
          }
        }
      }
      for (const { source, kind, name, hook } of one.dropped) {
        if (hook.split(",").every((item) => helmTests.includes(item.trim()))) continue;
        const message = `Helm leaves out ${kind} ${name} of ${one.application}: it does not know the hook "${hook}"`;
        report.finding(
          lineOfText(files, sourceOf(files, one, source), hook),
          message,
          offer(hook, offered[helmHookAnnotation]!),
        );
      }
    }
  },
};

/** The items of a list that are not hooks; an annotation without items gives one empty item. */
function unknownIn(value: string | undefined, names: readonly string[]): string[] {
  if (value === undefined) return [];
  const items = value.split(",").map((item) => item.trim());
  const said = items.filter((item) => item !== "");
  return said.length === 0 ? [""] : [...new Set(said.filter((item) => !names.includes(item)))];
}

function offer(hook: string, names: readonly string[]): string {
  const near = nearestName(hook, names);
  return `${near === undefined ? "use one" : `did you mean "${near}"? Use one`} of: ${names.join(", ")}`;
}
