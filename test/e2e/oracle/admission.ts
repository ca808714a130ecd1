import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { ClusterInput } from "../../../cli/tree/renderer";
import { requiredLabels } from "../../../model/admission/applications";
import { inClusterServer } from "../../../model/root";
import { fixtures } from "../../support/paths";

/** What one Application changes of one that admission lets in. */
interface Case {
  name: string;
  labels?: object;
  annotations?: object;
  destination?: object;
  project?: string;
  /** What its source has besides. */
  source?: object;
  helm?: object;
  spec?: { sources?: object[] };
}

const file = join(fixtures, "oracle", "admission.yaml");

/**
 * One ApplicationSet for each case, as `components` of the bootstrap chart would be if somebody changed it.
 * @param fill puts the repository and its revision into a text
 */
export function admissionSets({ secrets, scope }: ClusterInput, fill: (text: string) => string): object[] {
  const { repoURL, revision: targetRevision } = secrets[0]!.annotations!;
  const cases = parse(fill(readFileSync(file, "utf8"))) as Case[];
  const sourceOf = (name: string, helm?: object, source?: object) => ({
    ...{ repoURL, targetRevision, path: "gitops/charts/web-service/1.1.0" },
    helm: { valueFiles: [`/gitops/apps/${name}/values.yaml`], ...helm },
    ...source,
  });
  return cases.map(({ name, labels, annotations, destination, project = "oracle", source, helm, spec }) => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "ApplicationSet",
    metadata: { name: `set-${name}`, namespace: "argocd" },
    spec: {
      goTemplate: true,
      generators: [{ list: { elements: [{}] } }],
      template: {
        metadata: { name, labels: { ...requiredLabels(scope!, name), ...labels }, ...(annotations && { annotations }) },
        spec: {
          project,
          ...(spec?.sources ? {} : { source: sourceOf(name, helm, source) }),
          destination: destination ?? { server: inClusterServer, namespace: "oracle" },
          ...spec,
        },
      },
    },
  }));
}
