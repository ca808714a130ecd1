import type { Group } from "../../../model/layers";
import { basePath } from "../../../model/overlays";
import type { Image } from "../../../model/pin";
import { emptyOverlay } from "../../promotion/overlays";
import { toYaml } from "../../tree/yaml-edit";

/** The files of a component that Kustomize builds, by path: a base with one workload, and an overlay of the first stage. */
export function overlaidFiles(
  group: Group,
  name: string,
  version: string,
  stage: string,
  { repository = "" }: Image,
): [path: string, text: string][] {
  const base = basePath(group, name, version);
  // One object each: the same one twice would be an alias in YAML.
  const labels = () => ({ "app.kubernetes.io/name": name });
  const deployment = {
    ...{ apiVersion: "apps/v1", kind: "Deployment" },
    metadata: { name, labels: labels() },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels() },
      template: {
        metadata: { labels: labels() },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              ...{ name, image: repository },
              resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
              securityContext: {
                ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  };
  const first =
    "# Only resources: everything else would be done after the overlays.\nresources:\n  - deployment.yaml\n";
  const patch = `# What ${stage} has instead of the base, such as:\n#\n# patches:\n#   - path: replicas.yaml\n`;
  return [
    [`${base}/kustomization.yaml`, first],
    [`${base}/deployment.yaml`, `# The pin says which tag or digest.\n${toYaml(deployment)}`],
    [`gitops/${group}/${name}/stages/${stage}/overlay/kustomization.yaml`, emptyOverlay(stage) + patch],
  ];
}
