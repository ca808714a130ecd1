import { join } from "node:path";
import type { Changes, Evaluation, RenderedTree } from "../../../../../cli/verbs/check/evaluation";
import type { KubernetesApi } from "../../../../../cli/verbs/check/kubernetes/api";
import type { Rule } from "../../../../../cli/verbs/check/rule";
import { runCheck } from "../../../../../cli/verbs/check/run";
import type { ExpandedApplication, Expansion } from "../../../../../cli/tree/renderer";
import { formatFinding, type Finding } from "../../../../../model/findings";
import { CaseTree, fixtures } from "./case";
/** An Application that a set makes in dev. */
export const expanded = (name: string, set: string, collides?: string[]): ExpandedApplication => ({
  ...{ cluster: "dev", name, set, valueFiles: [], required: [], ...(collides && { collides }) },
  origins: [`gitops/addons/${name}/stages/dev/pin.yaml`],
  application: {
    ...{ apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name } },
    spec: {
      sources: [{ repoURL: "https://charts.example.com", chart: name }],
      ...{ destination: { namespace: name }, project: "platform" },
    },
  },
});

/** Findings of a rule for what a renderer would answer. */
export async function found(
  rule: Rule,
  answers: {
    applications?: ExpandedApplication[];
    /** Applications before the change. */
    before?: ExpandedApplication[];
    rendered?: RenderedTree["rendered"];
    changes?: Pick<Changes, "changes" | "sets"> & Partial<Pick<Changes, "documents">>;
  },
) {
  const { applications = [], before = [], rendered = [], changes } = answers;
  const expansion: Expansion = { applications, sets: [], errors: [], notEvaluated: [] };
  const evaluation = {
    applications: () => Promise.resolve(expansion),
    applicationsBefore: () => Promise.resolve(before),
    manifests: () => Promise.resolve({ rendered }),
    changes: () => Promise.resolve({ documents: new Map(), notEvaluated: [], failed: [], ...changes }),
  } as unknown as Evaluation;
  const tree = new CaseTree(join(fixtures, "none"));
  try {
    const api: KubernetesApi = { version: "1.36", definitions: {}, kinds: {}, deprecated: {} };
    const { findings } = await runCheck(
      tree.input({
        ...{ evaluation, kubernetes: () => Promise.resolve(api) },
        ...(changes && { base: { ...tree.base(), changed: new Set(["gitops/a.yaml"]) } }),
      }),
      [rule],
    );
    return findings.map((finding) => formatFinding(finding as Finding));
  } finally {
    tree.remove();
  }
}
