const component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n";

/** The directory of an app that Kustomize builds. */
export const shop = "gitops/apps/shop";

/** An overlay that sets the replicas of that app. */
export const replicas = (count: number): string =>
  `${component}patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: { name: shop }\n      spec:\n        replicas: ${count}\n`;

export const noOverlay = (stage: string): string => `${component}metadata: { name: ${stage} }\n`;

export const pinOf = (version: string, tag: string): string =>
  `component: shop\nkustomize: true\nversion: ${version}\nnamespace: guestbook\nrequires: base\nteam: storefront\nimage:\n  repository: registry.example.com/shop\n  tag: ${tag}\n`;

const deployment = (cpu: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 1
  selector: { matchLabels: { app: shop } }
  template:
    metadata: { labels: { app: shop } }
    spec:
      containers:
        - name: shop
          image: registry.example.com/shop
          resources: { requests: { cpu: ${cpu} } }
`;

/** The files of that app: two versions of its base, and pins with an overlay in some stages. */
export function overlaid(...stages: string[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [version, cpu] of [
    ["1.0.0", "10m"],
    ["1.1.0", "20m"],
  ] as const) {
    files[`${shop}/base/${version}/kustomization.yaml`] = "resources: [deployment.yaml]\n";
    files[`${shop}/base/${version}/deployment.yaml`] = deployment(cpu);
  }
  for (const stage of stages) {
    files[`${shop}/stages/${stage}/pin.yaml`] = pinOf("1.0.0", "1.0.0");
    files[`${shop}/stages/${stage}/overlay/kustomization.yaml`] = noOverlay(stage);
  }
  return files;
}
