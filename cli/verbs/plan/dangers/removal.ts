import { asStored, whenCascaded, whenPruned, type ArgoCdObject, type Fate } from "../../../../model/argocd";
import { changedResources, type ChangedResource } from "../../../tree/changes/changed-resources";
import { resourceName } from "../../../tree/resource";
import { isMissed, preciousLosses, prunedLosses } from "../../../tree/changes/precious";
import type { ResourceChange } from "../../../tree/renderer";
import { count, someOf } from "../../../terminal/table";
import { observe, type Observation } from "../../../tree/changes/observation";
import type { Policy, Subject } from "./subject";

/** Resources and whole Applications that are removed, and those that stay although nothing describes them any more. */
export function removalDangers({ change, documents, policies }: Subject): Observation[] {
  const removed = [...changedResources([change], documents)].filter(({ resource }) => resource.change === "remove");
  return policies.flatMap((policy) =>
    change.change === "remove"
      ? removedApplication(change.application, policy, removed)
      : change.emptied && policy.prunes && !policy.allowsEmpty
        ? emptiedApplication(change.application, policy, removed)
        : prunedResources(policy, removed),
  );
}

interface Fates {
  deleted: ResourceChange[];
  kept: ResourceChange[];
  /** Those that Argo CD asks about before it does anything. */
  asked: ResourceChange[];
}

function fatesOf({ asks }: Policy, removed: readonly ChangedResource[], fateOf: (object: ArgoCdObject) => Fate): Fates {
  // Each sync makes another object where the name is generated, and leaves the earlier ones as they are.
  const named = removed.filter(({ before }) => before === undefined || before.metadata.name !== undefined);
  const fates = named.map(({ resource, before }) => {
    const object: ArgoCdObject = before ?? resource;
    return { resource, ...fateOf(asks ? asStored(object) : object) };
  });
  const those = (test: (fate: Fate) => boolean) => fates.filter(test).map(({ resource }) => resource);
  return {
    deleted: those(({ outcome }) => outcome === "deleted"),
    kept: those(({ outcome }) => outcome === "kept"),
    asked: those(({ waits }) => waits),
  };
}

function removedApplication(name: string, policy: Policy, removed: readonly ChangedResource[]): Observation[] {
  const { clusters } = policy;
  const set = policy.set === undefined ? "" : ` of ApplicationSet ${policy.set.name}`;
  const { deleted, kept, asked } = fatesOf(policy, removed, (object) => whenCascaded(object, policy.syncOptions));
  switch (policy.removal) {
    case "cluster-removed":
      return [
        observe(
          "cluster-removed",
          () =>
            `the files of ${someOf(clusters)} are gone: Argo CD there leaves ${name} as it is; destroy the stack before removing its files`,
          [],
          clusters,
        ),
      ];
    case "kept":
      return [
        observe(
          "application-kept",
          (at) =>
            `${name} is no longer made but stays${at}${policy.missing === undefined ? " and syncs what is left of its files" : ` as it is (it does not render without ${policy.missing})`}, because applicationsSync${set} is ${policy.set?.applicationsSync}; delete it by hand when it should go`,
          [],
          clusters,
        ),
      ];
    case "without-resources":
      return [
        observe(
          "application-removed",
          (at) =>
            `Application ${name} is deleted${at} and what it deployed stays unmanaged, because it has no finalizer of Argo CD (preserveResourcesOnDeletion${set})`,
          // Without a cascade, what it would have deleted is left behind too.
          [...deleted, ...kept],
          clusters,
        ),
      ];
    case "with-resources": {
      // Nothing is known about a missing chart, not even that it renders nothing.
      const resources = removed.length === 0 ? "everything it deployed" : `its ${count(deleted.length, "resource")}`;
      return [
        observe(
          "application-removed",
          (at) => `Application ${name} is deleted${at} with ${resources}`,
          deleted,
          clusters,
        ),
        ...preciousLosses(deleted, "deleted with the Application", clusters),
        ...leftBehind(kept, clusters),
        ...waiting(`the deletion of Application ${name}`, "Delete=confirm", asked, clusters),
      ];
    }
  }
}

/** Source: argo-cd, controller/appcontroller.go (autoSync). */
function emptiedApplication(name: string, { clusters }: Policy, removed: readonly ChangedResource[]): Observation[] {
  const resources = removed.map(({ resource }) => resource);
  const say = (at: string) =>
    `${name} makes nothing any more${at}: Argo CD does not sync it, and leaves ${count(resources.length, "resource")} as before`;
  return [observe("application-emptied", say, resources, clusters)];
}

function prunedResources(policy: Policy, removed: readonly ChangedResource[]): Observation[] {
  const { prunes, syncOptions, clusters } = policy;
  const { deleted, kept, asked } = fatesOf(policy, removed, (object) => whenPruned(object, prunes, syncOptions));
  const plain = deleted.filter((resource) => !isMissed(resource));
  return [
    ...prunedLosses(deleted, clusters),
    ...(plain.length === 0
      ? []
      : [observe("prune", `Argo CD deletes ${someOf(plain.map(resourceName))}`, plain, clusters)]),
    ...leftBehind(kept, clusters),
    ...waiting("the sync", "Prune=confirm", asked, clusters),
  ];
}

function leftBehind(kept: ResourceChange[], clusters: readonly string[]): Observation[] {
  if (kept.length === 0) return [];
  const verb = kept.length === 1 ? "stays" : "stay";
  const say = (at: string) =>
    `${someOf(kept.map(resourceName))} ${verb} in the cluster${at} and nothing manages it any more`;
  return [observe("left-behind", say, kept, clusters)];
}

function waiting(what: string, option: string, asked: ResourceChange[], clusters: readonly string[]): Observation[] {
  if (asked.length === 0) return [];
  const verb = asked.length === 1 ? "has" : "have";
  const say = (at: string) =>
    `${what} waits${at} until somebody confirms it, because ${someOf(asked.map(resourceName))} ${verb} the sync option ${option}`;
  return [observe("confirmation-needed", say, asked, clusters)];
}
