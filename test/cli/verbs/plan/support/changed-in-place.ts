import { changed, found, policy, type DangerCase } from "./dangers";

/** Changes of objects that stay, where the API server or the object's data decides what may change. */
export const changedInPlace: DangerCase[] = [
  [
    "a selector",
    found([changed("Deployment", [{ path: 'spec.selector.matchLabels["a.b/c"]', from: "1", to: "2" }])]),
    [
      'immutable-field: Deployment orders/orders changes spec.selector.matchLabels["a.b/c"]: Kubernetes refuses the change, and the sync fails until somebody deletes the object',
    ],
  ],
  [
    "an immutable field of an object that is replaced",
    found([
      changed(
        "Job",
        [{ path: "spec.template.spec.x", from: 1, to: 2 }],
        {},
        {},
        { "argocd.argoproj.io/sync-options": "Force=true,Replace=true" },
      ),
    ]),
    [
      "object-recreated: Job orders/orders changes spec.template.spec.x: Argo CD deletes the object and creates it again at each sync",
    ],
  ],
  [
    "no field of a hook",
    found([changed("Job", [{ path: "spec.template.x", from: 1, to: 2 }], {}, {}, { "helm.sh/hook": "pre-upgrade" })]),
    [],
  ],
  [
    "no field of a StatefulSet that may change",
    found([changed("StatefulSet", [{ path: "spec.replicas", from: 1, to: 2 }])]),
    [],
  ],
  [
    "data of an immutable ConfigMap",
    found([changed("ConfigMap", [{ path: "data.a", from: "1", to: "2" }], { immutable: true }, { immutable: true })]),
    [
      "immutable-field: ConfigMap orders/orders changes data.a: Kubernetes refuses the change, and the sync fails until somebody deletes the object",
    ],
  ],
  [
    "a claim that shrinks or changes its class",
    found([
      changed("PersistentVolumeClaim", [
        { path: "spec.resources.requests.storage", from: "10Gi", to: "10G" },
        { path: "spec.storageClassName", from: "a", to: "b" },
      ]),
    ]),
    [
      "immutable-field: PersistentVolumeClaim orders/orders changes spec.resources.requests.storage and spec.storageClassName: Kubernetes refuses the change, and the sync fails until somebody deletes the object",
    ],
  ],
  [
    "a claim that is deleted to be changed",
    found(
      [
        changed(
          "PersistentVolumeClaim",
          [{ path: "spec.storageClassName", from: "a", to: "b" }],
          {},
          {},
          { "argocd.argoproj.io/sync-options": "Force=true" },
        ),
      ],
      { policies: [{ ...policy, syncOptions: ["Replace=true"] }] },
    ),
    [
      "volume-removed: PersistentVolumeClaim orders/orders is deleted and created again at each sync: its data may be lost",
    ],
  ],
  [
    "no claim that grows",
    found([changed("PersistentVolumeClaim", [{ path: "spec.resources.requests.storage", from: "900Mi", to: "1Gi" }])]),
    [],
  ],
  [
    "claims of a StatefulSet",
    found([changed("StatefulSet", [{ path: "spec.volumeClaimTemplates[0].spec.x", from: 1, to: 2 }])]),
    [
      "immutable-field: StatefulSet orders/orders changes spec.volumeClaimTemplates[0].spec.x: Kubernetes refuses the change, and the sync fails until somebody deletes the object",
    ],
  ],
  [
    "a definition that is a hook",
    found([
      changed("CustomResourceDefinition", [{ path: "spec.x", to: 1 }], {}, {}, { "helm.sh/hook": "pre-install" }),
    ]),
    [
      "crd-removed: CustomResourceDefinition orders/orders is deleted and created again at each sync: all its objects are deleted too",
    ],
  ],
  [
    "a version that a definition no longer serves",
    found([
      changed(
        "CustomResourceDefinition",
        [{ path: "spec.versions[v1alpha1].served", from: true, to: false }],
        { spec: { versions: [{ name: "v1alpha1" }, { name: "v1" }] } },
        { spec: { versions: [{ name: "v1alpha1", served: false }, { name: "v1" }] } },
      ),
    ]),
    ["crd-version-removed: CustomResourceDefinition orders/orders no longer serves v1alpha1"],
  ],
];
