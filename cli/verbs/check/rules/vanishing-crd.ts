import type { KubernetesObject, ResourceChange } from "../../../tree/renderer";
import { changeAt, nameClusters, type Changes } from "../evaluation";
import type { Rule } from "../rule";

export const vanishingCrd: Rule = {
  id: "vanishing-crd",
  title: "A CustomResourceDefinition, or a version of one, is gone.",
  why: "With a definition Kubernetes deletes every object of its kind, in all namespaces, whoever made them.",
  fix: "Keep the definition (Prune=false, or the chart's own switch), and remove it by hand when nothing uses it.",
  severity: "error",
  needs: "changes",
  async check(input, report) {
    const { changes, documents } = await input.changes();
    const expansion = await input.evaluated.applications();
    for (const change of changes) {
      for (const resource of change.resources) {
        const what = resource.kind === "CustomResourceDefinition" ? lost(resource, documents) : undefined;
        if (what === undefined) continue;
        const message = `${what} is gone from ${nameClusters(change.clusters)}`;
        report.finding(
          changeAt(expansion, change),
          message,
          "keep it until nothing uses it: everything of its kind goes with it",
        );
      }
    }
  },
};

type Documents = Changes["documents"];

function lost({ name, change, before, after }: ResourceChange, documents: Documents): string | undefined {
  const old = documents.get(before ?? "");
  if (change === "remove") return old && isKept(old) ? undefined : `the definition ${name}`;
  if (change === "add" || !old) return undefined;
  const left = versionsOf(documents.get(after ?? ""));
  const gone = versionsOf(old).filter((version) => !left.includes(version));
  return gone.length === 0 ? undefined : `the version ${gone.join(", ")} of the definition ${name}`;
}

/** Whether Argo CD leaves the definition in the cluster when it is no longer in Git. */
function isKept({ metadata: { annotations = {} } }: KubernetesObject): boolean {
  const options = (annotations["argocd.argoproj.io/sync-options"] ?? "").split(",").map((option) => option.trim());
  return options.includes("Prune=false");
}

function versionsOf(object: KubernetesObject | undefined): string[] {
  const { versions = [] } = (object?.spec ?? {}) as { versions?: { name: string; served?: boolean }[] };
  return versions.filter(({ served }) => served !== false).map(({ name }) => name);
}
