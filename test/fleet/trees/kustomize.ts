import { stringify } from "yaml";
import type { Random } from "../random";
import type { Files } from "./chart";

const base = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { tier: front } }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx:1.0
          args: [--level, "1"]
          envFrom: [{ configMapRef: { name: settings } }, { secretRef: { name: secrets } }]
        - { name: side, image: "registry.example.com/side@sha256:${"0".repeat(64)}" }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;

const more = `apiVersion: v1
kind: ConfigMap
metadata: { name: plain, annotations: { a: "1" } }
data: { host: web, octal: "0755", text: "two\\nlines" }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: web }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: web }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: web, namespace: default }]
`;

const patches = [
  { target: { kind: "Deployment" }, patch: "- { op: replace, path: /spec/replicas, value: 3 }\n" },
  {
    target: { kind: "Deployment", name: "web" },
    patch: "- { op: add, path: /metadata/annotations, value: { patched: 'yes' } }\n",
  },
  {
    patch:
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers: [{ name: web, image: other:2, args: null }]\n",
  },
  { patch: "apiVersion: v1\nkind: Service\nmetadata: { name: web }\n$patch: delete\n" },
  { target: { labelSelector: "tier=front" }, patch: "- { op: test, path: /spec/replicas, value: 1 }\n" },
  { path: "patch.yaml" },
];

/** Writes a base, a component and an overlay that uses them; returns the overlay's directory. */
export function randomKustomization(random: Random, files: Files, directory: string): string {
  const yaml = (path: string, content: object) =>
    files.set(`${directory}/${path}`, stringify(content, { version: "1.1" }));
  files.set(`${directory}/base/web.yaml`, base);
  if (random.chance(0.5)) files.set(`${directory}/base/more.yaml`, more);
  yaml(`base/${random.pick(["kustomization.yaml", "kustomization.yml", "Kustomization"])}`, {
    resources: ["web.yaml", ...(files.has(`${directory}/base/more.yaml`) ? ["more.yaml"] : [])],
    configMapGenerator: [{ name: "settings", literals: ["a=1", "b=two words"] }],
    secretGenerator: [{ name: "secrets", literals: ["password=x"], type: "Opaque" }],
    ...(random.chance(0.3) ? { commonLabels: { app: "web", from: "base" } } : {}),
  });
  yaml("component/kustomization.yaml", {
    apiVersion: "kustomize.config.k8s.io/v1alpha1",
    kind: "Component",
    patches: [{ target: { kind: "Deployment" }, patch: "- { op: add, path: /spec/minReadySeconds, value: 5 }\n" }],
    ...(random.chance(0.5) ? { configMapGenerator: [{ name: "settings", behavior: "merge", literals: ["c=3"] }] } : {}),
  });
  files.set(
    `${directory}/overlay/patch.yaml`,
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { revisionHistoryLimit: 2 }\n",
  );
  files.set(`${directory}/overlay/app.properties`, "x=1\ny=2\n");
  files.set(`${directory}/overlay/.env`, "FROM_ENV=1\n");
  yaml("overlay/kustomization.yaml", {
    ...(random.chance(0.3) ? { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" } : {}),
    resources: ["../base"],
    ...(random.chance(0.5) ? { components: ["../component"] } : {}),
    ...(random.chance(0.5) ? { namePrefix: "pre-" } : {}),
    ...(random.chance(0.3) ? { nameSuffix: "-suf" } : {}),
    ...(random.chance(0.4) ? { namespace: "overlaid" } : {}),
    ...(random.chance(0.3) ? { commonAnnotations: { owner: "team", number: "1" } } : {}),
    ...(random.chance(0.4)
      ? {
          labels: [{ pairs: { env: "x" }, includeSelectors: random.chance(0.5), includeTemplates: random.chance(0.5) }],
        }
      : {}),
    ...(random.chance(0.5) ? { images: [{ name: "nginx", newName: "mirror.example.com/nginx", newTag: "1.27" }] } : {}),
    ...(random.chance(0.4) ? { replicas: [{ name: "web", count: 4 }] } : {}),
    ...(random.chance(0.6) ? { patches: random.some(patches, random.between(1, 3)) } : {}),
    ...(random.chance(0.5)
      ? {
          configMapGenerator: [
            { name: "settings", behavior: random.pick(["merge", "replace"]), files: ["app.properties"] },
            { name: "env", envs: [".env"] },
          ],
        }
      : {}),
    ...(random.chance(0.3)
      ? {
          generatorOptions: {
            disableNameSuffixHash: random.chance(0.5),
            labels: { generated: "yes" },
            annotations: { note: "x" },
          },
        }
      : {}),
    ...(random.chance(0.3)
      ? {
          replacements: [
            {
              source: { kind: "Deployment", name: "web", fieldPath: "spec.replicas" },
              targets: [
                {
                  select: { kind: "Service" },
                  fieldPaths: ["metadata.annotations.replicas"],
                  options: { create: true },
                },
              ],
            },
          ],
        }
      : {}),
  });
  return `${directory}/overlay`;
}

/** What an Application may say about a kustomization besides where it is. */
export function randomKustomizeOptions(random: Random): object | undefined {
  if (random.chance(0.4)) return undefined;
  return {
    ...(random.chance(0.3) ? { namePrefix: "app-" } : {}),
    ...(random.chance(0.2) ? { nameSuffix: "-app" } : {}),
    ...(random.chance(0.4)
      ? {
          images: random.some(
            ["nginx:2.0", "nginx=other.example.com/nginx", "nginx=other:3", "nginx@sha256:" + "1".repeat(64)],
            1,
          ),
        }
      : {}),
    ...(random.chance(0.3) ? { replicas: [{ name: "web", count: random.pick([2, "5"]) }] } : {}),
    ...(random.chance(0.3)
      ? {
          commonLabels: { team: "$ARGOCD_APP_NAME" },
          ...(random.chance(0.3) ? { labelWithoutSelector: true, labelIncludeTemplates: random.chance(0.5) } : {}),
        }
      : {}),
    ...(random.chance(0.3)
      ? { commonAnnotations: { app: "$ARGOCD_APP_NAME" }, commonAnnotationsEnvsubst: random.chance(0.5) }
      : {}),
    ...(random.chance(0.3) ? { namespace: "by-app" } : {}),
    ...(random.chance(0.3)
      ? {
          patches: [
            { target: { kind: "Deployment" }, patch: "- { op: add, path: /metadata/annotations/app, value: x }\n" },
          ].slice(0, random.between(0, 1)),
        }
      : {}),
    ...(random.chance(0.2) ? { components: ["../component"] } : {}),
    ...(random.chance(0.1) ? { components: ["../none"], ignoreMissingComponents: true } : {}),
  };
}
