import type { ResourceChange } from "../../../tree/renderer";
import { count, someOf } from "../../../terminal/table";
import { resourceName } from "../../../tree/resource";
import type { DangerId } from "../types";
import { danger, documentOf, isHook, isKept, type Found, type Policy, type Subject } from "./subject";

/** Resources and whole Applications that go away, and those that stay although nothing describes them any more. */
export function removalDangers(subject: Subject): Found[] {
  const removed = subject.change.resources.filter(
    (resource) => resource.change === "remove" && !isHook(documentOf(subject, resource)),
  );
  return subject.policies.flatMap((policy) =>
    subject.change.change === "remove"
      ? removedApplication(subject, policy, removed)
      : prunedResources(subject, policy, removed),
  );
}

function removedApplication(subject: Subject, policy: Policy, removed: ResourceChange[]): Found[] {
  const name = subject.change.application;
  const { clusters } = policy;
  const set = policy.set === undefined ? "" : ` of ApplicationSet ${policy.set.name}`;
  switch (policy.removal) {
    case "cluster-removed":
      return [
        danger(
          "cluster-removed",
          () =>
            `the files of ${someOf(clusters)} are gone: Argo CD there leaves ${name} as it is; destroy the stack before removing its files`,
          [],
          clusters,
        ),
      ];
    case "kept":
      return [
        danger(
          "application-kept",
          (at) =>
            `${name} is no longer made but stays${at} and syncs what is left of its files, because applicationsSync${set} is ${policy.set?.applicationsSync}; delete it by hand when it should go`,
          [],
          clusters,
        ),
      ];
    case "without-resources":
      return [
        danger(
          "application-removed",
          (at) =>
            `Application ${name} is deleted${at} and what it deployed stays unmanaged, because it has no finalizer of Argo CD (preserveResourcesOnDeletion${set})`,
          removed,
          clusters,
        ),
      ];
    case "with-resources": {
      const kept = removed.filter((resource) => isKept(documentOf(subject, resource), "Delete"));
      const gone = removed.filter((resource) => !kept.includes(resource));
      // Nothing is known of a chart that is not at hand, so not even that it is empty.
      const resources = removed.length === 0 ? "everything it deployed" : `its ${count(gone.length, "resource")}`;
      return [
        danger("application-removed", (at) => `Application ${name} is deleted${at} with ${resources}`, gone, clusters),
        ...precious(gone, clusters, "deleted with the Application"),
        ...(kept.length === 0 ? [] : [leftBehind(kept, clusters)]),
      ];
    }
  }
}

function prunedResources(subject: Subject, policy: Policy, removed: ResourceChange[]): Found[] {
  if (removed.length === 0) return [];
  const { clusters } = policy;
  const kept = policy.prunes ? removed.filter((resource) => isKept(documentOf(subject, resource), "Prune")) : removed;
  const gone = removed.filter((resource) => !kept.includes(resource));
  const worst = precious(gone, clusters, "pruned");
  const named = new Set(worst.flatMap(({ resources }) => resources));
  const plain = gone.filter((resource) => !named.has(resourceName(resource)));
  return [
    ...worst,
    ...(plain.length === 0
      ? []
      : [danger("prune", `Argo CD deletes ${someOf(plain.map(resourceName))}`, plain, clusters)]),
    ...(kept.length === 0 ? [] : [leftBehind(kept, clusters)]),
  ];
}

function leftBehind(kept: ResourceChange[], clusters: readonly string[]): Found {
  const verb = kept.length === 1 ? "stays" : "stay";
  return danger(
    "left-behind",
    (at) => `${someOf(kept.map(resourceName))} ${verb} in the cluster${at} and nothing manages it any more`,
    kept,
    clusters,
  );
}

/** Kinds whose end cannot be undone by bringing the file back. */
const preciousKinds: readonly { id: DangerId; kinds: readonly string[]; loses: string }[] = [
  { id: "volume-removed", kinds: ["PersistentVolumeClaim", "PersistentVolume"], loses: "its data may be lost" },
  { id: "crd-removed", kinds: ["CustomResourceDefinition"], loses: "all its objects are deleted too" },
  { id: "namespace-removed", kinds: ["Namespace"], loses: "everything in it is deleted too" },
  {
    id: "stateful-set-removed",
    kinds: ["StatefulSet"],
    loses: "its pods stop, its claims stay unless it says otherwise",
  },
];

function precious(gone: readonly ResourceChange[], clusters: readonly string[], how: string): Found[] {
  return preciousKinds.flatMap(({ id, kinds, loses }) => {
    const found = gone.filter(({ kind }) => kinds.includes(kind));
    if (found.length === 0) return [];
    const verb = found.length === 1 ? "is" : "are";
    const say = (at: string) => `${someOf(found.map(resourceName))} ${verb} ${how}${at}: ${loses}`;
    return [danger(id, say, found, clusters)];
  });
}
